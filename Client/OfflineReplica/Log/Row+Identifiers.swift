import ChangeLog
import Foundation
import GRDB

// What the tables hold, as the types of the change log. A value that is none of them can only come from
// a damaged file.

extension Row {
    func bytes(_ column: String) throws -> [UInt8] {
        guard let data: Data = self[column] else { throw Self.damaged(column) }
        return Array(data)
    }

    /// By the place of the column: its name would be looked for in each row.
    func bytes(at column: Int) throws -> [UInt8] {
        guard let bytes = try withUnsafeData(atIndex: column, { $0.map { Array($0) } }) else {
            throw Self.damaged("column \(column)")
        }
        return bytes
    }

    func optionalBytes(_ column: String) -> [UInt8]? {
        let data: Data? = self[column]
        return data.map { Array($0) }
    }

    func identifier(_ column: String) throws -> Identifier128 {
        let id = try withUnsafeData(named: column) { $0.flatMap { Identifier128(bytes: $0) } }
        guard let id else { throw Self.damaged(column) }
        return id
    }

    func record(_ column: String) throws -> RecordID { RecordID(try identifier(column)) }
    func replica(_ column: String) throws -> ReplicaID { ReplicaID(try identifier(column)) }

    func optionalRecord(_ column: String) throws -> RecordID? {
        hasNull(atColumn: column) ? nil : try record(column)
    }

    func hash(_ column: String) throws -> ChangeHash {
        let hash = try withUnsafeData(named: column) { $0.flatMap { ChangeHash(bytes: $0) } }
        guard let hash else { throw Self.damaged(column) }
        return hash
    }

    func audience(_ column: String) throws -> AudienceID {
        guard let name: String = self[column], let audience = AudienceID(name) else {
            throw Self.damaged(column)
        }
        return audience
    }

    func position(_ column: String) -> Position { Position(number(column)) }

    func optionalPosition(_ column: String) -> Position? {
        let value: Int64? = self[column]
        return value.map { Position(UInt64(bitPattern: $0)) }
    }

    /// A number that was stored bit for bit.
    func number(_ column: String) -> UInt64 {
        let value: Int64 = self[column]
        return UInt64(bitPattern: value)
    }

    private func hasNull(atColumn column: String) -> Bool {
        let value: DatabaseValue = self[column]
        return value.isNull
    }

    static func damaged(_ what: String) -> ReplicaError {
        ReplicaError(.corrupt, "the database holds a \(what) that is none")
    }
}

extension [UInt8] {
    var data: Data { Data(self) }
}

extension Identifier128 {
    var data: Data { Data(bytes) }
}

extension RecordID {
    var data: Data { bits.data }
}

extension ReplicaID {
    var data: Data { bits.data }
}

extension ChangeHash {
    var data: Data { Data(bytes) }
}

/// Numbers that SQL compares must fit its signed ones.
enum StoredNumber {
    static func of(_ value: UInt64) throws -> Int64 {
        guard let stored = Int64(exactly: value) else {
            throw ReplicaError(.outOfOrder, "a number beyond 63 bits: \(value)")
        }
        return stored
    }

    static func of(_ position: Position) throws -> Int64 { try of(position.value) }
}

/// SHA-256 as the change log wants it.
extension ChangeHash {
    static let sha256: HashFunction = { bytes in
        guard let hash = ChangeHash(bytes: SHA256Digest.bytes(of: bytes)) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return hash
    }
}
