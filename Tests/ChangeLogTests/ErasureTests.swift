import ChangeLog
import Testing
import TextCRDT

@Suite("What an erasure leaves")
struct ErasureTests {
    private let record = Samples.record

    private var change: Change {
        var change = Samples.change
        change.operations = [
            .write(record, "name", .register, .text("Zoë 𝄞")),
            .write(record, "list", .immutable, .list([.text("ab"), .list([.integer(7), .text("cd")])])),
            .edit(
                record, "essay", check: .empty, [.delete(at: 0, count: 2), .insert(at: 1, text: "geheim")]),
            .insert(record, "tags", .text("x")), .take(record, "tags", .text("x")),
            .resolve(record, "name", .register, .value(.text("ja")), settling: [Samples.first]),
            .remove(record, settling: []),
        ]
        return change
    }

    private func erased(_ marks: [ErasureMark]) -> [Operation] {
        change.erasing(marks, hash: Samples.hash).operations
    }

    // P-171
    @Test func aTextKeepsItsLengthAndOtherValuesGo() {
        #expect(
            erased([ErasureMark(operation: 0, path: [], count: 5)])[0]
                == .write(record, "name", .register, .text("*****")))
        #expect(
            erased([ErasureMark(operation: 0, path: [], start: 1, count: 2)])[0]
                == .write(record, "name", .register, .text("Z** 𝄞")))
        #expect(
            erased([ErasureMark(operation: 1, path: [1, 0]), ErasureMark(operation: 1, path: [0], count: 2)])[
                1]
                == .write(record, "list", .immutable, .list([.text("**"), .list([.null, .text("cd")])])))
        #expect(
            erased([ErasureMark(operation: 2, path: [1], count: 6)])[2]
                == .edit(
                    record, "essay", check: .empty,
                    [.delete(at: 0, count: 2), .insert(at: 1, text: "******")]))
        #expect(
            erased([ErasureMark(operation: 3, path: [], count: 1)])[3] == .insert(record, "tags", .text("*")))
        #expect(
            erased([ErasureMark(operation: 4, path: [], count: 1)])[4] == .take(record, "tags", .text("*")))
        #expect(
            erased([ErasureMark(operation: 5, path: [], count: 9)])[5]
                == .resolve(record, "name", .register, .value(.text("**")), settling: [Samples.first]))
    }

    @Test func aPlaceThatIsNotThereChangesNothing() {
        let marks = [
            ErasureMark(operation: 99, path: []), ErasureMark(operation: 6, path: []),
            ErasureMark(operation: 1, path: []), ErasureMark(operation: 1, path: [2]),
            ErasureMark(operation: 1, path: [0, 0]), ErasureMark(operation: 2, path: [0], count: 6),
            ErasureMark(operation: 2, path: []), ErasureMark(operation: 2, path: [1, 1], count: 6),
            ErasureMark(operation: 0, path: [], start: 6, count: 1),
            ErasureMark(operation: 0, path: [], start: .max, count: .max),
        ]
        #expect(change.erasing(marks, hash: Samples.hash) == change)
    }

    /// Whatever comes first, and however often.
    @Test func marksCommuteAndOnceIsEnough() {
        let marks = [
            ErasureMark(operation: 0, path: [], start: 1, count: 2),
            ErasureMark(operation: 0, path: [], start: 2, count: 9),
            ErasureMark(operation: 1, path: [1, 0]), ErasureMark(operation: 2, path: [1], start: 3, count: 1),
        ]
        let all = change.erasing(marks, hash: Samples.hash)
        #expect(change.erasing(marks.reversed(), hash: Samples.hash) == all)
        #expect(all.erasing(marks, hash: Samples.hash) == all)
        let steps = marks.reduce(change) { $0.erasing([$1], hash: Samples.hash) }
        #expect(steps == all)
    }

    // P-170
    @Test func theChainStandsOnWhatWasSigned() throws {
        let erased = change.erasing([ErasureMark(operation: 0, path: [], count: 5)], hash: Samples.hash)
        let commitment = Chain.commitment(of: change, hash: Samples.hash)
        #expect(erased.salt == .erased(commitment: commitment))
        #expect(
            Chain.hash(of: erased, previous: .zero, hash: Samples.hash)
                == Chain.hash(of: change, previous: .zero, hash: Samples.hash))
        #expect(Chain.salt(of: erased, hash: Samples.hash) == nil)
        #expect(try Change(canonicalBytes: erased.canonicalBytes) == erased)
        // Not longer, so that no limit is passed.
        #expect(erased.contentBytes.count <= change.contentBytes.count)
    }

    /// The commitment is longer than the salt: what was as large as can be is still read.
    @Test func theLargestChangeCanBeErased() throws {
        var largest = change
        largest.salt = .plain(Identifier128(high: 1, low: 2))
        func text(_ count: Int) -> Operation {
            .write(record, "name", .register, .text(String(repeating: "x", count: count)))
        }
        largest.operations = [text(Limits.textBytes - 8), text(1 << 19), text(1 << 18)]
        let room = Limits.changeBytes - largest.canonicalBytes.count
        largest.operations[2] = text((1 << 18) + room)
        #expect(largest.canonicalBytes.count == Limits.changeBytes)
        let erased = largest.erasing([ErasureMark(operation: 1, path: [], count: 9)], hash: Samples.hash)
        #expect(try Change(canonicalBytes: erased.canonicalBytes) == erased)
        #expect(throws: ChangeLogError(.tooLarge, "")) {
            var larger = largest
            larger.operations[2] = text((1 << 18) + room + 1)
            _ = try Change(canonicalBytes: larger.canonicalBytes)
        }
    }

    @Test func whatTheServerWritesIsReadAgain() {
        let marks = [
            ErasureMark(operation: 2, path: [1, 4], start: 3, count: 1), ErasureMark(operation: 0, path: []),
        ]
        let erasures = [Erasure(of: Samples.first, marks), Erasure(of: Samples.second, [marks[1]])]
        let operations = erasures.flatMap { $0.operations(Samples.hash) }
        #expect(Erasure.all(in: operations, hash: Samples.hash) == erasures)
        // Marks that follow no creation, or a creation under another id, say nothing.
        #expect(Erasure.all(in: Array(operations.dropFirst()), hash: Samples.hash) == [erasures[1]])
        guard case .create(_, let kind, _, let key) = operations[0] else { return #expect(Bool(false)) }
        let moved = [Operation.create(record, kind: kind, parent: nil, key: key)] + operations.dropFirst()
        #expect(Erasure.all(in: moved, hash: Samples.hash) == [erasures[1]])
    }

    @Test(arguments: [
        Value.null, .list([]), .list([.integer(-1), .list([]), .integer(0), .integer(0)]),
        .list([.integer(0), .list([.text("0")]), .integer(0), .integer(0)]),
        .list([.integer(0), .list([]), .integer(0), .integer(-1)]),
        .list([.integer(0), .list([]), .integer(0), .integer(0), .integer(0)]),
    ])
    func anythingElseIsNoMark(_ value: Value) { #expect(ErasureMark(value) == nil) }
}
