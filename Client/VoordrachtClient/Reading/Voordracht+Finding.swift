import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import OfflineReplica

extension Voordracht {
    /// The record that a person means: by its id, a unique beginning of it of at least 6 digits, or a
    /// name; a nomination also by its nominee's name, alias or code.
    ///
    /// - Parameters:
    ///   - text: as the person typed it.
    ///   - kinds: what may be meant; nil for everything.
    /// - Throws: `FaceError` `recordUnknown` or `recordAmbiguous`, with what may have been meant.
    public func find(_ text: String, among kinds: [RecordKind]? = nil) async throws -> RecordID {
        try await read { try $0.find(text, among: kinds) }
    }

    /// The person that a name or an id means.
    ///
    /// - Throws: `FaceError` `personUnknown` or `personAmbiguous`.
    public func findPerson(_ text: String) async throws -> RecordID {
        do {
            return try await find(text, among: [.person])
        } catch let error as FaceError where error.code == .recordUnknown {
            throw FaceError(.personUnknown, [text], suggestions: error.suggestions)
        } catch let error as FaceError where error.code == .recordAmbiguous {
            throw FaceError(.personAmbiguous, [text], suggestions: error.suggestions)
        }
    }

    /// What an annotation is about: a record that is meant as in `find`, or else a nominee.
    ///
    /// - Parameters:
    ///   - text: as the person typed it.
    ///   - edition: of the nominee; nil for the only open one.
    public func findTarget(_ text: String, edition: String? = nil) async throws -> AnnotationTarget {
        try await read { view in
            do {
                let record = try view.find(text, among: Self.annotated)
                guard let audience = try view.audience(of: record),
                    let kind = try view.merged(record, in: audience)?.kind
                else { throw FaceError(.recordUnknown, [text]) }
                return .record(record, kind: kind)
            } catch let error as FaceError where error.code == .recordUnknown {
                if let target = try view.submittedTarget(text) { return target }
                return .nominee(
                    try view.nominee(text, instead: error), edition: try view.edition(edition).id)
            }
        }
    }

    private static let annotated: [RecordKind] = [.nomination, .example, .annotation, .criterion, .edition]
}

extension ReplicaView {
    fileprivate func find(_ text: String, among kinds: [RecordKind]?) throws -> RecordID {
        var fitting: [RecordSummary] = []
        if let digits = Reference.digits(text) { fitting = try reader.resolve(prefix: digits) }
        fitting = fitting.filter { kinds?.contains($0.kind) ?? true }
        if fitting.isEmpty {
            fitting = try reader.titled(text).filter { kinds?.contains($0.kind) ?? true }
            if fitting.isEmpty { fitting = try nominations(of: text, among: kinds) }
            if fitting.isEmpty, kinds == nil { fitting = try submissions(about: text) }
        }
        var records: [RecordID] = []
        for summary in fitting where !records.contains(summary.record) { records.append(summary.record) }
        if records.count == 1 { return records[0] }
        let named = records.isEmpty ? try near(text, among: kinds) : fitting
        let names = named.prefix(Self.listed).map { summary in
            "\(Reference.text(summary.record, kind: summary.kind)) \(summary.kind) \(summary.title)"
        }
        throw FaceError(
            records.isEmpty ? .recordUnknown : .recordAmbiguous, [text], suggestions: Array(names))
    }

    /// The most candidates that are listed.
    private static let listed = 20

    /// Records whose titles could be a slip of the pen for this one, the most alike first.
    private func near(_ text: String, among kinds: [RecordKind]?) throws -> [RecordSummary] {
        let known = try (kinds ?? Self.titled).flatMap { try reader.summaries(of: $0) }
        let titles = EditDistance.near(Array(Set(known.map(\.title))).sorted(), to: text)
        return titles.prefix(Self.near).flatMap { title in
            known.filter { Array($0.title.utf8) == Array(title.utf8) }
        }
    }

    /// The most titles that are proposed for one that is not there.
    private static let near = 5
    /// Kinds with titles that people type.
    private static let titled: [RecordKind] = [
        .nomination, .example, .criterion, .edition, .person, .organisation,
    ]

    /// Nominations by another name of their nominee.
    private func nominations(of text: String, among kinds: [RecordKind]?) throws -> [RecordSummary] {
        guard kinds?.contains(.nomination) ?? true else { return [] }
        let known = try reader.summaries(of: .nomination)
        guard !known.isEmpty else { return [] }
        let meant = Self.nominees(named: text)
        guard !meant.isEmpty else { return [] }
        return try known.filter { summary in
            let key = try merged(summary.record, in: summary.audience)?.nominationKey
            return key.map { meant.contains($0.nominee) } ?? false
        }
    }

    /// The latest submissions about a nominee, where their drafts are not here.
    private func submissions(about text: String) throws -> [RecordSummary] {
        let current = try currentSubmissions()
        guard !current.isEmpty else { return [] }
        let meant = Self.nominees(named: text)
        return try current.filter { meant.contains($0.0.content.key.nominee) }
            .compactMap { try reader.summary(of: $0.0.record, in: $0.1) }
    }

    private static func nominees(named text: String) -> [NomineeID] {
        switch MunicipalRegister.current.find(text) {
        case .found(let nominee): [nominee.id]
        case .ambiguous(let nominees): nominees.map(\.id)
        case .unknown: []
        }
    }

    /// What the register knows by this name.
    fileprivate func nominee(_ text: String, instead error: FaceError) throws -> NomineeID {
        switch MunicipalRegister.current.find(text, on: today) {
        case .found(let nominee): return nominee.id
        case .ambiguous(let nominees):
            throw FaceError(.recordAmbiguous, [text], suggestions: nominees.map { $0.name(on: today) })
        case .unknown(let near):
            throw FaceError(error.code, error.arguments, suggestions: error.suggestions + near.map(\.text))
        }
    }

    /// A nomination or an example that this replica knows by a submission only: by id, an example also
    /// by its title.
    fileprivate func submittedTarget(_ text: String) throws -> AnnotationTarget? {
        let digits = Reference.digits(text)
        let words = Array(text.lowercased().utf8)
        func isMeant(_ record: RecordID) -> Bool {
            digits.map { record.description.hasPrefix($0) } ?? false
        }
        var targets: [AnnotationTarget] = []
        for (submission, _) in try currentSubmissions() {
            let nomination = submission.content.key.nomination(hash)
            if isMeant(nomination) { targets.append(.record(nomination, kind: .nomination)) }
            for example in submission.content.examples {
                let title = example[ExampleField.title]?.text ?? ""
                guard isMeant(example.record) || Array(title.lowercased().utf8) == words else { continue }
                targets.append(.record(example.record, kind: .example))
            }
        }
        return targets.count == 1 ? targets[0] : nil
    }
}
