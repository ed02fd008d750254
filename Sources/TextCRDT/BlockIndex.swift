/// Where to begin to look for the record that a number is in, when records stand in the order of their numbers:
/// for every 8th number its record, so that a look-up is a short walk, however many records there are. The first
/// 16 records are walked through without.
struct BlockIndex: Sendable {
    private static let shift = 3

    private var records: [UInt32] = []

    /// Numbers below `count` that were not known yet are of a record.
    @inline(__always)
    mutating func grow(to count: Int, of record: Int) {
        if record < 16 { return }
        // Those of the first records begin at the first one.
        let first = records.isEmpty ? 0 : record
        while records.count << Self.shift < count { records.append(UInt32(first)) }
    }

    /// The place of the record that a known number is in, among records that begin at some number each.
    @inline(__always)
    func find<Record>(_ number: Int, in all: [Record], _ first: (Record) -> Int) -> Int {
        all.withUnsafeBufferPointer { all in
            var record = records.isEmpty ? 0 : Int(records[number >> Self.shift])
            while record + 1 < all.count, first(all[record + 1]) <= number { record += 1 }
            return record
        }
    }
}
