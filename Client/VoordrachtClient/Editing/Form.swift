import ChangeLog
import OfflineReplica

/// A record that a person has before them, with the view that shows it.
///
/// Its edits are made on that view, whatever arrived since: what a colleague wrote meanwhile is never
/// taken for seen.
public struct Form: Sendable {
    /// What it shows.
    public let details: RecordDetails
    /// The view that it was filled from; the form's own edits come into it.
    public private(set) var view: View
    private let voordracht: Voordracht

    init(_ details: RecordDetails, _ view: View, _ voordracht: Voordracht) {
        self.details = details
        self.view = view
        self.voordracht = voordracht
    }

    public var record: RecordID { details.item.record }

    /// What a field showed when the form was opened.
    public subscript(field: String) -> Value? { details[field]?.value }

    /// Sets a field that is written whole.
    @discardableResult
    public mutating func set(_ field: String, to value: String) async throws -> Edit {
        note(try await voordracht.set(field, of: record, to: value, on: view))
    }

    /// Makes a text read as given.
    @discardableResult
    public mutating func write(_ field: String, _ text: String) async throws -> Edit {
        note(try await voordracht.write(field, of: record, text, on: view))
    }

    /// Puts a value into a set.
    @discardableResult
    public mutating func add(_ value: String, to field: String) async throws -> Edit {
        note(try await voordracht.add(value, to: field, of: record, on: view))
    }

    /// Takes a value out of a set.
    @discardableResult
    public mutating func take(_ value: String, from field: String) async throws -> Edit {
        note(try await voordracht.take(value, from: field, of: record, on: view))
    }

    /// The form's author has seen what the form itself wrote. What another window wrote in between has
    /// not been seen here: then the view stays, and both are kept side by side.
    private mutating func note(_ edit: Edit) -> Edit {
        for change in edit.changes where change.number == view.own + 1 {
            view = View(epoch: view.epoch, cursor: view.cursor, own: change.number)
        }
        return edit
    }
}

extension Voordracht {
    /// Opens a record for editing.
    public func open(_ record: RecordID) async throws -> Form {
        let (details, view) = try await read { (try RecordDetails(record, in: $0), $0.view) }
        return Form(details, view, self)
    }
}
