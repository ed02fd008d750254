import ChangeLog
import Merging
import MunicipalRegister

/// An annotation as people and scripts read it.
public struct AnnotationView: Hashable, Sendable, Encodable {
    public let record: String
    /// For whom it was written: `person`, `organisation`, `workgroup` or `jury`.
    public let visibility: String
    @Nullable public var author: NamedRecord?
    /// ISO 8601.
    public let time: String
    /// `nominee`, or the kind of the record that it is about.
    public let targetKind: String
    /// The id of that nominee or record.
    public let target: String
    @Nullable public var stance: String?
    public let body: String
    @Nullable public var quote: String?
    public let criteria: [NamedRecord]

    init?(_ annotation: MergedRecord, in audience: AudienceID, _ view: some NominationsReader) throws {
        guard let target = annotation[AnnotationField.target]?.value.flatMap({ AnnotationTarget($0) }),
            let creation = annotation.history.first(where: { $0.change == annotation.creation?.change })
        else { return nil }
        record = annotation.id.description
        visibility = String(audience.family)
        time = AmsterdamTime.iso(creation.time.milliseconds)
        switch target {
        case .nominee(let nominee, _): (targetKind, self.target) = ("nominee", nominee.text)
        case .record(let record, let kind): (targetKind, self.target) = (kind.name, record.description)
        }
        body = annotation[AnnotationField.body]?.value?.text ?? ""
        criteria = try (annotation[AnnotationField.criteria]?.value?.list ?? []).compactMap(\.record)
            .map { try view.named($0) }
        author = try view.author(creation.change.replica)
        stance = annotation[AnnotationField.stance]?.value?.text
        quote = annotation[AnnotationField.quote]?.value?.text
    }

    /// All annotations about a nominee of an edition that the view holds: counter-evidence first, then
    /// by stance, then by time.
    static func all(of subject: JuryKey, in view: some NominationsReader) throws -> [AnnotationView] {
        var annotations: [AnnotationView] = []
        for audience in try view.audiences() {
            for record in try view.visible(.annotation, in: audience) {
                guard let target = record[AnnotationField.target]?.value.flatMap({ AnnotationTarget($0) }),
                    try view.subject(of: target) == subject,
                    let annotation = try AnnotationView(record, in: audience, view)
                else { continue }
                annotations.append(annotation)
            }
        }
        return annotations.sorted { left, right in
            (left.rank, left.time, left.record) < (right.rank, right.time, right.record)
        }
    }

    private var rank: Int {
        let order: [Stance] = [.contradiction, .concern, .question, .strength]
        return stance.flatMap { Stance(rawValue: $0) }.flatMap { order.firstIndex(of: $0) } ?? order.count
    }
}
