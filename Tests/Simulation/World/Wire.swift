import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import Synchronization

/// The network between one device and the server: each conversation is carried well, or befallen by what
/// its dice decide.
///
/// Frames cross it as bytes, and only what a mended network can bring arrives: TLS lets nobody change them.
final class Wire: FrameTransport {
    /// What befalls one conversation.
    private struct Fate {
        var requestFrames: Int?
        var isRequestLost = false
        var isRepeated = false
        /// Bytes of the answer after which it ends; 0 for an answer that is lost whole.
        var answerBytes: Int?
        var delay: Int64 = 0
    }

    private let server: ServerHost
    private let host: ReplicaHost
    private let leaks: LeakWatch
    private let clock: VirtualClock
    private let world: WorldLog
    private let dice: Randomness
    private let continuations: Continuations
    /// Chance of a fault per conversation, percent.
    private let roughness: Int

    init(_ host: ReplicaHost, in world: World, dice: UInt64, roughness: Int) {
        self.host = host
        server = world.server
        leaks = world.leaks
        clock = world.clock
        self.world = world.log
        continuations = world.continuations
        self.dice = Randomness(seed: dice)
        self.roughness = roughness
    }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        host.said[path] = frames
        for case .continue(let continuation) in frames { continuations.note(continuation) }
        let fate = fate(of: frames)
        if fate.delay > 0 { try await clock.sleep(.milliseconds(fate.delay)) }
        guard host.isConnected else { throw cut(.partition, .unreachable) }
        guard server.power.isAlive, server.service != nil else {
            throw ConnectionError(.unreachable, "The server is down")
        }
        guard !fate.isRequestLost else { throw cut(.requestLost, .interrupted) }
        if fate.isRepeated { haunt(path, frames) }
        var request = frames
        if let count = fate.requestFrames {
            request = Array(frames.prefix(count))
            world.count(.requestCut)
        }
        var answer = Answer(limit: fate.answerBytes)
        let life = server.power
        do {
            let isWhole = fate.requestFrames == nil
            try await server.answer(path, request, isWhole: isWhole, from: host.key.publicKey) { frame in
                guard life.isAlive, host.isConnected else { throw PowerLost() }
                guard !host.isDeaf else { throw cut(.deafness, .interrupted) }
                leaks.check(frame, to: host)
                for whole in try answer.pass(frame.bytes) where try await !receive(whole) { throw Enough() }
                if answer.isCut { throw cut(fate.answerBytes == 0 ? .answerLost : .answerCut, .interrupted) }
            }
        } catch is Enough {
            return
        } catch is PowerLost where host.power.isAlive {
            throw ConnectionError(.interrupted, "The connection is gone")
        }
        if fate.requestFrames != nil { throw ConnectionError(.interrupted, "The connection is gone") }
    }

    /// The receiver wants nothing more.
    private struct Enough: Error {}

    /// Bytes on their way back.
    private struct Answer {
        var limit: Int?
        var decoder = FrameDecoder()
        private(set) var isCut = false

        init(limit: Int?) { self.limit = limit }

        mutating func pass(_ bytes: [UInt8]) throws -> [Frame] {
            var passed = bytes[...]
            if let left = limit {
                passed = bytes.prefix(left)
                limit = left - passed.count
                isCut = passed.count < bytes.count
            }
            decoder.append(passed)
            var frames: [Frame] = []
            while let frame = try decoder.next() { frames.append(frame) }
            return frames
        }
    }

    private func fate(of frames: [Frame]) -> Fate {
        var fate = Fate()
        var random = SplitMix64(seed: dice.word())
        guard !host.isCalm, random.chance(roughness) else { return fate }
        switch random.below(7) {
        case 0: fate.isRequestLost = true
        case 1: if frames.count > 1 { fate.requestFrames = 1 + random.below(frames.count - 1) }
        case 2: fate.answerBytes = 0
        case 3, 4: fate.answerBytes = random.below(random.chance(50) ? 60 : 4000)
        case 5: fate.isRepeated = true
        default:
            fate.delay = Int64(1 + random.below(5000))
            world.count(.delay)
        }
        return fate
    }

    private func cut(_ fault: Fault, _ code: ConnectionError.Code) -> ConnectionError {
        world.count(fault)
        return ConnectionError(code, "\(fault)")
    }

    /// A copy of the request comes again some time later; nobody hears the answer.
    private func haunt(_ path: String, _ frames: [Frame]) {
        world.count(.requestRepeated)
        let (server, key, clock) = (server, host.key.publicKey, clock)
        let pause = Int64(dice.word() % 10_000)
        Task {
            do {
                try await clock.sleep(.milliseconds(pause))
                try await server.answer(path, frames, from: key) { _ in }
            } catch {
                // The server died meanwhile: the ghost with it.
                return
            }
        }
    }
}
