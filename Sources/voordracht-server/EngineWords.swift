import Nominations

/// In Dutch, by their codes: the errors of the engine that an administrator has a remedy of their own for.
///
/// For all others what everybody is told holds for administrators too.
enum EngineWords {
    static func dutch(_ code: String) -> (message: String, remedy: String)? {
        own[code] ?? ReasonWording.dutch(code).map { ($0.message, $0.remedy) }
    }

    private static let own: [String: (message: String, remedy: String)] = [
        "change.notHeld": (
            "Deze wijziging wordt niet aangehouden.", "Zoek haar op met `voordracht-server held`."
        ),
        "device.unknown": (
            "Dit apparaat is hier niet aangemeld.", "Zoek het op met `voordracht-server devices`."
        ),
        "server.diskFull": (
            "De schijf van de server is vol.",
            "Maak ruimte vrij; wat was bevestigd is bewaard, en de rest wordt vanzelf opnieuw verstuurd."
        ),
        "server.forbidden": (
            "Deze gebruiker mag de gegevens van de server niet lezen en schrijven.",
            "Start het programma als de gebruiker van wie de map is."
        ),
        "server.storage": (
            "De schijf of de database weigert.", "Probeer het opnieuw; kijk naar de schijf als het blijft."
        ),
        "enrolment.person": ("Deze persoon bestaat niet.", "Zoek de persoon op met `person list`."),
    ]
}
