import ChangeLog
import Nominations
import OfflineReplica

/// One person's copy of the nominations: everything that may be read and edited, also without a
/// network.
///
///     let voordracht = try Voordracht.open(at: folder)
///     let nomination = try await voordracht.nominate("Delft")
///     var form = try await voordracht.open(nomination.record)
///     try await form.write("motivation", "Delft betrekt de wijken.")
///     let report = try await voordracht.sync()
///
/// An edit is durable and in all that is read when its call returns; an exchange with the server brings
/// it to others. Errors are ``Failure`` by ``Failure/init(_:in:)-(Error,_)``, whatever their own type.
public final class Voordracht: Sendable {
    let replica: Replica

    init(_ replica: Replica) { self.replica = replica }

    /// Opens the replica in a folder, without a network.
    public static func open(at folder: String, environment: ReplicaEnvironment = .system) throws -> Voordracht
    {
        Voordracht(try Replica.open(at: folder, rules: rules, environment: environment))
    }

    /// Makes a folder of this machine a device of whom the link invites; the server must be reachable.
    public static func enrol(
        _ link: String, at folder: String, deviceName: String, environment: ReplicaEnvironment = .system
    ) async throws -> Voordracht {
        Voordracht(
            try await Replica.enrol(
                link, at: folder, deviceName: deviceName, rules: rules, environment: environment))
    }

    private static let rules = NominationRules.rules(hash: Replica.hash)

    /// The folder that everything stands in.
    public var folder: String { replica.folder }
    /// Whose copy this is.
    public var person: RecordID { replica.identity.person }

    /// What a screen filled now would show; edits can be recorded on it later.
    public func view() async throws -> View { try await replica.view() }

    /// The view that `CURSOR` or `CURSOR:NUMBER` names.
    ///
    /// - Throws: `FaceError.viewMalformed`.
    public func view(named text: String) async throws -> View {
        guard let view = View(text, now: try await view()) else { throw FaceError(.viewMalformed, [text]) }
        return view
    }

    /// Reads one consistent moment.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (ReplicaView) throws -> Result
    ) async throws -> Result {
        let now = replica.environment.nowMilliseconds()
        return try await replica.read { try body(ReplicaView($0, localMilliseconds: now)) }
    }

    /// Emits what `read` gives, at once and again after everything that may have changed it, here or in
    /// another process. A slow reader gets the newest only; the stream ends when reading fails.
    public func observe<Result: Sendable>(
        _ read: @escaping @Sendable (Voordracht) async throws -> Result
    ) -> AsyncThrowingStream<Result, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Result.self, bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            do {
                for await _ in replica.observe() { continuation.yield(try await read(self)) }
                continuation.finish()
            } catch { continuation.finish(throwing: error) }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    /// A random id for a new record.
    func fresh() -> RecordID {
        let bytes = replica.environment.randomBytes(16)
        guard let bits = Identifier128(bytes: bytes) else {
            preconditionFailure("a source of randomness that gives \(bytes.count) bytes for 16")
        }
        return RecordID(bits)
    }
}
