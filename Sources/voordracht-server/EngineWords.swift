/// In Dutch, by their codes: the errors of the engine that reach an administrator.
///
/// Others are told as the engine tells them, in English.
enum EngineWords {
    static let dutch: [String: (message: String, remedy: String)] = [
        "change.notHeld": (
            "Deze wijziging wordt niet aangehouden.", "Zoek haar op met `voordracht-server held`."
        ),
        "device.unknown": (
            "Dit apparaat is hier niet aangemeld.", "Zoek het op met `voordracht-server devices`."
        ),
        "enrolment.person": ("Deze persoon bestaat niet.", "Zoek de persoon op met `person list`."),
        "server.absent": ("De gegevens van de server ontbreken.", "Controleer --data."),
        "server.present": ("Er staan al gegevens van een server.", "Geef een andere map."),
        "server.foreign": (
            "De gegevens zijn niet die van een server.", "Zet server.db terug uit een reservekopie."
        ),
        "server.newer": (
            "De gegevens zijn door een nieuwere versie van dit programma geschreven.",
            "Werk dit programma bij."
        ),
        "server.damaged": (
            "De gegevens zijn beschadigd of spreken elkaar tegen.",
            "Zet sleutels en gegevens terug uit dezelfde reservekopie."
        ),
        "server.notDurable": (
            "Wat bevestigd wordt zou met de stroom verloren kunnen gaan.",
            "Gebruik een schijf die volledig kan wegschrijven."
        ),
        "server.closed": ("De server is aan het stoppen.", "Probeer het zo dadelijk opnieuw."),
    ]
}
