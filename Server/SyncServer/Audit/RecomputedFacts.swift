import ChangeLog
import GRDB

/// Facts, origins and text sums, computed again from the log.
struct RecomputedFacts {
    private struct Place: Hashable {
        let audience: Int64
        let record: [UInt8]
        let field: String
    }

    private struct Fact: Hashable {
        var value: [UInt8]
        var replica: Int64
        var number: UInt64
        var position: UInt64
    }

    private struct Origin: Hashable {
        let kind: String
        let parent: [UInt8]?
        let key: [UInt8]?
        /// Whoever writes with it is the author.
        let replica: Int64
        let position: UInt64
    }

    private struct Edit: Hashable {
        let sum: TextCheck
        let replica: Int64
        let number: UInt64
    }

    private var facts: [Place: Fact] = [:]
    private var origins: [Place: Origin] = [:]
    private var sums: [Place: TextCheck] = [:]
    /// One line for each edit of a text: place, position, and the sum after it.
    private var edits: [Place: [UInt64: Edit]] = [:]

    mutating func add(_ stored: StoredChange) throws {
        let audience = stored.chain.audience
        for operation in stored.change.operations {
            let place = Place(
                audience: audience, record: operation.record.bytes, field: operation.field?.name ?? "")
            switch operation {
            case .create(_, let kind, let parent, let key):
                guard origins[place] == nil else { break }
                origins[place] = Origin(
                    kind: kind.name, parent: parent?.bytes,
                    key: key.map { ChangeLog.Value.list($0.values).canonicalBytes },
                    replica: stored.chain.replica, position: stored.position.value)
            case .write(_, _, .decided, let value), .resolve(_, _, .decided, .value(let value), _):
                facts[place] = fact(value.canonicalBytes, stored)
            case .resolve(_, _, .decided, .keep, _):
                if let held = facts[place] { facts[place] = fact(held.value, stored) }
            case .edit:
                guard edits[place]?[stored.position.value] == nil else { break }
                let sum = (sums[place] ?? .empty).adding(stored.change.id)
                sums[place] = sum
                edits[place, default: [:]][stored.position.value] = Edit(
                    sum: sum, replica: stored.chain.replica, number: stored.change.id.number)
            default: break
            }
        }
    }

    private func fact(_ value: [UInt8], _ stored: StoredChange) -> Fact {
        Fact(
            value: value, replica: stored.chain.replica, number: stored.change.id.number,
            position: stored.position.value)
    }

    /// What the tables say otherwise.
    func differences(from ledger: ServerLedger) throws -> [VerificationReport.Finding] {
        try factDifferences(ledger) + originDifferences(ledger) + editDifferences(ledger)
    }

    private func factDifferences(_ ledger: ServerLedger) throws -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        var count = 0
        let rows = try Row.fetchCursor(
            ledger.db, sql: "SELECT audience, record, field, value, replica, number, position FROM fact")
        while let row = try rows.next() {
            count += 1
            let place = try place(row)
            let stored = Fact(
                value: try row.bytes(3), replica: row[4], number: row.word(5), position: row.word(6))
            if facts[place] != stored {
                findings.append(finding("fact", place, .factOther))
            }
        }
        if count < facts.count { findings.append(missing("fact", facts.count - count)) }
        return findings
    }

    private func originDifferences(_ ledger: ServerLedger) throws -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        var count = 0
        let rows = try Row.fetchCursor(
            ledger.db, sql: "SELECT audience, record, '', kind, parent, key, position, author FROM origin")
        let authors = try authors(ledger)
        while let row = try rows.next() {
            count += 1
            let place = try place(row)
            let known = origins[place]
            let stored = Origin(
                kind: row[3], parent: row.optionalBytes(4), key: row.optionalBytes(5),
                replica: known?.replica ?? 0, position: row.word(6))
            if known != stored || row.optionalBytes(7) != authors[stored.replica] {
                findings.append(finding("origin", place, .originOther))
            }
        }
        if count < origins.count { findings.append(missing("origin", origins.count - count)) }
        return findings
    }

    /// The person whose device writes with each replica; none for the server's own.
    private func authors(_ ledger: ServerLedger) throws -> [Int64: [UInt8]] {
        var authors: [Int64: [UInt8]] = [:]
        for row in try ledger.db.all("SELECT id, device FROM replica", []) {
            authors[row[0]] = try ledger.rostered(try row.record(1), Roster.devicePerson)?.record?.bytes
        }
        return authors
    }

    private func editDifferences(_ ledger: ServerLedger) throws -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        var count = 0
        let rows = try Row.fetchCursor(
            ledger.db, sql: "SELECT audience, record, field, position, sum, replica, number FROM textedit")
        while let row = try rows.next() {
            count += 1
            let place = try place(row)
            let edit = edits[place]?[row.word(3)]
            if edit?.sum.value != row.word(4) || edit?.replica != row[5] || edit?.number != row.word(6) {
                findings.append(finding("textedit", place, .sumOther))
            }
        }
        let expected = edits.reduce(0) { $0 + $1.value.count }
        if count < expected { findings.append(missing("textedit", expected - count)) }
        return findings
    }

    private func place(_ row: Row) throws -> Place {
        Place(audience: row[0], record: try row.bytes(1), field: row[2])
    }

    private func finding(_ table: String, _ place: Place, _ fault: AuditFault) -> VerificationReport.Finding {
        let name = "\(table) \(Hexadecimal.text(place.record)) \(place.field)"
        return VerificationReport.Finding(place: name, fault: fault, subject: "")
    }

    private func missing(_ table: String, _ count: Int) -> VerificationReport.Finding {
        VerificationReport.Finding(place: table, fault: .rowsMissing, subject: "\(count)")
    }
}
