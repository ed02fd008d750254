import ChangeLog
import MunicipalRegister
import Nominations
import OfflineReplica

/// Edits of single fields by chance, as people make them in examples.
struct FieldEdits {
    var examples: [RecordID]
    private var generator: SplitMix64

    /// Fields that are written whole, and how many letters people put into them.
    static let fields: [(name: FieldName, letters: Int)] = [
        (ExampleField.title, 24), (ExampleField.place, 10), (ExampleField.period, 10),
        (ExampleField.evidence, 20),
    ]

    init(of examples: [RecordID], seed: UInt64) {
        self.examples = examples
        generator = SplitMix64(seed: seed)
    }

    mutating func next() -> (example: RecordID, field: FieldName, value: String) {
        let example = examples[Int.random(in: 0..<examples.count, using: &generator)]
        let field = Self.fields[Int.random(in: 0..<Self.fields.count, using: &generator)]
        return (example, field.name, words(field.letters))
    }

    /// The next one, as it goes into a change.
    mutating func operation() -> Operation {
        let (example, field, value) = next()
        return .write(example, field, .register, .text(value))
    }

    mutating func bits() -> Identifier128 { Identifier128(high: generator.next(), low: generator.next()) }

    mutating func words(_ letters: Int) -> String {
        var text = ""
        for index in 0..<letters {
            let isGap = index % 6 == 5
            text.append(isGap ? " " : Self.alphabet[Int.random(in: 0..<26, using: &generator)])
        }
        return text
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
}

/// What one organisation writes: nominations with examples, and then edits of these.
struct Dossiers {
    private let edition: RecordID
    private let organisation: RecordID
    private(set) var edits: FieldEdits

    /// - Parameter seed: not the association's, from which it draws its ids.
    init(edition: RecordID, organisation: RecordID, seed: UInt64) {
        self.edition = edition
        self.organisation = organisation
        edits = FieldEdits(of: [], seed: seed)
    }

    /// The changes that nominate a municipality with so many examples.
    mutating func nominate(_ index: Int, examples count: Int) throws -> [[Operation]] {
        let digits = String(index + 10_000).dropFirst()
        guard let nominee = NomineeID(text: "m-GM\(digits)") else {
            throw BenchmarkError("GM\(digits) is no code")
        }
        let key = NominationKey(edition: edition, organisation: organisation, nominee: nominee)
        let nomination = key.nomination(Replica.hash)
        var changes: [[Operation]] = [
            [
                .create(nomination, kind: .nomination, parent: nil, key: key.recordKey),
                .write(nomination, NominationField.nomineeName, .immutable, .text("Gemeente \(digits)")),
                .write(nomination, NominationField.nomineeCode, .immutable, .text("GM\(digits)")),
            ]
        ]
        for _ in 0..<count {
            let example = RecordID(edits.bits())
            edits.examples.append(example)
            changes.append(
                [.create(example, kind: .example, parent: nomination, key: nil)]
                    + FieldEdits.fields.map {
                        .write(example, $0.name, .register, .text(edits.words($0.letters)))
                    })
        }
        return changes
    }

    mutating func edit() -> [Operation] { [edits.operation()] }
}
