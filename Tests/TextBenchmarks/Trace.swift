import Foundation
import TextCRDT

/// A recorded editing session: transactions with the versions they were made on, or one after the other.
struct Trace {
    struct Failure: Error { let message: String }

    struct Transaction {
        let parents: [Int]
        let agent: Int
        /// Position, how many scalars go, and what comes.
        let patches: [(Int, Int, String)]
    }

    let transactions: [Transaction]
    let endContent: String?
    let isSequential: Bool

    init(_ path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let file = try JSONDecoder().decode(File.self, from: data)
        isSequential = !file.txns.contains { $0.parents != nil }
        endContent = file.endContent
        transactions = file.txns.enumerated().map { number, entry in
            Transaction(
                parents: entry.parents ?? (number > 0 ? [number - 1] : []), agent: entry.agent ?? 0,
                patches: entry.patches.map { ($0.place, $0.count, $0.text) })
        }
        if let wrong = transactions.indices.first(where: { number in
            !transactions[number].parents.allSatisfy { (0..<number).contains($0) }
        }) {
            throw Failure(message: "transaction \(wrong) is made on one that is not before it")
        }
        guard file.startContent?.isEmpty ?? true else {
            throw Failure(message: "the text at the start has to be a transaction; bench.py makes it one")
        }
    }

    private struct File: Decodable {
        struct Entry: Decodable {
            let parents: [Int]?
            let agent: Int?
            let patches: [Patch]
        }

        struct Patch: Decodable {
            let place: Int
            let count: Int
            let text: String

            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                place = try list.decode(Int.self)
                count = try list.decode(Int.self)
                text = try list.decode(String.self)
            }
        }

        let txns: [Entry]
        let startContent: String?
        let endContent: String?
    }

    /// The history, with `body` called for each edit once it is in.
    func history(_ body: (TextEdit, TextHistory) -> Void = { _, _ in }) throws -> TextHistory {
        var history = TextHistory()
        var sequences: [Int: UInt64] = [:]
        let ids = transactions.map { transaction in
            sequences[transaction.agent, default: 0] += 1
            return TextEventID(
                agent: Self.agent(transaction.agent), sequence: sequences[transaction.agent] ?? 1)
        }
        for number in TextHistory.branchesInTurn(transactions.map(\.parents)) {
            let (id, transaction) = (ids[number], transactions[number])
            let parents = transaction.parents.map { ids[$0] }
            var operations = Self.operations(transaction.patches)
            do {
                try history.add(id, parents: parents, operations: operations)
            } catch {
                guard error.code == .outOfRange else { throw error }
                operations = Self.cut(transaction.patches, to: try history.length(at: parents))
                try history.add(id, parents: parents, operations: operations)
            }
            body(TextEdit(id: id, parents: parents, operations: operations), history)
        }
        return history
    }

    /// Ids as long as those of replicas, in the order of the trace's numbers.
    static func agent(_ number: Int) -> TextAgent {
        TextAgent(high: 0x6b0f_52c9_1e7d_a344, low: 0x93d1_0000_0000_0000 | UInt64(number))
    }

    /// Some traces reach beyond the end: such positions are cut to the length, as the peers do.
    private static func cut(_ patches: [(Int, Int, String)], to first: Int) -> [TextOperation] {
        var length = first
        var operations: [TextOperation] = []
        for (place, count, text) in patches {
            let start = min(place, length)
            let end = min(place + count, length)
            if end > start { operations.append(.delete(at: start, count: end - start)) }
            if !text.isEmpty { operations.append(.insert(at: start, text: text)) }
            length += text.unicodeScalars.count - (end - start)
        }
        return operations
    }

    static func operations(_ patches: [(Int, Int, String)]) -> [TextOperation] {
        patches.flatMap { place, count, text -> [TextOperation] in
            (count > 0 ? [.delete(at: place, count: count)] : [])
                + (text.isEmpty ? [] : [.insert(at: place, text: text)])
        }
    }
}
