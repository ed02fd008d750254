import ChangeLog
import OfflineReplica

extension Player {
    /// So many living copies a device has at most.
    private static let livingCopies = 2

    func keepDisk(of host: ReplicaHost) throws {
        try host.keepDisk()
        world.log.note("the disk of \(host.name) is copied")
    }

    /// The device is lost with its disk, and another one goes on from the older copy.
    func putBack(_ host: ReplicaHost) throws {
        guard let kept = host.kept else { return }
        // Nothing runs on it any more: what it holds now is what is lost.
        try host.revive(world)
        try lose(after: kept, host)
        try host.putBack(kept, disk: world.anotherDisk())
        world.verdicts.forget(host.name)
        world.care.forget(host.name)
        world.log.count(.diskRestored)
        world.log.note("the disk of \(host.name) is lost, and an older copy put back")
    }

    /// What the server told this disk that it has is to come back; what nobody ever received cannot.
    private func lose(after kept: ReplicaHost.KeptDisk, _ host: ReplicaHost) throws {
        let gone = host.line.edits.filter { kept.line.edits[$0.key] != $0.value }.sorted { $0.key < $1.key }
        let continuations = world.continuations
        let replica = host.replica
        let known = try world.wait {
            try await replica.read { reader in
                try gone.map { number, edit in
                    let name = try continuations.name(of: number, in: reader)
                    let status = try reader.status(of: name)
                    let isReceived = status.map(Self.isReceived) ?? false
                    let word = Oracle.Loss.Word(epoch: try reader.view().epoch, position: status?.position)
                    return (edit, name, isReceived ? word : nil)
                }
            }
        }
        for (edit, name, word) in known {
            world.oracle.lose(edit, called: name, word)
            world.log.note("\(name.short) is lost with the disk, \(word == nil ? "in doubt" : "received")")
        }
    }

    private static func isReceived(_ status: ChangeStatus) -> Bool {
        switch status.state {
        case .accepted, .held: true
        // Behind 0 is also what the server says of what it never heard of.
        case .waiting: status.behind != 0
        case .queued, .refused: false
        }
    }

    /// Somebody goes on with a copy of the disk, and somebody with the disk.
    func copyReplica(of host: ReplicaHost) throws {
        guard let device = host.original ?? world.hosts.firstIndex(where: { $0 === host }) else { return }
        let number = world.hosts.count { $0.original == device } + 1
        guard number <= Self.livingCopies, let kept = host.kept else { return }
        let copy = try ReplicaHost(
            copying: kept, of: host, original: device, name: "\(world.hosts[device].name)'s copy \(number)",
            disk: world.anotherDisk())
        host.isOneOfMany = true
        (copy.isRevoked, copy.isLost) = (host.isRevoked, host.isLost)
        if copy.isRevoked { world.leaks.silence(copy.name) }
        world.add(copy: copy)
        world.log.count(.replicaCopied)
        world.log.note("\(copy.name) is a copy of the disk of \(host.name)")
    }
}
