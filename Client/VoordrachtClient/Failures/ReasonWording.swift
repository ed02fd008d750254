/// Dutch words for the reasons of the replica, the connection and the server, whose own are English.
enum ReasonWording {
    static let dutch: [String: (message: String, remedy: String)] = [
        "replica.notEnrolled": (
            "Deze map bevat geen replica", "Meld dit apparaat aan met de link uit uw uitnodiging."
        ),
        "replica.exists": (
            "Deze map bevat al een replica", "Neem een andere map, of gebruik de replica die er is."
        ),
        "replica.notWritable": (
            "In de map van de replica kan niet worden geschreven",
            "Geef de gebruiker van dit programma het recht om er te schrijven."
        ),
        "replica.corrupt": (
            "De replica kan niet worden gelezen",
            "Bewaar een kopie van de map en meld het apparaat opnieuw aan in een andere map."
        ),
        "replica.newerVersion": (
            "De replica is van een nieuwer programma", "Werk dit programma bij."
        ),
        "replica.diskFull": (
            "De schijf is vol", "Maak ruimte vrij; wat was vastgelegd is niet verloren."
        ),
        "replica.busy": (
            "Een ander programma schrijft al lange tijd", "Probeer het opnieuw; kijk anders naar de schijf."
        ),
        "replica.storage": (
            "De schijf of de database weigerde", "Probeer het opnieuw; kijk anders naar de schijf."
        ),
        "replica.evidence": (
            "Wat de server leverde klopt niet met de handtekeningen",
            "Er is niets overgenomen. Meld dit met deze tekst aan het secretariaat."
        ),
        "replica.outOfOrder": (
            "Wat de server leverde sluit niet aan",
            "Er is niets overgenomen. Meld dit met deze tekst aan het secretariaat."
        ),
        "replica.copied": (
            "De server kent wijzigingen van deze replica die deze kopie niet heeft",
            "Gebruik de nieuwste kopie van de map, of meld deze kopie aan als een eigen apparaat."
        ),
        "replica.epoch": (
            "De server is opnieuw begonnen vanaf een reservekopie",
            "Synchroniseer met een nieuwer programma."
        ),
        "server.unreachable": (
            "De server is niet bereikbaar",
            "Controleer het netwerk; synchroniseren gaat vanzelf verder zodra de server antwoordt."
        ),
        "server.untrusted": (
            "Wie antwoordt is niet de server van deze vereniging",
            "Controleer het adres bij het secretariaat; een proxy die TLS opent is niet bruikbaar."
        ),
        "server.rejected": (
            "De server kent dit apparaat niet", "Vraag het secretariaat om een nieuwe uitnodiging."
        ),
        "server.interrupted": (
            "De verbinding werd verbroken", "Synchroniseer opnieuw; het gaat verder waar het stopte."
        ),
        "server.unexpected": (
            "Het antwoord is niet dat van een server van dit programma", "Controleer het adres."
        ),
        "sync.busy": (
            "Een ander programma synchroniseert deze replica", "Wacht tot dat klaar is."
        ),
        "base.future": (
            "De weergave waarop dit is gemaakt bestaat hier nog niet", "Synchroniseer, en bewerk het opnieuw."
        ),
        "frame.malformed": (
            "De link of het bericht kan niet worden gelezen",
            "Kopieer de hele link uit de uitnodiging, van voordracht:// tot het einde."
        ),
        "tray.unknown": ("De bak bevat dit niet", "Bekijk met tray list wat erin ligt."),
    ]
}
