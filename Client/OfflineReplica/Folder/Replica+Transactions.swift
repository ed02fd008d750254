import ChangeLog
import GRDB

// The ways to the database. A program's transactions run on threads of SQLite's own; a simulation's on
// the thread that asks for them, one after another, and it decides between any two what happens next.

extension Replica {
    func reading<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        guard let probe = environment.probe else { return try await pool.read(body) }
        try await probe(.willRead)
        return try here { try $0.read(body) }
    }

    /// One immediate transaction.
    func writing<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        guard let probe = environment.probe else { return try await pool.write(body) }
        try await probe(.willWrite)
        let result = try here { try $0.write(body) }
        try await probe(.didWrite)
        return result
    }

    func withoutTransaction<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        guard let probe = environment.probe else { return try await pool.writeWithoutTransaction(body) }
        try await probe(.willWrite)
        return try here { try $0.writeWithoutTransaction(body) }
    }

    /// Not async, so that the pool's functions that wait are meant.
    private func here<Result>(_ body: (DatabasePool) throws -> Result) throws -> Result { try body(pool) }
}
