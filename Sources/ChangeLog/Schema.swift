/// How the concurrent writes of a field merge.
public enum MergePolicy: String, Hashable, Sendable, CaseIterable {
    case register
    case quiet
    case set
    case text
    case immutable
    case appendOnly = "append-only"
    case decided
}

extension MergePolicy {
    /// The code that a write of such a field carries; nil for sets and texts, which have operations
    /// of their own.
    public var writePolicy: WritePolicy? {
        switch self {
        case .register: .register
        case .quiet: .quiet
        case .immutable: .immutable
        case .appendOnly: .appendOnly
        case .decided: .decided
        case .set, .text: nil
        }
    }
}

extension WritePolicy {
    public var mergePolicy: MergePolicy {
        switch self {
        case .register: .register
        case .quiet: .quiet
        case .immutable: .immutable
        case .appendOnly: .appendOnly
        case .decided: .decided
        }
    }
}

/// What the values of a field are.
public enum ValueType: String, Hashable, Sendable, CaseIterable {
    case boolean, integer, text, date, instant, record, bytes, list
}

/// One field of a record kind. Its policy never changes: a new policy is a new field.
public struct FieldSchema: Hashable, Sendable {
    public let name: FieldName
    public let policy: MergePolicy
    public let type: ValueType
    /// The values that a text may have; empty for any.
    public let choices: [String]
    /// Whether people set it by hand, rather than a command that means more.
    public let isEditable: Bool

    public init(
        _ name: FieldName, _ policy: MergePolicy, _ type: ValueType, choices: [String] = [],
        isEditable: Bool = true
    ) {
        self.name = name
        self.policy = policy
        self.type = type
        self.choices = choices
        self.isEditable = isEditable
    }
}

/// One kind of record.
public struct KindSchema: Hashable, Sendable {
    public let kind: RecordKind
    public let fields: [FieldSchema]
    /// The kinds that may contain it; empty for a record that stands alone. An edit in a child counts
    /// as an edit of its ancestors against their removal.
    public let parents: [RecordKind]
    /// The field that names a record of this kind to people, where one does.
    public let title: FieldName?

    public init(
        _ kind: RecordKind, parents: [RecordKind] = [], title: FieldName? = nil, fields: [FieldSchema]
    ) {
        self.kind = kind
        self.parents = parents
        self.title = title
        self.fields = fields
    }

    public subscript(field: FieldName) -> FieldSchema? { fields.first { $0.name == field } }
}

/// What a domain declares to the engine.
public struct Schema: Hashable, Sendable {
    public let version: UInt32
    public let kinds: [KindSchema]

    public init(version: UInt32, kinds: [KindSchema]) {
        self.version = version
        self.kinds = kinds
    }

    public subscript(kind: RecordKind) -> KindSchema? { kinds.first { $0.kind == kind } }
}
