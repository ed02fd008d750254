extension MessageCode {
    static let english: [MessageCode: Wording] = [
        .audienceForbidden: Wording(
            "You may not write here.", "Ask the secretariat whether your role is the right one."),
        .audienceSubject: Wording(
            "This is the place of another nomination.", "Submit the nomination again; report it if it recurs."
        ),
        .audienceUnknown: Wording("There is no such circle of readers.", "Update this program."),
        .editionClosed: Wording(
            "The edition has closed; no nomination can be begun any more.",
            "Sync first; if it is still closed, ask the secretariat to open it again."),
        .editionNotOpen: Wording(
            "The edition is not open yet.",
            "Sync first; if it is still not open, wait until the secretariat opens it."),
        .editionUnknown: Wording(
            "There is no such edition.", "Sync, and list the editions to see which there are."),
        .fieldChoice: Wording(
            "The field does not know this choice.", "Choose one of the values that the field offers."),
        .fieldPolicy: Wording(
            "The field is edited in another way.", "Update this program."),
        .fieldType: Wording(
            "The value is not of the kind that the field holds.", "Give a value of the right kind."),
        .fieldUnknown: Wording("There is no such field.", "Look at the record to see which fields it has."),
        .kindMisplaced: Wording(
            "Records of this kind do not belong here.", "Use the command that makes such a record."),
        .kindUnknown: Wording("There is no such kind of record.", "Update the program on the server."),
        .nominationOrganisation: Wording(
            "The nomination belongs to another organisation.",
            "Ask that organisation, or nominate for your own."),
        .personInactive: Wording(
            "You have no role in this workspace any more.", "Ask the secretariat for a role."),
        .recordKey: Wording(
            "The record's id does not follow from what it is about.", "Make the record again."),
        .recordKind: Wording(
            "The record exists already and is of another kind.", "Make the record again."),
        .recordParent: Wording(
            "What the record belongs to does not exist here.", "Make that first, then this record."),
        .recordUnknown: Wording(
            "There is no such record here.", "Sync, and look whether the record was refused."),
        .rosterServerOnly: Wording(
            "People, devices and organisations are kept by the server.",
            "Ask whoever runs the server to change it."),
        .submissionAfterGrace: Wording(
            "The submission was told of before closing, and arrived after the grace period.",
            "Nothing needs to be done: the secretariat decides."),
        .submissionClosed: Wording(
            "The edition has closed; nothing can be submitted any more.",
            "Sync first; if it is still closed, ask the secretariat. Your draft is kept."),
        .recusalSubject: Wording(
            "This recusal names another nominee than the one that it is about.", "Update this program."),
        .reviewAdvice: Wording(
            "A review is submitted with its advice.", "Give --advice award, shortlist or decline with it."),
        .reviewFrozen: Wording(
            "This review was submitted; what changes after that is a revision.",
            "Change it with assess, which counts as a revision."),
        .reviewLasting: Wording(
            "A review cannot be removed.", "Change it with assess; a draft stays yours alone."),
        .reviewRecused: Wording(
            "You do not judge this nominee: you have recused yourself.",
            "Ask the secretariat if that is over."),
        .reviewScore: Wording("A score is a whole number from 1 to 5.", "Choose a number from 1 to 5."),
        .submissionContent: Wording(
            "The submission cannot be read or is about another nomination.", "Submit the nomination again."),
        .submissionLasting: Wording(
            "What was submitted is not removed.", "Withdraw the nomination, or submit it anew."),
        .submissionLate: Wording(
            "The submission was made in time by its own clock and arrived after closing.",
            "Nothing needs to be done: the secretariat decides."),
        .submissionNoExample: Wording(
            "A nomination needs at least one example.", "Add an example and submit again."),
        .witnessCode: Wording(
            "{0} is no code: it has 16 letters and digits.", "Have the code read out once more."),
        .witnessNothing: Wording(
            "Nothing of this nomination was submitted here yet.",
            "Submit it first; that needs no network."),
        .annotationAudience: Wording(
            "An annotation for {0} is not yours to make.", "Choose another visibility."),
        .annotationEmpty: Wording("The annotation has no text.", "Give it a text."),
        .candidateUnknown: Wording(
            "The conflict has no candidate “{0}”.", "Choose one of: {1}."),
        .conflictOrganisation: Wording(
            "The conflict belongs to the organisation that nominated; its members settle it.",
            "Ask one of them with voordracht assign."),
        .conflictUnknown: Wording(
            "There is no open conflict “{0}”.", "List the conflicts; somebody may have settled it."),
        .criterionExists: Wording(
            "The edition has a criterion “{0}” already.", "Change it with set {1}, or choose another name."),
        .criterionUnknown: Wording(
            "The edition has no criterion “{0}”.", "Choose one of: {1}."),
        .personExists: Wording(
            "{0} is known already, at the same organisation.",
            "Invite a further device of this person with --for {1}; tell a namesake apart by the name."),
        .organisationTwice: Wording(
            "Number {0} stands on line {1} too.", "Leave one of the lines out; nothing was added."),
        .editionNone: Wording(
            "There is no edition here yet.", "Synchronise, or wait until the secretariat has opened one."),
        .editionAmbiguous: Wording(
            "It is not clear which edition is meant.", "Name one of: {0}."),
        .editionDates: Wording(
            "The edition would close before it opens.", "Give a closing after the opening."),
        .editionExists: Wording(
            "There is an edition {0} already.", "Change that one, or choose another year."),
        .editionYear: Wording("“{0}” is no year.", "Give a year such as 2017."),
        .fieldNotEditable: Wording(
            "The field “{0}” is not changed by hand.", "Use the command that means it."),
        .fieldOperation: Wording(
            "The field “{0}” is not edited this way.", "Use the command {1} for it."),
        .nameEmpty: Wording("A name is missing.", "Give a name."),
        .nominationNotSubmitted: Wording(
            "The nomination was not submitted.", "There is nothing to withdraw."),
        .nomineeAmbiguous: Wording(
            "“{0}” can be several nominees.", "Choose one of: {1}."),
        .nomineeNotThen: Wording(
            "{0} did not exist on {1}, the reference date of the edition.", "Nominate what existed then: {2}."
        ),
        .nomineeUnknown: Wording(
            "No municipality or region is known as “{0}”.", "Check the spelling; near it are: {1}."),
        .organisationKvk: Wording(
            "“{0}” is no number of the trade register.", "Give its eight digits."),
        .organisationNone: Wording(
            "You do not nominate for a member organisation.", "Ask the secretariat to be added to one."),
        .readFailed: Wording(
            "The records could not be read: {0}.", "Try again; if it recurs, check the disk."),
        .resolutionChoice: Wording(
            "A conflict of this kind is not settled that way.", "Keep one of: {0}."),
        .roleNone: Wording("A person needs at least one role.", "Choose from: {0}."),
        .roleUnknown: Wording("There is no role “{0}”.", "Choose from: {1}."),
        .valueMalformed: Wording("“{0}” does not fit the field “{1}”.", "Give {2}."),
    ]
}
