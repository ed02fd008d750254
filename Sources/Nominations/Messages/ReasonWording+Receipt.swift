extension ReasonWording {
    /// What is wrong with a receipt, or why there is none.
    static let receipt: [String: Wording] = [
        "receipt.unknown": Wording(
            "Van deze wijziging is er voor dit apparaat geen ontvangstbewijs.",
            "Synchroniseer, en vraag het opnieuw; blijft het zo, dan is de wijziging niet ontvangen of niet voor u."
        ),
        "receipt.malformed": Wording(
            "Dit is geen ontvangstbewijs, of niet het hele.",
            "Vraag opnieuw om het hele bestand, zoals het geschreven is."),
        "receipt.version": Wording(
            "Dit ontvangstbewijs is van een nieuwer programma.", "Werk dit programma bij."),
        "receipt.author": Wording(
            "De handtekening van de auteur past niet bij de wijziging.", Self.unreliable),
        "receipt.leaf": Wording(
            "De wijziging staat niet zo in de boom van ontvangsten als het bewijs zegt.", Self.unreliable),
        "receipt.head": Wording(
            "De stand van de boom is niet ondertekend met de sleutel van de server.", Self.unreliable),
        "receipt.server": Wording(
            "Het ontvangstbewijs is van een andere server dan die van deze replica.",
            "Controleer het zonder deze replica, en de sleutel bij de vereniging die het noemt."),
        "receipt.erased": Wording(
            "Van deze wijziging is iets gewist: wat ervan over is, is niet wat de auteur ondertekende.",
            "Gebruik een ontvangstbewijs van daarvoor, als dat bewaard mag blijven."),
        "receipt.nothing": Wording(
            "Van deze voordracht is nog niets verzonden waarvan een ontvangstbewijs bestaat.",
            "Dien de voordracht in, synchroniseer, en vraag het opnieuw."),
    ]

    private static let unreliable =
        "Vertrouw er niet op. Vraag wie het gaf om het bestand zoals het geschreven is."
}
