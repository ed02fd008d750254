/// Where to begin to look for the record that a number is in, when records stand in the order of their numbers:
/// for every 8th number its record, so that a look-up is a short walk, however many records there are. The first
/// 16 records are walked through without.
struct BlockIndex: Sendable {
    static let shift = 3
    private static let few = 16

    private var records: [UInt32] = []

    init() {}

    /// Of so many records, what somebody has found out already.
    init(of records: Int, blocks: [UInt32]) { self.records = records > Self.few ? blocks : [] }

    /// Of all records of so many numbers; `first` tells where the one at a place begins.
    init(of records: Int, _ count: Int, first: (Int) -> Int) {
        if records <= Self.few { return }
        let blocks = Self.blocks(of: count)
        self.records = [UInt32](unsafeUninitializedCapacity: blocks) { target, written in
            Self.fill(target, of: records, count, first)
            written = blocks
        }
    }

    /// For each block of numbers the record that its first one is in.
    private static func fill(
        _ target: UnsafeMutableBufferPointer<UInt32>, of records: Int, _ count: Int, _ first: (Int) -> Int
    ) {
        var block = 0
        for record in 0..<records {
            let end = record + 1 < records ? first(record + 1) : count
            while block << shift < end {
                target[block] = UInt32(truncatingIfNeeded: record)
                block += 1
            }
        }
    }

    static func blocks(of count: Int) -> Int { (count + (1 << shift) - 1) >> shift }

    /// Numbers below `count` that were not known yet are of a record.
    @inline(__always)
    mutating func grow(to count: Int, of record: Int) {
        if record < Self.few { return }
        // Those of the first records begin at the first one.
        let first = records.isEmpty ? 0 : record
        while records.count << Self.shift < count { records.append(UInt32(first)) }
    }

    /// For the views, which look without asking whether a place exists.
    @inline(__always)
    func withBlocks<Result>(_ body: (UnsafeBufferPointer<UInt32>) throws -> Result) rethrows -> Result {
        try records.withUnsafeBufferPointer(body)
    }

    /// The place of the record that a known number is in, among records that begin at some number each.
    @inline(__always)
    static func find<Record>(
        _ number: Int, in all: UnsafeBufferPointer<Record>, _ blocks: UnsafeBufferPointer<UInt32>,
        _ first: (Record) -> UInt32
    ) -> Int {
        var record = blocks.isEmpty ? 0 : Int(blocks[number >> shift])
        let number = UInt32(truncatingIfNeeded: number)
        while record + 1 < all.count, first(all[record + 1]) <= number { record += 1 }
        return record
    }

    @inline(__always)
    func find<Record>(_ number: Int, in all: [Record], _ first: (Record) -> UInt32) -> Int {
        all.withUnsafeBufferPointer { all in
            records.withUnsafeBufferPointer { Self.find(number, in: all, $0, first) }
        }
    }
}
