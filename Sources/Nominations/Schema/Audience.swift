public import ChangeLog

/// The audiences of this domain.
public enum Audience: Hashable, Sendable {
    /// Roster, organisations, editions and criteria; read by every active person.
    case everyone
    /// What people of one member organisation write; never leaves it.
    case organisation(RecordID)
    /// What is submitted under one nomination, whose record this is.
    case nomination(RecordID)
    /// What reviewers write about one nominee of one edition; see ``JuryKey``.
    case jury(RecordID)
    /// One reviewer's review of one nominee, whose record this is; see ``ReviewKey``.
    case review(RecordID)
    /// Who does not judge whom; read by those who judge.
    case panel
    /// What the workgroup writes.
    case workgroup
    /// One person's own notes.
    case person(RecordID)

    /// nil for a name that this domain gives no meaning.
    public init?(_ id: AudienceID) {
        if id == Roster.audience {
            self = .everyone
        } else if id == Self.workgroupID {
            self = .workgroup
        } else if id == Self.panelID {
            self = .panel
        } else {
            // One audience has one name: 32 digits, which are lower case in every audience.
            guard let record = id.subject else { return nil }
            switch id.family {
            case "organisation": self = .organisation(record)
            case "nomination": self = .nomination(record)
            case "jury": self = .jury(record)
            case "review": self = .review(record)
            case "person": self = .person(record)
            default: return nil
            }
        }
    }

    /// The name under which it is replicated.
    public var id: AudienceID {
        switch self {
        case .everyone: Roster.audience
        case .workgroup: Self.workgroupID
        case .panel: Self.panelID
        case .organisation(let record): AudienceID(family: "organisation", record)
        case .nomination(let record): AudienceID(family: "nomination", record)
        case .jury(let record): AudienceID(family: "jury", record)
        case .review(let record): AudienceID(family: "review", record)
        case .person(let record): AudienceID(family: "person", record)
        }
    }

    private static let workgroupID = named("workgroup")
    private static let panelID = named("panel")

    private static func named(_ name: String) -> AudienceID {
        guard let id = AudienceID(name) else { preconditionFailure("a constant name") }
        return id
    }
}
