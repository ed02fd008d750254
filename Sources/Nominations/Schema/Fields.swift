public import ChangeLog

/// The fields of a person, beside the roster's name.
public enum PersonField {
    public static let name = Roster.personName
    /// Decided: a list of the texts of ``Role``; empty for somebody who is no longer active.
    public static let roles: FieldName = "roles"
    /// Decided: the member organisation that the person works for, or null.
    public static let organisation: FieldName = "organisation"
}

/// The fields of the association.
public enum AssociationField {
    public static let name: FieldName = "name"
}

/// The fields of a member organisation.
public enum OrganisationField {
    public static let name: FieldName = "name"
    /// Decided: the number in the trade register, eight digits.
    public static let kvk: FieldName = "kvk"
    public static let shortName: FieldName = "shortName"
}

/// The fields of an edition.
public enum EditionField {
    public static let name: FieldName = "name"
    /// What laureates may call themselves.
    public static let predicate: FieldName = "predicate"
    public static let call: FieldName = "call"
    /// Decided: the day on which nominees are taken as they are.
    public static let referenceDate: FieldName = "referenceDate"
    public static let opens: FieldName = "opens"
    /// Decided: the last millisecond at which a submission is in time.
    public static let closes: FieldName = "closes"
    public static let graceHours: FieldName = "graceHours"
    /// Decided: which division of the country regions belong to, as `Region.Kind`.
    public static let regionKind: FieldName = "regionKind"
    /// Decided: a text of ``EditionPhase``.
    public static let phase: FieldName = "phase"
}

/// The fields of a criterion.
public enum CriterionField {
    public static let name: FieldName = "name"
    public static let description: FieldName = "description"
    public static let weight: FieldName = "weight"
    public static let order: FieldName = "order"
}

/// The fields of a nomination.
public enum NominationField {
    public static let motivation: FieldName = "motivation"
    public static let title: FieldName = "title"
    /// A text of ``Relation``.
    public static let relation: FieldName = "relation"
    public static let strengths: FieldName = "strengths"
    public static let contactPerson: FieldName = "contactPerson"
    /// Whether merged draft state is submitted by itself at each exchange; absent means yes.
    public static let autoSubmit: FieldName = "autoSubmit"
    public static let nomineeName: FieldName = "nomineeName"
    public static let nomineeCode: FieldName = "nomineeCode"
    public static let referenceDate: FieldName = "referenceDate"
}

/// The fields of an example.
public enum ExampleField {
    public static let title: FieldName = "title"
    public static let description: FieldName = "description"
    /// A set of criterion records.
    public static let criteria: FieldName = "criteria"
    public static let place: FieldName = "place"
    public static let period: FieldName = "period"
    public static let evidence: FieldName = "evidence"
}

/// The fields of a standing.
public enum StandingField {
    /// Decided: a text of ``Standing``.
    public static let standing: FieldName = "standing"
}

/// The fields of a submission.
public enum SubmissionField {
    /// A ``SubmissionContent``.
    public static let content: FieldName = "content"
    /// The view that it was made on: epoch, position and own number, as integers by bit pattern.
    public static let base: FieldName = "base"
    /// A set of the people whose edits are in it.
    public static let contributors: FieldName = "contributors"
}

/// The fields of an assignment.
public enum AssignmentField {
    public static let assignee: FieldName = "assignee"
    public static let note: FieldName = "note"
}

/// The fields of a witness.
public enum WitnessField {
    /// Decided: when the code was told.
    public static let lodged: FieldName = "lodged"
}

/// The fields of a review.
public enum ReviewField {
    /// Decided: ``submitted``, once the reviewer has said it; never taken back.
    public static let standing: FieldName = "standing"
    /// Decided: how often it was changed after it was submitted.
    public static let revision: FieldName = "revision"
    public static let motivation: FieldName = "motivation"
    /// A text of ``Advice``.
    public static let advice: FieldName = "advice"
    public static let nomineeName: FieldName = "nomineeName"

    public static let submitted = "submitted"
}

/// The fields of a score.
public enum ScoreField {
    public static let criterion: FieldName = "criterion"
    /// 1 to 5.
    public static let score: FieldName = "score"
    public static let remark: FieldName = "remark"
}

/// The fields of a recusal.
public enum RecusalField {
    /// Decided.
    public static let recused: FieldName = "recused"
    /// A `NomineeID`.
    public static let nominee: FieldName = "nominee"
    public static let edition: FieldName = "edition"
}

/// The fields of an annotation.
public enum AnnotationField {
    /// An ``AnnotationTarget``.
    public static let target: FieldName = "target"
    public static let body: FieldName = "body"
    /// A text of ``Stance``.
    public static let stance: FieldName = "stance"
    public static let quote: FieldName = "quote"
    /// A set of criterion records.
    public static let criteria: FieldName = "criteria"
}
