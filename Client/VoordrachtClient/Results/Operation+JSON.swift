import ChangeLog
public import Nominations
import OfflineReplica

extension ChangeLog.Operation {
    /// What scripts read of an operation; the keys are the same for all.
    var json: JSON {
        [
            "operation": .string(verb), "record": .string(Reference.text(record)),
            "field": JSON(field?.name), "value": written,
            "settling": .array(settling.map(\.json)),
        ]
    }

    /// What it does, by its code.
    public var verb: String {
        switch self {
        case .create: "create"
        case .remove: "remove"
        case .restore: "restore"
        case .write: "write"
        case .resolve: "resolve"
        case .insert: "insert"
        case .take: "take"
        case .edit: "edit"
        case .accept: "accept"
        }
    }

    private var written: JSON {
        switch self {
        case .create(_, let kind, let parent, _):
            ["kind": .string(kind.name), "parent": JSON(parent.map { Reference.text($0) })]
        case .write(_, _, _, let value), .insert(_, _, let value), .take(_, _, let value): value.json
        case .resolve(_, _, _, .value(let value), _): value.json
        case .resolve(_, _, _, .keep(let change), _): change.json
        case .edit: .array(writtenEdits.map(\.json))
        case .remove, .restore, .accept: .null
        }
    }
}

extension WrittenEdit {
    fileprivate var json: JSON {
        ["index": JSON(index), "deleted": JSON(deleted), "text": .string(text)]
    }
}

extension ChangeLog.Operation {
    /// The operation on one line, for people.
    ///
    /// - Parameter word: gives the words for the code of what is done, and for that of a kind.
    public func text(in language: Language, _ word: (String) -> String) -> String {
        var words = [word(verb)]
        if let field { words.append(field.name) }
        switch self {
        case .write(_, _, _, let value), .insert(_, _, let value), .take(_, _, let value),
            .resolve(_, _, _, .value(let value), _):
            words.append(value.plain(in: language))
        case .create(_, let kind, _, _): words.append(word(kind.name))
        case .edit: words += writtenEdits.map { $0.text.isEmpty ? "−\($0.deleted)" : "+\($0.text)" }
        case .resolve(_, _, _, .keep(let change), _): words.append("\(change)")
        case .remove, .restore, .accept: break
        }
        return words.joined(separator: " ") + " (\(Reference.text(record)))"
    }
}
