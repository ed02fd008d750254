import ChangeLog
import Merging
import Nominations
import OfflineReplica

extension Voordracht {
    /// Does what a command of the domain asks, durably.
    ///
    /// - Parameters:
    ///   - command: what to do; it is read on the state of this moment.
    ///   - view: what the screen showed on which the edit was made; nil for now.
    /// - Throws: `NominationError` where the command makes no sense here, `Reason` where the rules
    ///   refuse it.
    @discardableResult
    public func perform(_ command: some NominationCommand, on view: View? = nil) async throws -> Edit {
        let now = replica.environment.nowMilliseconds()
        let (changes, drafted) = try await replica.record(on: view) { reader in
            let drafted = try command.drafted(in: try ReplicaView(reader, localMilliseconds: now))
            return (drafted.drafts, drafted)
        }
        let state: ItemState? =
            // What was just recorded waits to be sent.
            if !changes.isEmpty { .queued } else {
                try await read { reading in
                    let audience = try drafted.drafts.first?.audience ?? reading.audience(of: drafted.record)
                    return try audience.map { try reading.reader.state(of: drafted.record, in: $0) }
                }
            }
        return Edit(
            record: drafted.record, kind: drafted.kind, changes: changes, state: state ?? .accepted)
    }

    /// Nominates a municipality or region for the own organisation; the same nominee is the same record.
    @discardableResult
    public func nominate(
        _ nominee: String, edition: String? = nil, motivation: String? = nil
    ) async throws -> Edit {
        try await perform(Nominate(nominee: nominee, edition: edition, motivation: motivation))
    }

    /// Adds an example to a nomination.
    @discardableResult
    public func addExample(
        to nomination: RecordID, title: String, description: String? = nil, criteria: [String] = [],
        place: String? = nil, period: String? = nil, evidence: String? = nil
    ) async throws -> Edit {
        try await perform(
            AddExample(
                nomination: nomination, title: title, description: description, criteria: criteria,
                place: place, period: period, evidence: evidence, fresh: fresh()))
    }

    /// Submits a nomination as it stands; later edits follow by themselves at each exchange.
    @discardableResult
    public func submit(_ nomination: RecordID) async throws -> Edit {
        try await perform(Submit(nomination: nomination, fresh: fresh()))
    }

    /// Withdraws a submitted nomination.
    @discardableResult
    public func withdraw(_ nomination: RecordID) async throws -> Edit {
        try await perform(Withdraw(nomination: nomination))
    }

    /// Makes a remark on a nominee, a record or another remark.
    @discardableResult
    public func annotate(
        _ target: AnnotationTarget, body: String, stance: Stance? = nil, quote: String? = nil,
        criteria: [String] = [], visibility: Visibility? = nil
    ) async throws -> Edit {
        try await perform(
            Annotate(
                target: target, body: body, stance: stance, quote: quote, criteria: criteria,
                visibility: visibility, fresh: fresh()))
    }

    /// Writes in the own review of a nominee, and submits it: then others' reviews come in at the next exchange.
    @discardableResult
    public func assess(
        _ nominee: String, edition: String? = nil, motivation: String? = nil, advice: Advice? = nil,
        scores: [Assess.Score] = [], isSubmitted: Bool = false
    ) async throws -> Edit {
        try await perform(
            Assess(
                nominee: nominee, edition: edition, motivation: motivation, advice: advice, scores: scores,
                isSubmitted: isSubmitted))
    }

    /// Takes a reviewer out of the judging of a nominee, or lets one in again.
    @discardableResult
    public func recuse(
        from nominee: String, edition: String? = nil, reviewer: RecordID? = nil, isLifted: Bool = false
    ) async throws -> Edit {
        try await perform(
            Recuse(nominee: nominee, edition: edition, reviewer: reviewer, isLifted: isLifted))
    }

    /// Sets a field that is written whole; the value is read by the field's type, empty for nothing.
    @discardableResult
    public func set(
        _ field: String, of record: RecordID, to value: String, on view: View? = nil
    ) async throws -> Edit {
        let value = try await typed(value, field, record)
        return try await perform(SetField(record: record, field: field, value: value), on: view)
    }

    /// Makes a text read as given; recorded is the difference with what the view showed.
    @discardableResult
    public func write(
        _ field: String, of record: RecordID, _ text: String, on view: View? = nil
    ) async throws -> Edit {
        try await perform(EditText(record: record, field: field, text: text), on: view)
    }

    /// Puts a value into a set.
    @discardableResult
    public func add(
        _ value: String, to field: String, of record: RecordID, on view: View? = nil
    ) async throws -> Edit {
        let value = try await typed(value, field, record)
        return try await perform(AddToSet(record: record, field: field, value: value), on: view)
    }

    /// Takes a value out of a set.
    @discardableResult
    public func take(
        _ value: String, from field: String, of record: RecordID, on view: View? = nil
    ) async throws -> Edit {
        let value = try await typed(value, field, record)
        return try await perform(TakeFromSet(record: record, field: field, value: value), on: view)
    }

    /// Removes a record with all that it contains.
    @discardableResult
    public func remove(_ record: RecordID, on view: View? = nil) async throws -> Edit {
        try await perform(RemoveRecord(record: record), on: view)
    }

    /// Adds a criterion to an edition, for the secretariat.
    @discardableResult
    public func addCriterion(
        _ name: String, description: String? = nil, weight: Int? = nil, edition: String? = nil
    ) async throws -> Edit {
        try await perform(
            AddCriterion(
                name: name, description: description, weight: weight, edition: edition, fresh: fresh()))
    }

    /// Records are written by their ids with a letter; the domain reads the 32 digits.
    private func typed(_ value: String, _ field: String, _ record: RecordID) async throws -> String {
        guard let digits = Reference.digits(value), digits.utf8.count == 32 else { return value }
        let type = try await read { reading -> ValueType? in
            guard let audience = try reading.audience(of: record), let name = FieldName(field),
                let kind = try reading.merged(record, in: audience)?.kind
            else { return nil }
            return NominationSchema.schema[kind]?[name]?.type
        }
        return type == .record ? digits : value
    }
}
