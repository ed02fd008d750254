import SyncServer

extension AdministrationFailure {
    /// Message and remedy in Dutch.
    func dutch(_ subject: String) -> (String, String) { (dutchMessage(subject) + ".", dutchRemedy) }

    private func dutchMessage(_ subject: String) -> String {
        switch self {
        case .folderMissing: "Er is geen server in \(subject)"
        case .folderTaken: "\(subject) is geen lege map"
        case .folderBusy: "Een ander programma, zoals een lopende server, heeft \(subject) in gebruik"
        case .folderForbidden: "Deze gebruiker mag \(subject) niet lezen en schrijven"
        case .folderDiskFull: "De schijf van \(subject) is vol"
        case .folderUnusable: "\(subject) is niet te gebruiken"
        case .folderDamaged: "In \(subject) staat niet wat er moet staan"
        case .fileMissing: "Er is geen bestand \(subject)"
        case .fileUnreadable: "\(subject) kan niet als bestand worden gelezen"
        case .fileText: "\(subject) is geen tekst in UTF-8"
        case .fileTaken: "Er is al een bestand \(subject)"
        case .backupMalformed: "\(subject) is geen reservekopie van een server"
        case .backupPassphrase: "\(subject) heeft een andere wachtwoordzin"
        case .backupAltered: "\(subject) is afgekapt of gewijzigd"
        case .backupShort: "Een wachtwoordzin heeft ten minste \(subject) bytes"
        case .passphraseMissing: "Er is geen wachtwoordzin gegeven"
        case .tableColumn: "De eerste regel van \(subject) noemt geen kolom “name”"
        case .tableCells: "De regel \(subject) heeft een ander aantal cellen dan de eerste"
        case .tableEmpty: "\(subject) is leeg"
        case .receiptMalformed: "\(subject) is geen ontvangstbewijs"
        case .forkBeyond: "De boom eindigt hier bij blad en positie \(subject)"
        case .recordUnknown: "Niets hier heet “\(subject)”"
        case .recordAmbiguous: "“\(subject)” kan op meer dan één slaan"
        case .changeUnknown: "Er wordt geen wijziging “\(subject)” aangehouden"
        case .taskUnknown: "De lopende server kent de taak “\(subject)” niet"
        case .validityOutOfRange: "Een link is 1 tot 365 dagen geldig, niet \(subject)"
        case .changeNotAccepted: "De server nam zijn eigen wijziging niet aan: \(subject)"
        case .certificateMissing: "Voor dit adres is het certificaat van een aangemeld apparaat nodig"
        case .routeUnknown: "Er is niets op \(subject)"
        case .methodNotAllowed: "\(subject) kan hier niet"
        case .bodyMalformed: "Het verzoek is onleesbaar: \(subject)"
        case .bodyTooLarge: "Het verzoek is groter dan \(subject)"
        case .limitChanges:
            "Dit apparaat, of de organisatie samen, stuurt meer wijzigingen dan de server in een keer aanneemt"
        case .limitBytes:
            "Dit apparaat, of de organisatie samen, verplaatst meer bytes dan de server in een keer geeft"
        case .limitRequests: "Dit apparaat vraagt te veel tegelijk van de server"
        case .limitPulls: "Dit apparaat volgt de server al te vaak tegelijk"
        case .limitConnections: "Dit apparaat houdt te veel verbindingen open"
        case .notReady: "De server is aan het starten of stoppen"
        case .listening: "Op \(subject) kan hier niemand luisteren"
        case .portTaken: "Op \(subject) luistert al een ander programma"
        case .portForbidden: "Deze gebruiker mag niet luisteren op \(subject)"
        case .connectionLost: "De lopende server stopte tijdens de vraag"
        case .failed: "De server faalde: \(subject)"
        }
    }

    private var dutchRemedy: String {
        switch self {
        case .folderMissing: "Controleer --data, of maak een server met `voordracht-server init`."
        case .folderTaken: "Geef een andere map, of gebruik de server die er is."
        case .folderBusy: "Wacht tot het klaar is, of stop het."
        case .folderForbidden:
            "Start het programma als de gebruiker van wie de map is, of geef deze gebruiker het recht."
        case .folderDiskFull: "Maak ruimte vrij en probeer het opnieuw; wat was bevestigd is bewaard."
        case .folderUnusable: "Controleer of het een map is op een schijf waarop geschreven kan worden."
        case .folderDamaged: "Zet het bestand terug uit een reservekopie."
        case .fileMissing: "Controleer de naam en de map waarin u werkt."
        case .fileUnreadable: "Controleer of het een bestand is dat u mag lezen."
        case .fileText: "Bewaar het in UTF-8 en probeer het opnieuw."
        case .fileTaken: "Geef een andere naam; een reservekopie wordt nooit overschreven."
        case .backupMalformed: "Geef een bestand dat `voordracht-server backup` heeft gemaakt."
        case .backupPassphrase: "Geef de wachtwoordzin waarmee het is gemaakt; zonder kan niemand het lezen."
        case .backupAltered:
            "Haal het opnieuw op van waar het wordt bewaard, of gebruik een andere; er is niets teruggezet."
        case .backupShort: "Kies een langere, en bewaar die op een andere plek dan de reservekopie."
        case .passphraseMissing:
            "Gebruik --passphrase-file, zet VOORDRACHT_PASSPHRASE, of schrijf haar op de standaardinvoer."
        case .tableColumn: "Noem de kolommen in de eerste regel: name, en kvk waar dat bekend is."
        case .tableCells:
            "Geef elke regel dezelfde kolommen; zet een cel met een scheidingsteken tussen aanhalingstekens."
        case .receiptMalformed: "Geef een bestand dat `voordracht receipt` heeft geschreven."
        case .tableEmpty: "Geef een eerste regel met de namen van de kolommen, en een regel per organisatie."
        case .forkBeyond:
            "Geef het getal dat de waarschuwing van een apparaat noemt; van meer apparaten het kleinste."
        case .recordUnknown: "Zoek het op met de opdracht `list`."
        case .recordAmbiguous: "Geef de id van degene die bedoeld is."
        case .changeUnknown: "Zoek het op met `voordracht-server held`."
        case .taskUnknown: "Herstart de server met de versie van dit programma."
        case .validityOutOfRange: "Geef een ander aantal dagen."
        case .changeNotAccepted: "Lees de reden; er is niets gewijzigd."
        case .certificateMissing: "Meld het apparaat aan met de link uit de uitnodiging."
        case .routeUnknown, .methodNotAllowed: "Zie PROTOCOL.md voor wat er is."
        case .bodyMalformed: "De andere kant maakt een fout: meld die met deze tekst."
        case .bodyTooLarge: "Verstuur minder tegelijk."
        case .limitChanges, .limitBytes, .limitRequests, .limitPulls, .limitConnections:
            "Wacht zo lang als de server zegt, en ga dan verder; er gaat niets verloren."
        case .notReady, .connectionLost: "Probeer het zo dadelijk opnieuw."
        case .listening: "Geef met --listen een adres van deze machine."
        case .portTaken: "Stop dat, of kies een andere poort met --listen; poort 0 neemt een vrije."
        case .portForbidden: "Kies een poort boven 1023 met --listen."
        case .failed: "Kijk in het logboek van de server, en probeer het opnieuw."
        }
    }
}
