import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import SyncServer

extension Player {
    /// Somebody has the key of an enrolled device and what another one has sent, and tries what comes of it:
    /// as it was, or with a bit turned. Nothing may.
    func forge(as host: ReplicaHost, _ dice: inout SplitMix64) {
        let victim = world.hosts[dice.below(World.deviceCount)]
        let path = dice.chance(80) ? "/push" : "/pull"
        guard var frames = victim.said[path], !frames.isEmpty else { return }
        // Whoever has the device's own key may go on as it by any name: nothing is forged then.
        let isSameDevice = victim.replica.identity.device == host.replica.identity.device
        let isContinuing = frames.contains { if case .continue = $0 { true } else { false } }
        guard !isSameDevice || !isContinuing else { return }
        if dice.chance(70) {
            let index = dice.below(frames.count)
            var bytes = frames[index].bytes
            // The head stays: only what is a frame is looked at.
            guard bytes.count > 5 else { return }
            bytes[5 + dice.below(bytes.count - 5)] ^= 1 << UInt8(dice.below(8))
            var decoder = FrameDecoder()
            decoder.append(bytes)
            // What is no frame any more is the decoder's affair.
            guard let frame = try? decoder.next() else { return }
            frames[index] = frame
        } else if victim === host {
            return
        }
        // It would wait for ever.
        let isLive = frames.contains { if case .want(let want) = $0 { want.isLive } else { false } }
        guard !isLive else { return }
        world.log.count(.forgery)
        world.log.note("somebody sends what \(victim.name) sent as \(host.name)")
        let (server, key) = (world.server, host.key.publicKey)
        Task { [frames] in
            do { try await server.answer(path, frames, from: key) { _ in } } catch {
                // The server died meanwhile.
                return
            }
        }
    }

    /// The last device is retired or lost, once.
    func revokeDevice(_ isLost: Bool) throws {
        let host = world.hosts[World.deviceCount - 1]
        guard !host.isRevoked, let service = world.server.service else { return }
        let device = host.replica.identity.device
        host.unsureRevocation = isLost
        do {
            try world.wait { try await service.revoke(device: device, lost: isLost) }
        } catch is PowerLost { return } catch is ServerError { return }
        host.unsureRevocation = nil
        for copy in world.hosts where copy.replica.identity.device == device {
            (copy.isRevoked, copy.isLost) = (true, isLost)
            world.leaks.silence(copy.name)
        }
        world.log.count(.deviceRevoked)
        world.log.note("\(host.name) is \(isLost ? "lost" : "retired")")
    }
}
