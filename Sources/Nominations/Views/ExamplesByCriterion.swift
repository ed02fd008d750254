import ChangeLog
import Merging

/// Examples under the criteria that they are examples of, in the order of the edition.
///
/// Written as one object with the names of the criteria as keys; what has no criterion stands under "".
public struct ExamplesByCriterion: Hashable, Sendable, Encodable {
    /// A criterion with its examples.
    public struct Group: Hashable, Sendable {
        /// nil for examples without a criterion.
        public let criterion: NamedRecord?
        public let examples: [DossierExample]
    }

    /// Criteria without an example have a group too: a gap is worth seeing.
    public let groups: [Group]

    init(_ examples: [DossierExample], edition: RecordID, _ view: some NominationsReader) throws {
        let criteria = try view.visible(.criterion, in: Roster.audience)
            .filter { $0.parent == edition }
            .sorted { left, right in
                let order = (left.order, right.order)
                return order.0 == order.1 ? left.id < right.id : order.0 < order.1
            }
        var groups = try criteria.map { criterion in
            let name = try view.named(criterion.id)
            return Group(criterion: name, examples: examples.filter { $0.criteria.contains(name) })
        }
        let known = Set(groups.compactMap(\.criterion))
        let rest = examples.filter { known.isDisjoint(with: $0.criteria) }
        if !rest.isEmpty { groups.append(Group(criterion: nil, examples: rest)) }
        self.groups = groups
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Criteria of one name share a key.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        var written: [[UInt8]] = []
        for group in groups {
            let name = group.criterion?.name ?? ""
            if written.contains(Array(name.utf8)) { continue }
            written.append(Array(name.utf8))
            let alike = groups.filter { Array(($0.criterion?.name ?? "").utf8) == Array(name.utf8) }
            try container.encode(alike.flatMap(\.examples), forKey: Name(stringValue: name))
        }
    }
}

extension MergedRecord {
    fileprivate var order: Int64 { self[CriterionField.order]?.value?.integer ?? .max }
}
