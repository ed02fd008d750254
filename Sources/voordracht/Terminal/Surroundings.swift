import Foundation
import VoordrachtClient

/// What the environment says where no option does.
enum Surroundings {
    /// `LC_ALL`, `LC_MESSAGES` and `LANG` in that order, as POSIX has it; English unless it is Dutch.
    static var language: Language {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
        let locale = names.lazy.compactMap { variable($0) }.first ?? ""
        return locale.hasPrefix("nl") ? .dutch : .english
    }

    /// The folder of the replica: of this program's own variable, else the place of user data after the
    /// XDG Base Directory Specification.
    static var home: String {
        if let home = variable("VOORDRACHT_HOME") { return home }
        let data = variable("XDG_DATA_HOME") ?? (variable("HOME") ?? NSHomeDirectory()) + "/.local/share"
        return data + "/voordracht"
    }

    static var hostName: String { ProcessInfo.processInfo.hostName }

    /// nil when it is unset or empty.
    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
