import ChangeLog
import GRDB

// The ways to the database. A program's transactions run on threads of SQLite's own; a simulation's on
// the thread that asks for them, one after another, and it decides between any two what happens next.

extension ServerStore {
    /// Reads in one snapshot, off the cooperative threads.
    ///
    /// - Throws: `ServerError` for what SQLite says.
    func read<Value: Sendable>(
        _ probe: TransactionProbe?, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            guard let probe else { return try await pool.read(body) }
            try await probe(.willRead)
            return try here { try $0.read(body) }
        } catch { throw StoreFailure.translated(error, path) }
    }

    /// Hands out the writer, which begins and ends a transaction itself.
    func writing<Value: Sendable>(
        _ probe: TransactionProbe?, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        guard let probe else { return try await pool.writeWithoutTransaction(body) }
        try await probe(.willWrite)
        let value = try here { try $0.writeWithoutTransaction(body) }
        try await probe(.didWrite)
        return value
    }

    /// Not async, so that the pool's functions that wait are meant.
    private func here<Value>(_ body: (DatabasePool) throws -> Value) throws -> Value { try body(pool) }
}
