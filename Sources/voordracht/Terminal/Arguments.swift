import VoordrachtClient

/// The arguments as they were given. Swift's own list has bad UTF-8 mended already, and an edit would
/// record the mended letters.
enum Arguments {
    /// nil when one of them is not UTF-8.
    static func read() -> [String]? {
        var arguments: [String] = []
        for index in 1..<max(Int(CommandLine.argc), 1) {
            guard let pointer = CommandLine.unsafeArgv[index],
                let argument = String(validatingCString: pointer)
            else { return nil }
            arguments.append(argument)
        }
        return arguments
    }

    /// What `--language` says, where the arguments as a whole cannot be understood.
    static func language(in arguments: [String]) -> Language? {
        let option = "--language"
        if let joined = arguments.last(where: { $0.hasPrefix(option + "=") }) {
            return Language(rawValue: String(joined.dropFirst(option.count + 1)))
        }
        guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else { return nil }
        return Language(rawValue: arguments[index + 1])
    }
}
