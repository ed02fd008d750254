import SyncServer

extension AdministrationFailure {
    /// Message and remedy in Dutch.
    func dutch(_ subject: String) -> (String, String) { (dutchMessage(subject) + ".", dutchRemedy) }

    private func dutchMessage(_ subject: String) -> String {
        switch self {
        case .folderMissing: "Er is geen server in \(subject)"
        case .folderTaken: "\(subject) is geen lege map"
        case .folderBusy: "Een ander programma, zoals een lopende server, heeft \(subject) in gebruik"
        case .folderUnusable: "Een bestand is niet te gebruiken: \(subject)"
        case .folderDamaged: "In een bestand staat niet wat er moet staan: \(subject)"
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
        case .notReady: "De server is aan het starten of stoppen"
        case .listening: "Er kan niet worden geluisterd op \(subject)"
        case .connectionLost: "De lopende server stopte tijdens de vraag"
        case .failed: "De server faalde: \(subject)"
        }
    }

    private var dutchRemedy: String {
        switch self {
        case .folderMissing: "Controleer --data, of maak een server met `voordracht-server init`."
        case .folderTaken: "Geef een andere map, of gebruik de server die er is."
        case .folderBusy: "Wacht tot het klaar is, of stop het."
        case .folderUnusable: "Controleer de eigenaar en de rechten van de map, en de ruimte op de schijf."
        case .folderDamaged: "Zet het bestand terug uit een reservekopie."
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
        case .notReady, .connectionLost: "Probeer het zo dadelijk opnieuw."
        case .listening: "Kies een ander adres of een andere poort met --listen."
        case .failed: "Kijk in het logboek van de server, en probeer het opnieuw."
        }
    }
}
