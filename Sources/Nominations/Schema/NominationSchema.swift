public import ChangeLog

/// The record kinds of this domain and the merge policy of each field.
public enum NominationSchema {
    /// Raised with each new field or kind: 2 brought reviews, scores, recusals and witnesses, 3 erasures.
    public static let version: UInt32 = 3

    public static let schema = Schema(
        version: version,
        kinds: roster + [
            edition, criterion, nomination, example, standing, submission, assignment, annotation, review,
            score, recusal,
        ])

    private static let roster = [
        KindSchema(
            .erasure,
            fields: [FieldSchema(Roster.erasureMarks, .appendOnly, .list, isEditable: false)]),
        KindSchema(
            .witness, fields: [FieldSchema(WitnessField.lodged, .decided, .instant, isEditable: false)]),
        KindSchema(
            .person, title: PersonField.name,
            fields: [
                FieldSchema(PersonField.name, .decided, .text, isEditable: false),
                FieldSchema(PersonField.roles, .decided, .list, isEditable: false),
                FieldSchema(PersonField.organisation, .decided, .record, isEditable: false),
            ]),
        KindSchema(
            .device, title: Roster.deviceName,
            fields: [
                FieldSchema(Roster.devicePerson, .decided, .record, isEditable: false),
                FieldSchema(Roster.deviceReplicas, .decided, .list, isEditable: false),
                FieldSchema(Roster.deviceContinuations, .decided, .list, isEditable: false),
                FieldSchema(Roster.deviceStanding, .decided, .text, isEditable: false),
                FieldSchema(Roster.bundleKey, .decided, .bytes, isEditable: false),
                FieldSchema(Roster.deviceName, .decided, .text, isEditable: false),
            ]),
        KindSchema(
            .association, title: AssociationField.name,
            fields: [FieldSchema(AssociationField.name, .decided, .text, isEditable: false)]),
        KindSchema(
            .organisation, title: OrganisationField.name,
            fields: [
                FieldSchema(OrganisationField.name, .decided, .text, isEditable: false),
                FieldSchema(OrganisationField.kvk, .decided, .text, isEditable: false),
                FieldSchema(OrganisationField.shortName, .quiet, .text, isEditable: false),
            ]),
    ]

    private static let edition = KindSchema(
        .edition, title: EditionField.name,
        fields: [
            FieldSchema(EditionField.name, .register, .text),
            FieldSchema(EditionField.predicate, .register, .text),
            FieldSchema(EditionField.call, .text, .text),
            FieldSchema(EditionField.referenceDate, .decided, .date),
            FieldSchema(EditionField.opens, .decided, .instant),
            FieldSchema(EditionField.closes, .decided, .instant),
            FieldSchema(EditionField.graceHours, .decided, .integer),
            FieldSchema(EditionField.regionKind, .decided, .text, choices: regionKinds),
            FieldSchema(
                EditionField.phase, .decided, .text, choices: EditionPhase.allCases.map(\.rawValue),
                isEditable: false),
        ])

    private static let criterion = KindSchema(
        .criterion, parents: [.edition], title: CriterionField.name,
        fields: [
            FieldSchema(CriterionField.name, .register, .text),
            FieldSchema(CriterionField.description, .text, .text),
            FieldSchema(CriterionField.weight, .register, .integer),
            FieldSchema(CriterionField.order, .quiet, .integer),
        ])

    private static let nomination = KindSchema(
        .nomination, title: NominationField.nomineeName,
        fields: [
            FieldSchema(NominationField.motivation, .text, .text),
            FieldSchema(NominationField.title, .register, .text),
            FieldSchema(
                NominationField.relation, .register, .text, choices: Relation.allCases.map(\.rawValue)),
            FieldSchema(NominationField.strengths, .set, .text),
            FieldSchema(NominationField.contactPerson, .register, .text),
            FieldSchema(NominationField.autoSubmit, .register, .boolean),
            FieldSchema(NominationField.nomineeName, .immutable, .text, isEditable: false),
            FieldSchema(NominationField.nomineeCode, .immutable, .text, isEditable: false),
            FieldSchema(NominationField.referenceDate, .immutable, .date, isEditable: false),
        ])

    private static let example = KindSchema(
        .example, parents: [.nomination], title: ExampleField.title,
        fields: [
            FieldSchema(ExampleField.title, .register, .text),
            FieldSchema(ExampleField.description, .text, .text),
            FieldSchema(ExampleField.criteria, .set, .record),
            FieldSchema(ExampleField.place, .register, .text),
            FieldSchema(ExampleField.period, .register, .text),
            FieldSchema(ExampleField.evidence, .register, .text),
        ])

    private static let standing = KindSchema(
        .standing,
        fields: [
            FieldSchema(
                StandingField.standing, .decided, .text, choices: Standing.allCases.map(\.rawValue),
                isEditable: false)
        ])

    private static let submission = KindSchema(
        .submission, parents: [.standing],
        fields: [
            FieldSchema(SubmissionField.content, .immutable, .list, isEditable: false),
            FieldSchema(SubmissionField.base, .immutable, .list, isEditable: false),
            FieldSchema(SubmissionField.contributors, .set, .record, isEditable: false),
        ])

    private static let assignment = KindSchema(
        .assignment,
        fields: [
            FieldSchema(AssignmentField.assignee, .quiet, .record),
            FieldSchema(AssignmentField.note, .register, .text),
        ])

    private static let annotation = KindSchema(
        .annotation,
        fields: [
            FieldSchema(AnnotationField.target, .register, .list, isEditable: false),
            FieldSchema(AnnotationField.body, .text, .text),
            FieldSchema(
                AnnotationField.stance, .register, .text, choices: Stance.allCases.map(\.rawValue)),
            FieldSchema(AnnotationField.quote, .register, .text),
            FieldSchema(AnnotationField.criteria, .set, .record),
        ])

    private static let review = KindSchema(
        .review, title: ReviewField.nomineeName,
        fields: [
            FieldSchema(ReviewField.motivation, .text, .text),
            FieldSchema(ReviewField.advice, .register, .text, choices: Advice.allCases.map(\.rawValue)),
            FieldSchema(
                ReviewField.standing, .decided, .text, choices: [ReviewField.submitted], isEditable: false),
            FieldSchema(ReviewField.revision, .decided, .integer, isEditable: false),
            FieldSchema(ReviewField.nomineeName, .immutable, .text, isEditable: false),
        ])

    private static let score = KindSchema(
        .score, parents: [.review],
        fields: [
            FieldSchema(ScoreField.criterion, .immutable, .record, isEditable: false),
            FieldSchema(ScoreField.score, .register, .integer),
            FieldSchema(ScoreField.remark, .text, .text),
        ])

    private static let recusal = KindSchema(
        .recusal,
        fields: [
            FieldSchema(RecusalField.recused, .decided, .boolean, isEditable: false),
            FieldSchema(RecusalField.nominee, .immutable, .text, isEditable: false),
            FieldSchema(RecusalField.edition, .immutable, .record, isEditable: false),
        ])

    /// `Region.Kind` by raw value, spelt out: a schema does not change with another module.
    private static let regionKinds = ["COROP", "arbeidsmarktregio", "veiligheidsregio"]
}
