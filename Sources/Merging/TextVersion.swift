public import ChangeLog
import TextCRDT

/// The version of a text that a view held: what an edit's indexes count in, and what its check covers.
public struct TextVersion: Hashable, Sendable {
    /// What the view showed.
    public let text: String
    /// The check over the changes that made it.
    public let check: TextCheck

    /// The version of a field that `replica` sees at `base`.
    ///
    /// Edits that did not fit their version count as in the fold: for the check only.
    ///
    /// - Parameters:
    ///   - entries: all changes with an operation on the record.
    ///   - lineage: of `replica`.
    public init(
        of field: FieldName, _ record: RecordID, in entries: [LogEntry], at base: Base,
        replica: ReplicaID, lineage: Lineage = .none
    ) {
        let steps = RecordFold.edits(of: field, record, in: entries)
        let graph = TextGraph(steps)
        text = graph.text(in: View(base: base, replica: replica, lineage: lineage))
        check = Self.check(
            of: graph.events.map { ($0.step.change, $0.step.rank.position) }, at: base, replica: replica,
            lineage: lineage)
    }

    /// The check alone, from ids and positions: all that a server needs to judge an edit.
    ///
    /// - Parameter changes: every change that edited the field, once, with its position (nil while
    ///   it has none).
    public static func check(
        of changes: some Sequence<(ChangeID, Position?)>, at base: Base, replica: ReplicaID,
        lineage: Lineage = .none
    ) -> TextCheck {
        let view = View(base: base, replica: replica, lineage: lineage)
        var check = TextCheck.empty
        for (change, position) in changes where view.holds(change, at: position) {
            check = check.adding(change)
        }
        return check
    }

    /// By bytes: composed and decomposed letters are two texts.
    public static func == (left: Self, right: Self) -> Bool {
        left.check == right.check && left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(check) }
}

/// What a replica sees at a base, by the rule of `Envelope.saw`.
struct View {
    let base: Base
    let replica: ReplicaID
    let lineage: Lineage

    func holds(_ change: ChangeID, at position: Position?) -> Bool {
        if change.replica == replica || lineage.includes(change) { return change.number <= base.own }
        guard let position else { return false }
        return position <= base.position
    }
}
