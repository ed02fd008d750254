public import ChangeLog

/// The natural keys of this domain; those of nominations and standings are a ``NominationKey``.
extension RecordKey {
    /// There is one association in a workspace.
    public static let association = RecordKey([.text("association")])

    /// A member organisation by its number in the trade register.
    public static func organisation(_ number: KvKNumber) -> RecordKey { RecordKey([.text(number.digits)]) }

    /// An edition by its year.
    public static func edition(year: Int) -> RecordKey { RecordKey([.integer(Int64(year))]) }

    /// An assignment by the id of the conflict, which is the same on all replicas.
    public static func assignment(conflict id: String) -> RecordKey { RecordKey([.text(id)]) }

    /// The year of an edition's key; nil for a key of another shape.
    public var year: Int? {
        guard values.count == 1, let year = values[0].integer, (1...9999).contains(year) else { return nil }
        return Int(year)
    }
}
