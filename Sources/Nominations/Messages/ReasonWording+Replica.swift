extension ReasonWording {
    /// What the folder of a replica, its database and what was delivered to it can be.
    static let replica: [String: Wording] = [
        "replica.notEnrolled": Wording(
            "Deze map bevat geen replica.", "Meld dit apparaat aan met de link uit uw uitnodiging."),
        "replica.unfinished": Wording(
            "Het aanmelden in deze map is niet afgemaakt, of de database is leeggemaakt.",
            "Meld opnieuw aan met dezelfde link; was de replica al in gebruik, neem dan een andere map en bewaar "
                + "deze."),
        "replica.exists": Wording(
            "Deze map bevat al een replica.", "Neem een andere map, of gebruik de replica die er is."),
        "replica.notWritable": Wording(
            "Deze gebruiker mag hier niet lezen en schrijven.",
            "Geef de gebruiker van dit programma het recht om er te schrijven."),
        "replica.corrupt": Wording(
            "De replica is beschadigd.",
            "Bewaar een kopie van de map en meld het apparaat opnieuw aan in een andere map."),
        "replica.newerVersion": Wording(
            "De replica is van een nieuwer programma.", "Werk dit programma bij."),
        "replica.diskFull": Wording(
            "De schijf is vol.", "Maak ruimte vrij; wat was vastgelegd is niet verloren."),
        "replica.busy": Wording(
            "Een ander programma schrijft al lange tijd.",
            "Probeer het opnieuw als dat klaar is."),
        "replica.storage": Wording(
            "De schijf of de database weigerde: {0}", "Probeer het opnieuw; kijk anders naar de schijf."),
        "replica.evidence": Wording(
            "Wat de server leverde klopt niet met wat was ondertekend of beloofd.",
            "Er is niets overgenomen. Meld dit met deze tekst aan het secretariaat."),
        "replica.outOfOrder": Wording(
            "Wat de server leverde sluit niet aan.",
            "Er is niets overgenomen. Meld dit met deze tekst aan het secretariaat."),
        "replica.epoch": Wording(
            "De server hoort bij een ander tijdperk dan deze kopie.",
            "Er is niets overgenomen. Meld het aan het secretariaat: een andere server antwoordt dan de teruggezette."
        ),
        "replica.diverged": Wording(
            "Wat hier staat is niet hetzelfde als bij de server, ook niet na opnieuw ophalen.",
            "Bewaar deze map, en meld dit met deze tekst aan het secretariaat."),
        "segment.damaged": Wording(
            "Een bestand van de server was niet wat zijn naam zegt; wat erin hoort is anders opgehaald.",
            "Er ontbreekt niets. Meld het met deze tekst aan het secretariaat als het terugkomt."),
        "tree.shorter": Wording(
            "De server is een deel kwijt van wat hij eerder had ontvangen.", Self.pastRemedy),
        "tree.split": Wording(
            "De server laat twee verschillende verledens zien.", Self.pastRemedy),
        "tree.rewritten": Wording(
            "De server heeft veranderd wat hij eerder had ontvangen.", Self.pastRemedy),
        "tree.unsigned": Wording(
            "De server heeft zijn stand van ontvangsten niet ondertekend.",
            "Er is niets overgenomen. Meld dit met deze tekst aan het secretariaat."),
        "tray.undecided": Wording(
            "De server houdt een wijziging uit dit onderdeel aan, en kan haar nog toelaten.",
            "Synchroniseer, of vraag het secretariaat haar toe te laten of af te wijzen."),
        "tray.unknown": Wording("De bak bevat dit niet.", "Bekijk met tray list wat erin ligt."),
    ]

    private static let patience =
        "Wacht zo lang als de server zegt; alles blijft in de wachtrij, en met --watch gaat het vanzelf verder."
    private static let pastRemedy =
        "Er is niets verzonden of overgenomen, en er is niets verloren. Bewaar deze map, en meld dit met deze "
        + "tekst aan het secretariaat en aan een collega: de beheerder leest erin hoe het verder kan."

    private static let newCertificate =
        "Controleer de klok van dit apparaat. Staat die goed, vraag het secretariaat dan om een uitnodiging en meld "
        + "opnieuw aan in dezelfde map: alles wat daarin staat, blijft."

    /// How a conversation with the server ends early, and what keys and certificates can be.
    static let connection: [String: Wording] = [
        "server.unreachable": Wording(
            "De server is niet bereikbaar.",
            "Controleer het netwerk; wat hier is vastgelegd blijft bewaard."),
        "server.unresolved": Wording(
            "Dit netwerk kent de naam van de server niet.",
            "Controleer het netwerk en het adres; wat hier is vastgelegd blijft bewaard."),
        "proxy.refused": Wording(
            "De proxy laat geen verbinding met de server toe, of antwoordt niet.",
            "Controleer HTTPS_PROXY, of noem de server in NO_PROXY; wat hier is vastgelegd blijft bewaard."),
        "proxy.malformed": Wording(
            "HTTPS_PROXY noemt geen proxy van de vorm http://host:poort.",
            "Geef HTTPS_PROXY als http://host:poort, of haal de variabele weg."),
        "proxy.opensTLS": Wording(
            "Achter de proxy antwoordt een ander certificaat dan dat van de server: hij opent waarschijnlijk TLS, "
                + "en dan kan een apparaat zijn eigen certificaat niet tonen.",
            "Vraag de beheerder van het netwerk dit adres ongeopend door te laten; wat hier is vastgelegd blijft "
                + "bewaard."),
        "server.untrusted": Wording(
            "Wie antwoordt is niet de server van deze vereniging.",
            "Controleer het adres bij het secretariaat; een proxy die TLS opent is niet bruikbaar."),
        "server.rejected": Wording(
            "De server kent dit apparaat niet.", "Vraag het secretariaat om een nieuwe uitnodiging."),
        "certificate.refused": Wording(
            "De server aanvaardt het certificaat van dit apparaat niet meer.", newCertificate),
        "server.interrupted": Wording(
            "De verbinding werd verbroken.", "Synchroniseer opnieuw; het gaat verder waar het stopte."),
        "server.throttled": Wording(
            "De server vraagt dit apparaat te wachten.", patience),
        "limit.changes": Wording(
            "Dit apparaat, of de organisatie samen, stuurt meer wijzigingen dan de server in een keer aanneemt.",
            patience),
        "limit.bytes": Wording(
            "Dit apparaat, of de organisatie samen, verplaatst meer bytes dan de server in een keer geeft.",
            patience),
        "limit.requests": Wording("Dit apparaat vraagt te veel tegelijk van de server.", patience),
        "limit.pulls": Wording("Dit apparaat volgt de server al te vaak tegelijk.", patience),
        "limit.connections": Wording("Dit apparaat houdt te veel verbindingen met de server open.", patience),
        "server.unexpected": Wording(
            "Het antwoord is niet dat van een server van dit programma.", "Controleer het adres."),
        "sync.busy": Wording(
            "Een ander programma synchroniseert deze replica.", "Wacht tot dat klaar is."),
        "sync.stalled": Wording(
            "Wijzigingen wachten al langer dan tien seconden, hoewel de server er is.",
            "Er is niets verloren. Blijft dit zo, start het programma dan opnieuw, en meld het met deze tekst."
        ),
        "link.malformed": Wording(
            "Dit is geen hele link van een uitnodiging.",
            "Kopieer de hele link uit de uitnodiging, van voordracht:// tot het einde."),
        "frame.malformed": Wording(
            "Een bericht kan niet worden gelezen.",
            "De andere kant maakt een fout: meld die met deze tekst."),
        "frame.tooLarge": Wording(
            "Een bericht is te groot.", "Verstuur minder tegelijk."),
        "frame.unknown": Wording(
            "Een bericht is van een nieuwere versie.", "Werk het oudste van de twee programma's bij."),
        "frame.truncated": Wording(
            "Een bericht kwam niet geheel aan.", "Synchroniseer opnieuw; de verbinding werd verbroken."),
        "session.outOfOrder": Wording(
            "Een bericht kwam op het verkeerde moment.",
            "Een programma maakt een fout: meld die met deze tekst."),
        "session.version": Wording(
            "De twee programma's spreken niet dezelfde versie.",
            "Werk het oudste van de twee programma's bij."),
        "session.refused": Wording(
            "De server beëindigde het gesprek: {0}", "Doe wat daar staat, en synchroniseer opnieuw."),
        "transport.configuration": Wording(
            "De sleutels en certificaten voor de verbinding zijn niet te gebruiken.",
            "Meld het apparaat opnieuw aan in een andere map."),
        "transport.handshakeFailed": Wording(
            "Er kwam geen beveiligde verbinding tot stand.", "Controleer het adres en het netwerk."),
        "transport.certificateRejected": Wording(
            "Het certificaat van de andere kant is niet van deze vereniging.",
            "Controleer het adres bij het secretariaat; een proxy die TLS opent is niet bruikbaar."),
        "transport.certificateRefused": Wording(
            "De andere kant aanvaardt het certificaat van dit apparaat niet.", newCertificate),
        "transport.hostMismatch": Wording(
            "Het certificaat is van een server met een andere naam.",
            "Controleer het adres bij het secretariaat."),
        "transport.protocolViolation": Wording(
            "De andere kant houdt zich niet aan de regels van de beveiliging.",
            "Synchroniseer opnieuw; meld het met deze tekst als het terugkomt."),
        "transport.truncated": Wording(
            "De verbinding werd afgebroken zonder afscheid.", "Synchroniseer opnieuw."),
        "transport.tooManyBytesBeforeHandshake": Wording(
            "De andere kant stuurde te veel voordat de verbinding beveiligd was.", "Controleer het adres."),
        "transport.tooManyBytesQueued": Wording(
            "De andere kant neemt niets meer aan.", "Synchroniseer opnieuw."),
        "transport.handshakeTimeout": Wording(
            "De andere kant deed te lang over het beveiligen van de verbinding.",
            "Controleer het netwerk, en synchroniseer opnieuw."),
        "transport.closed": Wording("De verbinding is gesloten.", "Synchroniseer opnieuw."),
    ]

    /// Of a key, a certificate or a signature, under whichever name a program tells it.
    static let keys: [String: Wording] = [
        "malformed": Wording(
            "Een sleutel of certificaat kan niet worden gelezen.",
            "Zet het bestand terug uit een reservekopie."),
        "unsupportedKey": Wording(
            "Een sleutel is van een soort die hier niet wordt gebruikt.",
            "Gebruik de sleutel die hier is gemaakt."),
        "invalidSignature": Wording(
            "Een handtekening klopt niet.", "Er is niets overgenomen. Meld dit met deze tekst."),
        "keyMismatch": Wording(
            "Een sleutel hoort niet bij het certificaat.", "Zet beide terug uit dezelfde reservekopie."),
        "invalidField": Wording(
            "Een naam of adres kan niet in een certificaat staan.", "Geef een andere naam of een ander adres."
        ),
        "wrongPassphrase": Wording(
            "De wachtwoordzin is een andere.", "Geef de wachtwoordzin waarmee het bestand is gemaakt."),
        "altered": Wording(
            "Het versleutelde bestand is afgekapt of gewijzigd.",
            "Haal het opnieuw op, of gebruik een ander."),
        "otherVersion": Wording(
            "Het versleutelde bestand is van een andere versie.",
            "Werk het oudste van de twee programma's bij."),
        "otherRecipient": Wording(
            "Het versleutelde bestand is voor iemand anders.", "Geef het aan wie het mag openen."),
        "libraryFailure": Wording(
            "De bibliotheek voor sleutels faalde.",
            "Probeer het opnieuw; meld het met deze tekst als het terugkomt."),
    ]
}
