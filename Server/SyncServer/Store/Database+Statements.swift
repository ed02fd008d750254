import ChangeLog
import Foundation
import GRDB

// What the tables and the types of the change log have in common: ids and hashes are blobs, numbers
// 64-bit integers. A row that does not fit its type is damage, and is said to be.

extension Database {
    /// Executes a statement that is prepared once per connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first row of a statement that is prepared once per connection.
    func one(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// All rows of a statement that is prepared once per connection.
    func all(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }
}

extension Array where Element == UInt8 {
    var blob: Data { Data(self) }
}

extension Row {
    func bytes(_ column: Int) throws -> [UInt8] {
        guard let bytes = optionalBytes(column) else { throw damaged(column, "is empty") }
        return bytes
    }

    func optionalBytes(_ column: Int) -> [UInt8]? {
        Data.fromDatabaseValue(self[column] as DatabaseValue).map { Array($0) }
    }

    func hash(_ column: Int) throws -> ChangeHash {
        guard let hash = ChangeHash(bytes: try bytes(column)) else { throw damaged(column, "is no hash") }
        return hash
    }

    func id(_ column: Int) throws -> Identifier128 {
        guard let id = Identifier128(bytes: try bytes(column)) else { throw damaged(column, "is no id") }
        return id
    }

    func record(_ column: Int) throws -> RecordID { RecordID(try id(column)) }

    func optionalRecord(_ column: Int) throws -> RecordID? {
        self.hasNull(atIndex: column) ? nil : RecordID(try id(column))
    }

    /// As `word`, of a column that is empty in some rows.
    func filledWord(_ column: Int) throws -> UInt64 {
        guard !hasNull(atIndex: column) else { throw damaged(column, "is empty") }
        return word(column)
    }

    /// Code, message and remedy in three columns.
    func reason(_ column: Int) throws -> Reason {
        guard let code = self[column] as String?, let message = self[column + 1] as String?,
            let remedy = self[column + 2] as String?
        else { throw damaged(column, "is empty") }
        return Reason(code: code, message: message, remedy: remedy)
    }

    /// A number that was stored by its bit pattern.
    func word(_ column: Int) -> UInt64 { UInt64(bitPattern: self[column] as Int64) }

    func audience(_ column: Int) throws -> AudienceID {
        guard let audience = AudienceID(self[column] as String) else {
            throw damaged(column, "is no name of an audience")
        }
        return audience
    }

    func damaged(_ column: Int, _ what: String) -> ServerError {
        ServerError(
            .damaged, "The column \(columnNames.dropFirst(column).first ?? "") \(what)",
            remedy: "Restore the data from a backup")
    }
}

extension UInt64 {
    /// For columns that keep a bit pattern; order is lost beyond 2⁶³.
    var pattern: Int64 { Int64(bitPattern: self) }
}
