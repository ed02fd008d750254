import ChangeLog

/// What was recorded on one disk, by number: a number stays when a copy goes on as another replica.
///
/// Two disks of one replica give one number to different edits. So the oracle knows each edit by a name that no
/// program ever hears of: of the disk that it was made on.
struct DiskLine: Sendable {
    private(set) var edits: [UInt64: ChangeID] = [:]
    private let disk: ReplicaID

    /// - Parameter disk: which of all disks it is.
    init(disk: Int, copying other: DiskLine? = nil) {
        self.disk = ReplicaID(Identifier128(high: 0xd15c, low: UInt64(disk)))
        edits = other?.edits ?? [:]
    }

    /// - Returns: what the oracle calls it.
    mutating func note(_ number: UInt64) -> ChangeID {
        let name = ChangeID(replica: disk, number: number)
        edits[number] = name
        return name
    }
}
