import ChangeLog

/// The ids and names that a batch mentions, each once; entries name them by index.
struct BatchDictionary {
    var replicas = Interned<ReplicaID>()
    var audiences = Interned<AudienceID>()
    var names = Interned<String>()
    var records = Interned<RecordID>()
    var seeds = Interned<Identifier128>()
    var contexts = Interned<Context>()

    /// What rarely differs from one change to the next.
    struct Context: Hashable {
        let epoch: Epoch
        let schema: UInt32
    }

    /// Values in the order in which they first came.
    struct Interned<Element: Hashable> {
        private(set) var elements: [Element] = []
        private var indexes: [Element: UInt64] = [:]

        mutating func index(of element: Element) -> UInt64 {
            if let index = indexes[element] { return index }
            let index = UInt64(elements.count)
            indexes[element] = index
            elements.append(element)
            return index
        }
    }

    func write(to writer: inout ByteWriter) {
        writer.put(varint: UInt64(replicas.elements.count))
        for replica in replicas.elements { writer.put(bytes: replica.bytes) }
        writer.put(varint: UInt64(audiences.elements.count))
        for audience in audiences.elements { writer.put(name: audience.name) }
        writer.put(varint: UInt64(names.elements.count))
        for name in names.elements { writer.put(name: name) }
        writer.put(varint: UInt64(records.elements.count))
        for record in records.elements { writer.put(record: record) }
        writer.put(varint: UInt64(seeds.elements.count))
        for seed in seeds.elements { writer.put(bytes: seed.bytes) }
        writer.put(varint: UInt64(contexts.elements.count))
        for context in contexts.elements {
            writer.put(bytes: context.epoch.value.bigEndianBytes)
            writer.put(varint: UInt64(context.schema))
        }
    }
}

/// The same, read back.
struct BatchGlossary {
    let replicas: [ReplicaID]
    let audiences: [AudienceID]
    let names: [String]
    let records: [RecordID]
    let seeds: [Identifier128]
    let contexts: [BatchDictionary.Context]

    init(from reader: inout ByteReader) throws(ChangeLogError) {
        let limit = ProtocolLimits.dictionaryEntries
        var replicas: [ReplicaID] = []
        for _ in 0..<(try reader.count(limit: limit)) { replicas.append(ReplicaID(try reader.id())) }
        var audiences: [AudienceID] = []
        for _ in 0..<(try reader.count(limit: limit)) { audiences.append(try reader.audience()) }
        var names: [String] = []
        for _ in 0..<(try reader.count(limit: limit)) { names.append(try reader.name()) }
        var records: [RecordID] = []
        for _ in 0..<(try reader.count(limit: limit)) { records.append(try reader.record()) }
        var seeds: [Identifier128] = []
        for _ in 0..<(try reader.count(limit: limit)) { seeds.append(try reader.id()) }
        var contexts: [BatchDictionary.Context] = []
        for _ in 0..<(try reader.count(limit: limit)) {
            let epoch = Epoch(try reader.word())
            let start = reader.offset
            guard let schema = UInt32(exactly: try reader.varint()) else {
                throw ChangeLogError(.malformed, "a schema version above 32 bits", offset: start)
            }
            contexts.append(BatchDictionary.Context(epoch: epoch, schema: schema))
        }
        self.replicas = replicas
        self.audiences = audiences
        self.names = names
        self.records = records
        self.seeds = seeds
        self.contexts = contexts
    }
}

extension ByteReader {
    /// An audience by its name.
    mutating func audience() throws(ChangeLogError) -> AudienceID {
        let start = offset
        let length = try count(limit: Limits.audienceBytes)
        guard let audience = AudienceID(try utf8(length)) else {
            throw ChangeLogError(.malformed, "not the name of an audience", offset: start)
        }
        return audience
    }

    /// Hashes, as many as a varint in front says.
    mutating func hashes() throws(ChangeLogError) -> [ChangeHash] {
        var hashes: [ChangeHash] = []
        for _ in 0..<(try count(limit: ProtocolLimits.links)) { hashes.append(try hash()) }
        return hashes
    }
}

extension ByteWriter {
    mutating func put(hashes: [ChangeHash]) {
        put(varint: UInt64(hashes.count))
        for hash in hashes { put(bytes: hash.bytes) }
    }
}
