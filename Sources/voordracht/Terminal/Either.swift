import VoordrachtClient

/// What a command gives that can do one of two things.
enum Either<First: Presentable, Second: Presentable>: Presentable {
    case first(First)
    case second(Second)

    var json: JSON {
        switch self {
        case .first(let outcome): outcome.json
        case .second(let outcome): outcome.json
        }
    }

    var isDone: Bool {
        switch self {
        case .first(let outcome): outcome.isDone
        case .second(let outcome): outcome.isDone
        }
    }

    func lines(_ language: Language) -> [String] {
        switch self {
        case .first(let outcome): outcome.lines(language)
        case .second(let outcome): outcome.lines(language)
        }
    }
}
