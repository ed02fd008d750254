import ChangeLog

/// Judges one change: first whether it is well-formed, then the right of its author, then the time.
struct AdmissionJudge {
    let admission: Admission
    let facts: any FactSource
    let hash: HashFunction

    private var audience: AudienceID { admission.envelope.audience }

    func outcome() throws -> Admission.Outcome {
        do {
            guard let audience = Audience(audience) else { throw Refusal(.audienceUnknown) }
            switch admission.author {
            case .server:
                // The roster is the server's own, and what it erases anywhere; everything else is people's.
                guard audience == .everyone || isErasure else { throw Refusal(.audienceForbidden) }
                return .accept
            case .person(let person, _):
                let author = try PersonFacts(of: person, in: facts)
                guard author.isActive else { throw Refusal(.personInactive) }
                try checkCircle(of: author, in: audience)
                let steps = try permitted(author, in: audience)
                return try checkTime(of: steps, in: audience)
            }
        } catch let refusal as Refusal {
            return .refuse(refusal.reason)
        }
    }
}

extension AdmissionJudge {
    /// Whether nothing but erasures is created, and nothing but those is written.
    private var isErasure: Bool {
        var created: Set<RecordID> = []
        for operation in admission.operations {
            if case .create(let record, .erasure, _, _) = operation { created.insert(record) }
            guard created.contains(operation.record) else { return false }
        }
        return true
    }
}

// MARK: - Well-formed

extension AdmissionJudge {
    /// An operation, and where its record comes from.
    struct Step {
        let operation: Operation
        let origin: RecordOrigin
    }

    /// The steps, if the author may take them. Why not is told to those alone who read the audience: others would
    /// learn which records there are.
    private func permitted(_ author: PersonFacts, in place: Audience) throws -> [Step] {
        do {
            let steps = try steps()
            try checkRight(of: author, to: steps, in: place)
            return steps
        } catch let refusal as Refusal {
            let mayRead = try NominationRules.mayRead(author.person, audience, facts, hash: hash)
            throw mayRead || refusal.isOwn ? refusal : Refusal(.audienceForbidden)
        }
    }

    private func steps() throws -> [Step] {
        var created: [RecordID: RecordOrigin] = [:]
        return try admission.operations.map { operation in
            let record = operation.record
            let known = try created[record] ?? facts.origin(of: record, in: audience)
            if case .create(_, let kind, let parent, let key) = operation {
                if let known, known.kind != kind { throw Refusal(.recordKind) }
                let author: RecordID? =
                    if case .person(let person, _) = admission.author { person } else { nil }
                let origin = RecordOrigin(
                    kind: kind, parent: parent, key: key, author: known?.author ?? author)
                try checkKind(of: record, origin, created)
                created[record] = origin
                return Step(operation: operation, origin: origin)
            }
            guard let known else { throw Refusal(.recordUnknown) }
            try checkField(of: operation, kind: known.kind)
            return Step(operation: operation, origin: known)
        }
    }

    private func checkKind(
        of record: RecordID, _ origin: RecordOrigin, _ created: [RecordID: RecordOrigin]
    ) throws {
        guard let kind = NominationSchema.schema[origin.kind] else { throw Refusal(.kindUnknown) }
        if let parent = origin.parent {
            let above = try created[parent] ?? facts.origin(of: parent, in: audience)
            guard let above, kind.parents.contains(above.kind) else { throw Refusal(.recordParent) }
        } else if !kind.parents.isEmpty {
            throw Refusal(.recordParent)
        }
        guard Self.keyFits(origin.key, origin.kind) else { throw Refusal(.recordKey) }
        if let key = origin.key, key.record(kind: origin.kind, hash: hash) != record {
            throw Refusal(.recordKey)
        }
    }

    /// Whether records of this kind have such a key; those of the roster are the server's affair.
    private static func keyFits(_ key: RecordKey?, _ kind: RecordKind) -> Bool {
        switch kind {
        case .nomination, .standing: key.map { NominationKey($0) != nil } ?? false
        case .edition: key?.year != nil
        case .review: key.map { ReviewKey($0) != nil } ?? false
        case .recusal: key.map { RecusalKey($0) != nil } ?? false
        case .score: key?.values.count == 2 && key?.values.allSatisfy { $0.record != nil } == true
        case .assignment: key?.values.count == 1 && key?.values[0].text != nil
        case .person, .device, .association, .organisation, .witness, .erasure: true
        default: key == nil
        }
    }

    private func checkField(of operation: Operation, kind: RecordKind) throws {
        guard let name = operation.field else { return }
        guard let kind = NominationSchema.schema[kind] else { throw Refusal(.kindUnknown) }
        guard let field = kind[name] else {
            // A newer client's field is kept, and folded by the policy that its operations name. What is decided by
            // rules that this server does not know is not: it would stand as a fact when the rules come.
            guard admission.envelope.schema > NominationSchema.version, operation.policy != .decided else {
                throw Refusal(.fieldUnknown)
            }
            return
        }
        guard operation.policy == field.policy else { throw Refusal(.fieldPolicy) }
        for value in operation.values { try check(value, of: field) }
    }

    private func check(_ value: Value, of field: FieldSchema) throws {
        if value.isNull, field.policy != .set { return }
        guard value.type == field.type else { throw Refusal(.fieldType) }
        guard let text = value.text, !field.choices.isEmpty else { return }
        guard field.choices.contains(where: { Array($0.utf8) == Array(text.utf8) }) else {
            throw Refusal(.fieldChoice)
        }
    }
}

extension Operation {
    /// The policy that the operation names; nil for one on the record itself.
    fileprivate var policy: MergePolicy? {
        switch self {
        case .create, .remove, .restore: nil
        case .write(_, _, let policy, _), .resolve(_, _, let policy, _, _): policy.mergePolicy
        case .insert, .take: .set
        case .edit, .accept: .text
        }
    }

    /// The values that the operation brings along.
    var values: [Value] {
        switch self {
        case .write(_, _, _, let value), .insert(_, _, let value), .take(_, _, let value),
            .resolve(_, _, _, .value(let value), _):
            [value]
        case .create, .remove, .restore, .resolve, .edit, .accept: []
        }
    }
}

extension Value {
    /// nil for null and for a newer version's values.
    fileprivate var type: ValueType? {
        switch self {
        case .null, .unknown: nil
        case .boolean: .boolean
        case .integer: .integer
        case .text: .text
        case .date: .date
        case .instant: .instant
        case .record: .record
        case .bytes: .bytes
        case .list: .list
        }
    }
}
