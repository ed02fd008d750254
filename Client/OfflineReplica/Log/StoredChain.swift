import ChangeLog
import GRDB

/// The chain of a replica in an audience, as the log has it.
struct StoredChain {
    let db: Database
    let replica: ReplicaID
    let audience: AudienceID

    /// One of its changes.
    struct Link {
        let number: UInt64
        /// The hash before it, of the last change in front that its chain has, delivered or not.
        let previous: ChangeHash
        let hash: ChangeHash
    }

    /// Its changes that have a position, in their order, walked from the first.
    func links() throws -> [Link] {
        var hash = ChangeHash.zero
        var links: [Link] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT number, inner, previous, gap.links AS links
                FROM change LEFT JOIN gap ON gap.change = change.id
                WHERE \(LogTable.isInAudience) AND replica = ? AND position IS NOT NULL ORDER BY position
                """, arguments: [audience.name, replica.data])
        while let row = try rows.next() {
            if let previous = row.optionalBytes("previous").flatMap({ ChangeHash(bytes: $0) }) {
                hash = previous
            } else if let gap = row.optionalBytes("links") {
                for link in try HashList.read(gap) {
                    hash = Chain.link(previous: hash, inner: link, hash: ChangeHash.sha256)
                }
            }
            let previous = hash
            hash = Chain.link(previous: previous, inner: try row.hash("inner"), hash: ChangeHash.sha256)
            links.append(Link(number: row.number("number"), previous: previous, hash: hash))
        }
        return links
    }
}
