/// What a domain says of changes that count by the moment before which they were made, though they may come later.
///
/// Before a device sends such changes it lodges the hashes of their chains: should the rest be lost on the way, the
/// server knows that they were there.
public struct Lodging: Sendable {
    /// Whether that moment matters in an audience.
    public let concerns: @Sendable (AudienceID) -> Bool
    /// The moments that something has to be made before, milliseconds since 1970 UTC.
    public let deadlines: @Sendable (any FactSource) throws -> [Int64]
    /// What the server writes in `everyone` where a change came later than its hash (of the chain that ends with it) was
    /// lodged, at a moment in milliseconds since 1970 UTC; nothing where as much is known.
    public let record: @Sendable (ChangeHash, Int64, any FactSource) throws -> [Operation]

    public init(
        concerns: @escaping @Sendable (AudienceID) -> Bool,
        deadlines: @escaping @Sendable (any FactSource) throws -> [Int64],
        record: @escaping @Sendable (ChangeHash, Int64, any FactSource) throws -> [Operation]
    ) {
        self.concerns = concerns
        self.deadlines = deadlines
        self.record = record
    }
}
