package import Foundation
package import TextCRDT

/// A history as it is published to compare engines of this family: what each author did, and what it comes to.
///
///     {"endContent": "ab", "txns": [{"agent": "ann", "seqStart": 0, "span": [0, 2], "parents": [], "ops": [[0, 0, "ab"]]}]}
///
/// Each scalar that is inserted or deleted is an event of its own. It has a number in the file (`span`) and one among those
/// of its agent (from `seqStart` on); `parents` are numbers in the file, of what the first event of a transaction was made
/// on. Each other one was made on the one before it. Ties go to the agent whose name has the lower bytes.
package struct PublishedHistory: Codable, Sendable {
    package struct Transaction: Codable, Sendable {
        var agent: String
        var seqStart: UInt64
        var span: [Int]
        var parents: [Int]
        var ops: [Operation]
    }

    /// What is taken away somewhere, or what is put there: one of both.
    package struct Operation: Codable, Sendable {
        var place: Int
        var deleted: Int
        var inserted: String

        init(_ operation: TextOperation) {
            switch operation {
            case .insert(let index, let text): (place, deleted, inserted) = (index, 0, text)
            case .delete(let index, let count): (place, deleted, inserted) = (index, count, "")
            }
        }

        package init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            place = try list.decode(Int.self)
            deleted = try list.decode(Int.self)
            inserted = try list.decode(String.self)
        }

        package func encode(to encoder: any Encoder) throws {
            var list = encoder.unkeyedContainer()
            try list.encode(place)
            try list.encode(deleted)
            try list.encode(inserted)
        }

        var count: Int { deleted + inserted.unicodeScalars.count }
    }

    /// What the history says of itself that cannot be.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package var endContent: String
    package var txns: [Transaction]

    package init(endContent: String, txns: [Transaction]) {
        (self.endContent, self.txns) = (endContent, txns)
    }

    /// All of a file, each with the number of its line, or of its place in the one list of the older form. What is no
    /// history stands there as the fault that it is.
    package static func all(in file: Data) -> [(number: Int, history: Result<PublishedHistory, any Error>)] {
        let bytes = Gzip.unpacked([UInt8](file)) ?? [UInt8](file)
        let decoder = JSONDecoder()
        let first = bytes.first { !$0.isSpace }
        if first == UInt8(ascii: "[") {
            do {
                let all = try decoder.decode([PublishedHistory].self, from: Data(bytes))
                return all.enumerated().map { ($0.offset + 1, .success($0.element)) }
            } catch {
                return [(1, .failure(error))]
            }
        }
        var all: [(Int, Result<PublishedHistory, any Error>)] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        where !line.allSatisfy(\.isSpace) {
            all.append((index + 1, Result { try decoder.decode(PublishedHistory.self, from: Data(line)) }))
        }
        return all
    }

    /// What the engine makes of it, replayed and read from its own file: nil where that is `endContent`.
    package func difference() throws -> (what: String, text: String)? {
        let history = try replayed()
        let text = history.text
        if !text.utf8.elementsEqual(endContent.utf8) { return ("replayed", text) }
        let read = try TextHistory(encoded: history.encoded()).text
        return read.utf8.elementsEqual(endContent.utf8) ? nil : ("read from a file", read)
    }

    /// - Throws: `Fault` where the history breaks a rule of its form or of the engine: an event has one name and one
    ///   number, is made on events that came before it, and within the text that stood there.
    package func replayed() throws -> TextHistory {
        let names = Set(txns.map { Array($0.agent.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
        let ranks = Dictionary(
            uniqueKeysWithValues: names.enumerated().map { ($0.element, UInt64($0.offset)) })
        var history = TextHistory()
        var ids: [Int: TextEventID] = [:]
        for (index, transaction) in txns.enumerated() {
            func fault(_ what: String) -> Fault { Fault(description: "transaction \(index): \(what)") }
            let agent = TextAgent(high: 0, low: ranks[Array(transaction.agent.utf8)] ?? 0)
            let count = transaction.ops.reduce(0) { $0 + $1.count }
            guard transaction.span.count == 2, transaction.span[1] - transaction.span[0] == count else {
                throw fault("its span \(transaction.span) is not that of its \(count) events")
            }
            var (number, sequence) = (transaction.span[0], transaction.seqStart)
            var parents = try transaction.parents.map { parent in
                guard let id = ids[parent] else { throw fault("its parent \(parent) is not before it") }
                return id
            }
            for operation in transaction.ops {
                guard operation.deleted == 0 || operation.inserted.isEmpty, operation.count > 0 else {
                    throw fault("an operation deletes or inserts, and not both or nothing")
                }
                for single in operation.singles {
                    let id = TextEventID(agent: agent, sequence: sequence)
                    guard ids.updateValue(id, forKey: number) == nil else {
                        throw fault("event \(number) is there already")
                    }
                    do {
                        try history.add(id, parents: parents, operations: [single])
                    } catch {
                        throw fault("event \(number), \(transaction.agent) \(sequence): \(error.message)")
                    }
                    parents = [id]
                    (number, sequence) = (number + 1, sequence &+ 1)
                }
            }
        }
        return history
    }
}

extension PublishedHistory.Operation {
    /// Scalar by scalar.
    fileprivate var singles: [TextOperation] {
        if deleted > 0 { return (0..<deleted).map { _ in .delete(at: place, count: 1) } }
        return inserted.unicodeScalars.enumerated().map {
            .insert(at: place + $0.offset, text: String($0.element))
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }
}
