import VoordrachtClient

/// The words of this program's own results, in both languages.
enum Phrase: CaseIterable {
    case accepted, queued, conflict, held, waiting, refused, dropped
    case nothingToDo, nothing, person, roles, organisation, device, association, server, home
    case notSynced, changesQueued, changesHeld, changesWaiting, changesInTray, openConflicts, lastSync
    case never, nextTry, blocked, upToDate, incomplete, received, purged, allOf, arriving, more, of
    case removed, inConflict, shownNow, base, assignedTo, theServer, wouldSend, cursor, records, changes
    case nominations, examples, annotations, conflicts, history, withoutCriterion, submitted, withdrawn
    case draft, since, removal, noValue, entry, dependsOn, clockAhead, clockBehind, fromSubmission

    func callAsFunction(_ language: Language) -> String {
        let words = words
        return language == .dutch ? words.dutch : words.english
    }

    private var words: (dutch: String, english: String) { states ?? summaries ?? parts ?? rest }

    private var states: (dutch: String, english: String)? {
        switch self {
        case .accepted: ("aanvaard", "accepted")
        case .queued: ("in de wachtrij", "queued")
        case .conflict: ("in conflict", "in conflict")
        case .held: ("aangehouden", "held")
        case .waiting: ("wacht", "waiting")
        case .refused: ("geweigerd", "refused")
        case .dropped: ("weggegooid", "dropped")
        case .removed: ("verwijderd", "removed")
        case .submitted: ("ingediend", "submitted")
        case .withdrawn: ("ingetrokken", "withdrawn")
        case .draft: ("concept", "draft")
        default: nil
        }
    }

    private var summaries: (dutch: String, english: String)? {
        switch self {
        case .nothingToDo: ("het was al zo", "it was so already")
        case .nothing: ("niets", "nothing")
        case .notSynced: ("(nog niet gesynchroniseerd)", "(not synced yet)")
        case .changesQueued: ("in de wachtrij", "queued")
        case .changesHeld: ("aangehouden door het secretariaat", "held by the secretariat")
        case .changesWaiting: ("wacht op een eerdere wijziging", "waiting for an earlier change")
        case .changesInTray: ("geweigerd, in de bak", "refused, in the tray")
        case .openConflicts: ("open conflicten", "open conflicts")
        case .lastSync: ("laatst gesynchroniseerd", "last sync")
        case .never: ("nooit", "never")
        case .nextTry: ("volgende poging", "next try")
        case .blocked: ("het gaat niet verder", "it is not going on")
        case .upToDate: ("gesynchroniseerd", "synced")
        case .incomplete: ("niet klaar", "not complete")
        case .received: ("ontvangen", "received")
        case .purged: ("afgestaan", "given up")
        case .allOf: ("volledig", "complete")
        case .arriving: ("komt nog binnen", "still arriving")
        case .clockAhead: ("uw klok loopt voor, seconden", "your clock is ahead, seconds")
        case .clockBehind: ("uw klok loopt achter, seconden", "your clock is behind, seconds")
        default: nil
        }
    }

    private var parts: (dutch: String, english: String)? {
        switch self {
        case .person: ("persoon", "person")
        case .roles: ("rollen", "roles")
        case .organisation: ("organisatie", "organisation")
        case .device: ("apparaat", "device")
        case .association: ("vereniging", "association")
        case .server: ("server", "server")
        case .home: ("map", "folder")
        case .nominations: ("Voordrachten", "Nominations")
        case .examples: ("Voorbeelden", "Examples")
        case .annotations: ("Aantekeningen", "Annotations")
        case .conflicts: ("Conflicten", "Conflicts")
        case .history: ("Eerdere edities", "Earlier editions")
        case .withoutCriterion: ("zonder criterium", "without a criterion")
        default: nil
        }
    }

    private var rest: (dutch: String, english: String) {
        switch self {
        case .more: ("verder met --after", "go on with --after")
        case .of: ("van", "of")
        case .inConflict: ("conflict", "conflict")
        case .shownNow: ("nu getoond", "shown now")
        case .base: ("ervoor", "before")
        case .assignedTo: ("toegewezen aan", "assigned to")
        case .theServer: ("de server", "the server")
        case .wouldSend: ("zou worden verzonden", "would be sent")
        case .cursor: ("stand", "cursor")
        case .records: ("records", "records")
        case .changes: ("wijzigingen", "changes")
        case .since: ("sinds", "since")
        case .removal: ("(verwijderen)", "(removal)")
        case .noValue: ("–", "–")
        case .entry: ("hoort bij", "belongs to")
        case .dependsOn: ("kan niet zonder", "cannot stand without")
        case .fromSubmission: ("volgens de inzending", "as submitted")
        // The other three tables hold all the rest.
        default: ("", "")
        }
    }
}

extension Phrase {
    /// The words for a state of a record or a change, by its code.
    static func state(_ code: String, _ language: Language) -> String {
        let known: [String: Phrase] = [
            "accepted": .accepted, "queued": .queued, "conflict": .conflict, "held": .held,
            "waiting": .waiting, "refused": .refused, "dropped": .dropped, "submitted": .submitted,
            "withdrawn": .withdrawn, "draft": .draft,
        ]
        return known[code]?(language) ?? code
    }
}
