extension ReasonWording {
    /// Why there is no bundle, or why the server does not take it.
    static let bundle: [String: Wording] = [
        "bundle.noKey": Wording(
            "De sleutel waarmee een bundel voor de server wordt gesloten is nog niet op dit apparaat.",
            "Synchroniseer dit apparaat één keer met een server van deze versie; alles blijft in de wachtrij."
        ),
        "bundle.nothing": Wording(
            "Hier wacht niets op verzending.", "Er hoeft niets te gebeuren: alles heeft een antwoord."),
        "bundle.tooLarge": Wording(
            "Wat hier wacht is meer dan de 16 MiB van een bundel.",
            "Synchroniseer dit apparaat met de server; alles blijft in de wachtrij."),
        "bundle.malformed": Wording(
            "Dit is geen bundel.", "Geef een bestand dat `voordracht bundle export` heeft geschreven."),
        "bundle.version": Wording(
            "De bundel heeft een andere versie van haar vorm.",
            "Werk het oudste van de twee programma's bij, en schrijf de bundel opnieuw."),
        "bundle.foreign": Wording(
            "De bundel is voor de server van een andere vereniging.",
            "Lever haar af waar zij hoort; er is niets van gelezen."),
        "bundle.altered": Wording(
            "De bundel is afgekapt of gewijzigd.",
            "Kopieer het hele bestand opnieuw, of laat het opnieuw schrijven; er is niets van overgenomen."),
        "bundle.author": Wording(
            "Het apparaat dat de bundel schreef is hier niet aangemeld, of heeft geen rechten meer.",
            "Vraag het secretariaat; de wijzigingen blijven op dat apparaat bewaard."),
        "bundle.copied": Wording(
            "Een andere kopie van de replica die de bundel schreef heeft haar nummers al gebruikt.",
            "Synchroniseer het apparaat dat haar schreef: wat daar is vastgelegd gaat niet verloren."),
    ]
}
