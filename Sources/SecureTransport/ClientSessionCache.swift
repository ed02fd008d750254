import Synchronization

/// The TLS sessions of a client, so that it reconnects without a full handshake (RFC 8446,
/// section 2.2).
///
/// Kept in memory only, the latest per host, port, authority and identity: a session is never
/// continued under another certificate than it began with. Safe to use from several threads.
public final class ClientSessionCache: Sendable {
    /// The most sessions that are kept; the oldest goes first.
    public let capacity: Int

    // A session as the bytes that libssl makes of it: no object of it is shared by two threads.
    private struct Entries {
        var sessions: [String: [UInt8]] = [:]
        var order: [String] = []
    }

    private let entries = Mutex(Entries())

    /// - Parameter capacity: at least 1.
    public init(capacity: Int = 64) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// How many sessions are kept.
    public var count: Int {
        entries.withLock { $0.order.count }
    }

    /// Forgets every session, as after the identity of the device was withdrawn.
    public func removeAll() {
        entries.withLock { $0 = Entries() }
    }

    func session(for key: String) -> [UInt8]? {
        entries.withLock { $0.sessions[key] }
    }

    func store(_ session: [UInt8], for key: String) {
        entries.withLock { entries in
            entries.order.removeAll { $0 == key }
            entries.order.append(key)
            entries.sessions[key] = session
            if entries.order.count > capacity {
                entries.sessions[entries.order.removeFirst()] = nil
            }
        }
    }

    func remove(_ key: String) {
        entries.withLock { entries in
            entries.order.removeAll { $0 == key }
            entries.sessions[key] = nil
        }
    }
}
