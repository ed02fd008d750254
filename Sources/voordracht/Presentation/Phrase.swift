import VoordrachtClient

/// The words of this program's own results, in both languages.
enum Phrase {
    case accepted, queued, held, refused, removed, nothingToDo, nothing, notSynced
    case lastSync, never, nextTry, notBefore, upToDate, incomplete, received, purged, arriving
    case person, roles, organisation, device, association, server, home, nominations
    case examples, annotations, conflicts, history, withoutCriterion, more, of, inConflict, shownNow
    case base, assignedTo, theServer, cursor, noValue, entry, dependsOn, undecided
    case fromSubmission, warning, continued, restored, mended, handedIn, reviews, recused, witnessed

    func callAsFunction(_ language: Language) -> String {
        language == .dutch ? words.dutch : words.english
    }

    private var words: (dutch: String, english: String) {
        switch self {
        case .accepted: ("aanvaard", "accepted")
        case .queued: ("in de wachtrij", "queued")
        case .held: ("aangehouden", "held")
        case .refused: ("geweigerd", "refused")
        case .removed: ("verwijderd", "removed")
        case .nothingToDo: ("het was al zo", "it was so already")
        case .nothing: ("niets", "nothing")
        case .notSynced: ("(nog niet gesynchroniseerd)", "(not synced yet)")
        case .lastSync: ("laatst gesynchroniseerd", "last sync")
        case .never: ("nooit", "never")
        case .nextTry: ("volgende poging", "next try")
        case .notBefore: ("de server vraagt te wachten tot", "the server asks to wait until")
        case .upToDate: ("gesynchroniseerd", "synced")
        case .incomplete: ("niet klaar", "not complete")
        case .received: ("ontvangen", "received")
        case .purged: ("afgestaan", "given up")
        case .arriving: ("komt nog binnen", "still arriving")
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
        case .more: ("verder met --after", "go on with --after")
        case .of: ("van", "of")
        case .inConflict: ("conflict", "conflict")
        case .shownNow: ("nu getoond", "shown now")
        case .base: ("ervoor", "before")
        case .assignedTo: ("toegewezen aan", "assigned to")
        case .theServer: ("de server", "the server")
        case .cursor: ("stand", "cursor")
        case .noValue: ("–", "–")
        case .entry: ("hoort bij", "belongs to")
        case .dependsOn: ("kan niet zonder", "cannot stand without")
        case .undecided: ("wacht nog op het besluit van de server", "still waits for the server's decision")
        case .fromSubmission: ("volgens de inzending", "as submitted")
        case .warning: ("let op", "warning")
        case .reviews: ("Beoordelingen", "Reviews")
        case .witnessed: ("op tijd gemeld met een code", "told in time by a code")
        case .recused: ("Niet beoordeeld door", "Not judged by")
        case .handedIn:
            (
                "dit apparaat is afgemeld: het heeft ingeleverd wat niet was verzonden, en de rest gewist",
                "this device was retired: it has handed in what was not sent, and deleted the rest"
            )
        case .continued:
            (
                "deze map was een kopie en gaat verder als een eigen replica",
                "this folder was a copy, and goes on as a replica of its own"
            )
        case .restored:
            (
                "de server is teruggezet uit een reservekopie; opnieuw aangeboden",
                "the server was restored from a backup; offered again"
            )
        case .mended:
            (
                "wat hier niet gelijk was aan de server is opnieuw opgehaald; hersteld",
                "what was not the same here as at the server was fetched anew; repaired"
            )
        }
    }
}

/// Words for the codes of the contract, which scripts read as they are.
enum CodeWord {
    /// The code itself where it has no other words.
    static func text(_ code: String, _ language: Language) -> String {
        (language == .dutch ? dutch[code] : english[code]) ?? Role(rawValue: code)?.word(language) ?? code
    }

    private static let english: [String: String] = [
        "conflict": "in conflict", "queued": "queued", "removed": "removed and edited",
        "both-stand": "both stand", "lowest-position": "the first to arrive",
        "highest-position": "the last decided", "stays-visible": "visible until settled",
    ]

    static let dutch: [String: String] = [
        // States of records and changes.
        "accepted": "aanvaard", "queued": "in de wachtrij", "conflict": "in conflict",
        "held": "aangehouden", "waiting": "wacht", "refused": "geweigerd", "dropped": "weggegooid",
        "submitted": "ingediend", "withdrawn": "ingetrokken", "draft": "concept", "open": "open",
        "closed": "gesloten", "recused": "verschoond",
        // Kinds of records.
        "nomination": "voordracht", "example": "voorbeeld", "annotation": "aantekening",
        "organisation": "organisatie", "person": "persoon", "device": "apparaat", "edition": "editie",
        "criterion": "criterium", "standing": "deelname", "submission": "inzending",
        "review": "beoordeling", "score": "score", "recusal": "verschoning", "witness": "melding",
        "erasure": "wissing",
        "award": "bekronen", "shortlist": "op de lijst", "decline": "afwijzen",
        "assignment": "toewijzing", "association": "vereniging", "laureate": "laureaat",
        // Kinds of conflicts, sides of them, and rules.
        "value": "waarde", "removed": "verwijderd en bewerkt", "text": "tekst", "resolution": "oplossing",
        "write": "geschreven", "edit": "bewerkt", "removal": "verwijderd", "creation": "gemaakt",
        "restoration": "teruggehaald", "latest": "de laatste", "lowest-position": "de eerste binnen",
        "highest-position": "het laatst besloten", "both-stand": "beide blijven staan",
        "stays-visible": "zichtbaar tot het is opgelost", "union": "alles samen",
        "merged": "samengevoegd", "position": "op volgorde",
        // What was done, and what became of it.
        "create": "gemaakt", "remove": "verwijderd", "restore": "teruggehaald", "resolve": "opgelost",
        "insert": "toegevoegd", "take": "weggenomen", "accept": "laten staan", "shown": "getoond",
        "candidate": "kandidaat", "superseded": "vervangen", "ignored": "niet begrepen",
        // Stances.
        "strength": "sterk punt", "concern": "aandachtspunt", "contradiction": "tegenspraak",
        "question": "vraag",
    ]
}

extension Phrase {
    /// The words for a state of a record or a change, by its code.
    static func state(_ code: String, _ language: Language) -> String { CodeWord.text(code, language) }
}
