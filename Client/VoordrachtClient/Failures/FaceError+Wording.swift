import Nominations

extension Failure {
    init(_ error: FaceError, _ language: Language) {
        let wording = error.code.wording(language)
        let isFile = error.code.rawValue.hasPrefix("file.") || error.code == .textTooLarge
        let place = isFile ? error.arguments.first ?? "" : ""
        let arguments = isFile ? [Self.file(place, language)] : error.arguments
        self.init(
            code: error.code.rawValue, message: Self.fill(wording.message, arguments), place: place,
            remedy: wording.remedy, suggestions: error.suggestions)
    }

    private static func file(_ path: String, _ language: Language) -> String {
        guard path == "-" else { return path }
        return language == .dutch ? "De standaardinvoer" : "Standard input"
    }

    /// Puts the arguments, as they are, in the places of `{}`.
    private static func fill(_ template: String, _ arguments: [String]) -> String {
        let parts = template.split(separator: "{}", omittingEmptySubsequences: false)
        var text = String(parts[0])
        for (index, part) in parts.dropFirst().enumerated() {
            text += (index < arguments.count ? arguments[index] : "–") + part
        }
        return text
    }
}

extension FaceError.Code {
    /// The message, with places for the arguments, and the remedy.
    func wording(_ language: Language) -> (message: String, remedy: String) {
        language == .dutch ? dutch : english
    }

    private var english: (message: String, remedy: String) {
        switch self {
        case .recordUnknown:
            ("There is no record “{}” here", "Sync, or look it up with list or search.")
        case .recordAmbiguous: ("“{}” can be several records", "Name one of them by its id.")
        case .fieldUnknown: ("The record has no field “{}”", "Choose one of its fields.")
        case .kindUnknown: ("There is no kind of record “{}”", "Choose one of the kinds.")
        case .personUnknown: ("Nobody is known as “{}”", "List the people with list person.")
        case .personAmbiguous: ("“{}” can be several people", "Name one of them by the id.")
        case .conflictUnknown:
            ("There is no open conflict “{}”", "List the conflicts; somebody may have settled it.")
        case .conflictAmbiguous: ("“{}” can be several conflicts", "Give more of the id.")
        case .trayUnknown: ("The tray has no entry “{}”", "List the tray for what is in it.")
        case .trayNothing: ("The entry “{}” has no text {} to edit", "Show the entry for what it holds.")
        case .viewMalformed: ("“{}” is no view", "Give CURSOR or CURSOR:NUMBER, as status shows it.")
        case .wholeNumber: ("“{}” is no whole number", "Give a whole number.")
        case .dateMalformed:
            ("“{}” is no date or time", "Give 2017-06-01, 2017-06-01T12:00 or 2017-06-01T10:00:00Z.")
        case .regionKindUnknown: ("There is no kind of region “{}”", "Choose one of the kinds.")
        case .fileMissing: ("There is no file {}", "Check its name and the folder that you are in.")
        case .fileUnreadable:
            ("{} cannot be read as a file", "Check that it is a file and that you may read it.")
        case .fileUnwritable: ("The file {} cannot be written", "Check whether you may write there.")
        case .fileTaken: ("There is a file {} already", "Give another name; nothing is overwritten.")
        case .bundleTooLong: ("{} is longer than 16 MiB", "Give a file that bundle export has written.")
        case .fileText: ("{} is no text in UTF-8", "Save it in UTF-8 and try again.")
        case .textTooLarge:
            ("{} is longer than 1 MiB", "Shorten it, or divide it over several records.")
        case .cursorMalformed: ("“{}” is no place in a list", "Give the value of “next” of the part before.")
        case .unexpected: ("Something unexpected happened", "Try again; report it if it recurs.")
        }
    }

    private var dutch: (message: String, remedy: String) {
        switch self {
        case .recordUnknown:
            ("Er is hier geen record “{}”", "Synchroniseer, of zoek het op met list of search.")
        case .recordAmbiguous: ("“{}” kan meer dan één record zijn", "Noem er één bij het nummer.")
        case .fieldUnknown: ("Het record heeft geen veld “{}”", "Kies een van zijn velden.")
        case .kindUnknown: ("Er is geen soort record “{}”", "Kies een van de soorten.")
        case .personUnknown: ("Niemand is bekend als “{}”", "Bekijk de personen met list person.")
        case .personAmbiguous: ("“{}” kan meer dan één persoon zijn", "Noem de persoon bij het nummer.")
        case .conflictUnknown:
            ("Er is geen open conflict “{}”", "Bekijk de conflicten; misschien is het al opgelost.")
        case .conflictAmbiguous: ("“{}” kan meer dan één conflict zijn", "Geef meer van het nummer.")
        case .trayUnknown: ("De bak bevat geen “{}”", "Bekijk met tray list wat erin ligt.")
        case .trayNothing: ("“{}” heeft geen tekst {} om te bewerken", "Bekijk met tray show wat erin staat.")
        case .viewMalformed:
            ("“{}” is geen weergave", "Geef CURSOR of CURSOR:NUMMER, zoals status die toont.")
        case .wholeNumber: ("“{}” is geen geheel getal", "Geef een geheel getal.")
        case .dateMalformed:
            ("“{}” is geen datum of tijd", "Geef 2017-06-01, 2017-06-01T12:00 of 2017-06-01T10:00:00Z.")
        case .regionKindUnknown: ("Er is geen soort regio “{}”", "Kies een van de soorten.")
        case .fileMissing:
            ("Er is geen bestand {}", "Controleer de naam en de map waarin u werkt.")
        case .fileUnreadable:
            ("{} kan niet als bestand worden gelezen", "Controleer of het een bestand is dat u mag lezen.")
        case .fileUnwritable:
            ("Het bestand {} kan niet worden geschreven", "Controleer of u daar mag schrijven.")
        case .fileTaken: ("Er is al een bestand {}", "Geef een andere naam; er wordt niets overschreven.")
        case .bundleTooLong:
            ("{} is langer dan 16 MiB", "Geef een bestand dat bundle export heeft geschreven.")
        case .fileText:
            ("{} is geen tekst in UTF-8", "Bewaar het in UTF-8 en probeer het opnieuw.")
        case .textTooLarge:
            ("{} is langer dan 1 MiB", "Maak de tekst korter, of verdeel haar over meer gegevens.")
        case .cursorMalformed:
            ("“{}” is geen plaats in een lijst", "Geef de waarde van “next” van het deel ervoor.")
        case .unexpected: ("Er gebeurde iets onverwachts", "Probeer het opnieuw; meld het als het terugkomt.")
        }
    }
}
