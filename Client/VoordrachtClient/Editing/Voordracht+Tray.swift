import ChangeLog
import Nominations
import OfflineReplica

extension Voordracht {
    /// What was refused, by number.
    public func tray(in language: Language = .english) async throws -> TrayList {
        TrayList(items: try await read { view in try view.reader.tray().map { TrayList.Item($0, language) } })
    }

    /// One entry of the tray with all that follows it: named by its id, a unique beginning of it, or
    /// the number of one of its changes.
    ///
    /// - Throws: `FaceError.trayUnknown`.
    public func trayEntry(_ name: String, in language: Language = .english) async throws -> TrayList {
        let items = try await tray(in: language).items
        let entry = try Self.entry(name, of: items)
        return TrayList(items: items.filter { $0.entry == entry })
    }

    /// Sends an entry again, on the view that it was made on.
    @discardableResult
    public func retry(_ name: String) async throws -> TrayOutcome {
        let entry = try await trayEntry(name).items[0].entry
        let changes = try await replica.retry(entry)
        return TrayOutcome(entry: entry, changes: changes, state: ItemState.queued.rawValue)
    }

    /// Sends all entries again, each on the view that it was made on. What the rules refuse still stays, and is told;
    /// what a retired device handed in is at the secretariat already.
    public func retryAll(in language: Language = .english) async throws -> TrayOutcomes {
        var outcomes: [TrayOutcome] = []
        var entries: [ChangeID] = []
        for item in try await tray().items
        where !entries.contains(item.entry) && item.reason.code != Replica.handedInCode {
            entries.append(item.entry)
        }
        for entry in entries {
            do {
                let changes = try await replica.retry(entry)
                outcomes.append(
                    TrayOutcome(entry: entry, changes: changes, state: ItemState.queued.rawValue))
            } catch let reason as Reason {
                outcomes.append(
                    TrayOutcome(
                        entry: entry, changes: [], state: "refused", reason: Failure(reason, in: language)))
            }
        }
        return TrayOutcomes(items: outcomes)
    }

    /// Sends an entry again with another value in one of its fields.
    ///
    /// - Parameters:
    ///   - name: of the entry, as in `trayEntry`.
    ///   - value: as typed; of a text, how it shall read.
    ///   - field: one that the entry writes.
    /// - Throws: `FaceError.trayNothing` where the entry does not write the field; what `set` throws.
    @discardableResult
    public func retry(_ name: String, with value: String, in field: String) async throws -> TrayOutcome {
        let items = try await trayEntry(name).items
        var isFound = false
        let drafts = try items.map { item in
            Draft(
                audience: item.audience,
                operations: try item.operations.map { operation in
                    guard let name = operation.field, Array(name.name.utf8) == Array(field.utf8) else {
                        return .operation(operation)
                    }
                    let edited = try Self.edited(operation, value)
                    isFound = isFound || edited != nil
                    return edited ?? .operation(operation)
                })
        }
        guard isFound else {
            let fields = Set(items.flatMap(\.operations).compactMap { $0.field?.name }).sorted()
            throw FaceError(.trayNothing, [name, field], suggestions: fields)
        }
        let changes = try await replica.retry(items[0].entry, with: drafts)
        return TrayOutcome(entry: items[0].entry, changes: changes, state: ItemState.queued.rawValue)
    }

    /// Takes an entry out of the tray for good.
    @discardableResult
    public func drop(_ name: String) async throws -> TrayOutcome {
        let entry = try await trayEntry(name).items[0].entry
        try await replica.drop(entry)
        return TrayOutcome(entry: entry, changes: [], state: "dropped")
    }

    /// nil for an operation that writes no value.
    private static func edited(
        _ operation: ChangeLog.Operation, _ text: String
    ) throws -> DraftOperation? {
        switch operation {
        case .write(let record, let field, let policy, let old):
            return .operation(.write(record, field, policy, try old.retyped(text)))
        case .resolve(let record, let field, let policy, .value(let old), let settling):
            let choice = Choice.value(try old.retyped(text))
            return .operation(.resolve(record, field, policy, choice, settling: settling))
        case .insert(let record, let field, let old):
            return .operation(.insert(record, field, try old.retyped(text)))
        case .edit(let record, let field, check: _, _): return .text(record, field, text)
        default: return nil
        }
    }

    private static func entry(_ name: String, of items: [TrayList.Item]) throws -> ChangeID {
        let fitting = items.filter { item in
            let id = item.id.description
            return Array(id.utf8) == Array(name.utf8) || String(item.id.number) == name
                || (name.utf8.count >= Reference.shortestPrefix && id.utf8.starts(with: name.utf8))
        }
        let entries = Set(fitting.map(\.entry))
        guard entries.count == 1, let entry = entries.first else {
            throw FaceError(.trayUnknown, [name], suggestions: items.map(\.id.description))
        }
        return entry
    }
}

extension Value {
    /// A text read as a value of the same type.
    fileprivate func retyped(_ text: String) throws -> Value {
        switch self {
        case .integer:
            guard let number = Int64(text) else { throw FaceError(.wholeNumber, [text]) }
            return .integer(number)
        case .boolean: return .boolean(["true", "ja", "yes", "1"].contains(text.lowercased()))
        case .date, .instant:
            guard let moment = AmsterdamTime.instant(text) else { throw FaceError(.dateMalformed, [text]) }
            if case .instant = self { return .instant(moment) }
            return .day(AmsterdamTime.day(of: moment))
        case .record:
            guard let digits = Reference.digits(text), let record = RecordID(hex: digits) else {
                throw FaceError(.recordUnknown, [text])
            }
            return .record(record)
        default: return .text(text)
        }
    }
}
