/// Dutch words for the reasons of the replica, the connection, the protocol and the server.
///
/// Those come with English words of their own; the reasons of this domain have ``MessageCode``.
public enum ReasonWording {
    /// The wording of a code; nil for one of a newer program, whose English words are then all there is.
    public static func dutch(_ code: String) -> Wording? {
        engine[code] ?? server[code] ?? replica[code] ?? connection[code] ?? receipt[code] ?? bundle[code]
            ?? key(code)
    }

    private static func key(_ code: String) -> Wording? {
        let parts = code.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, parts[0] == "key" || parts[0] == "cryptography" else { return nil }
        return keys[String(parts[1])]
    }

    /// What the server answers to a batch, a change or an enrolment, and the replica before that.
    private static let engine: [String: Wording] = [
        "replica.foreign": Wording(
            "Deze wijzigingen zijn van een replica die niet bij dit apparaat hoort.",
            "Meld deze kopie aan als een eigen apparaat."),
        "replica.copied": Wording(
            "De server kent wijzigingen van deze replica die deze kopie niet heeft.",
            "Synchroniseer opnieuw: deze kopie gaat dan verder als een eigen replica; er gaat niets verloren."
        ),
        "replica.taken": Wording(
            "Deze kopie kan niet verdergaan onder dit nummer: het is in gebruik, of te laag.",
            "Synchroniseer opnieuw; er gaat niets verloren."),
        "restore.missing": Wording(
            "De server is teruggezet, en waar deze wijziging op voortbouwt is nog niet opnieuw aangeboden.",
            "Wacht tot de maker daarvan synchroniseert, of tot zij na 30 dagen naar het bakje gaat; het secretariaat kan haar "
                + "afwijzen."),
        "restore.lost": Wording(
            "De server is teruggezet, en waar deze wijziging op voortbouwt is in 30 dagen niet opnieuw aangeboden.",
            "Bekijk in het bakje wat er staat, en schrijf het opnieuw waar het nog van belang is."),
        "replica.tooMany": Wording(
            "Dit apparaat is al te vaak als een andere replica verdergegaan.",
            "Meld aan in een andere map, en bewaar deze: wat nog niet is verzonden blijft erin staan."),
        "chain.unsigned": Wording(
            "Bij deze wijzigingen ontbreekt een geldige handtekening van het apparaat.",
            "Synchroniseer opnieuw; meld het met deze tekst als het terugkomt."),
        "chain.broken": Wording(
            "Een wijziging sluit niet aan op de vorige.",
            "Synchroniseer opnieuw; meld het met deze tekst als het terugkomt."),
        "chain.tooLong": Wording(
            "Er zijn te veel wijzigingen van deze replica achter elkaar geweigerd.",
            "Meld aan in een andere map, en bewaar deze: wat nog niet is verzonden blijft erin staan."),
        "queue.full": Wording(
            "Er wachten al te veel wijzigingen van deze replica.",
            "Wacht tot het secretariaat heeft beslist over wat wordt aangehouden; er gaat niets verloren."),
        "device.unknown": Wording(
            "Dit apparaat is bij de server niet aangemeld.",
            "Vraag het secretariaat om een uitnodiging, en meld het aan in dezelfde map: wat er staat blijft bewaard."
        ),
        "device.retired": Wording(
            "Dit apparaat is afgemeld; het mag nog inleveren wat niet is verzonden.",
            "Synchroniseer nog een keer; gebruik daarna een ander apparaat."),
        "device.closed": Wording(
            "Dit apparaat is afgemeld, en heeft ingeleverd wat het had.",
            "Gebruik een ander apparaat, of vraag het secretariaat om een uitnodiging."),
        "device.handedIn": Wording(
            "Dit apparaat is afgemeld; deze wijziging is ingeleverd, en het secretariaat beslist erover.",
            "Vraag het secretariaat wat ermee is gebeurd; met tray export blijft de tekst bewaard."),
        "restore.deleted": Wording(
            "De teruggezette server is deze wijziging kwijt; hier is zij verwijderd toen u haar niet meer mocht lezen.",
            "Wie haar nog heeft, geeft haar aan de server terug."),
        "restore.remembered": Wording(
            "De server schreef dit voordat hij werd teruggezet; wat hij toen afnam geldt weer.",
            "U hoeft niets te doen."),
        "change.handedIn": Wording(
            "Dit lag in de bak van een apparaat dat buiten gebruik ging, en is daarmee ingeleverd.",
            "Lees wat er staat, en schrijf het opnieuw als het er nog toe doet."),
        "change.deviceRevoked": Wording(
            "Het apparaat waar deze wijziging van komt was al afgemeld.",
            "Er gaat niets verloren: het secretariaat beslist erover."),
        "device.lost": Wording(
            "Dit apparaat is als verloren gemeld.",
            "Vraag het secretariaat om een uitnodiging voor een nieuw apparaat."),
        "epoch.changed": Wording(
            "De server is hersteld vanaf een reservekopie, en zijn volgorde begint opnieuw.",
            "Bouw deze replica opnieuw op vanaf de server; eigen wijzigingen blijven bewaard."),
        "cursor.future": Wording(
            "Deze replica heeft meer dan de server.",
            "Meld dit aan het secretariaat: de server is misschien teruggezet naar een eerdere stand."),
        "enrolment.person": Wording(
            "Deze persoon bestaat niet.", "Voeg de persoon eerst toe."),
        "enrolment.unknown": Wording(
            "Deze uitnodiging is hier niet bekend.",
            "Controleer of de hele link is gekopieerd, of vraag om een nieuwe."),
        "enrolment.used": Wording(
            "Deze uitnodiging is al gebruikt door een ander apparaat.",
            "Vraag om een nieuwe; zeg het tegen het secretariaat als u het niet zelf was."),
        "enrolment.expired": Wording("Deze uitnodiging is verlopen.", "Vraag om een nieuwe."),
        "enrolment.device": Wording(
            "Deze sleutel is al die van een aangemeld apparaat.", "Meld het aan met een nieuwe sleutel."),
        "enrolment.replica": Wording(
            "Dit nummer van een replica is al in gebruik.", "Meld het aan met een nieuw nummer."),
        "enrolment.name": Wording(
            "De naam van een apparaat is leeg of te lang.", "Kies een andere naam met --device."),
        "base.epoch": Wording(
            "De wijziging is gemaakt voordat de server werd hersteld.",
            "Synchroniseer, en maak de wijziging opnieuw."),
        "audience.arriving": Wording(
            "Wat hier eerder stond, is nog niet teruggekomen.",
            "Synchroniseer eerst, en doe de bewerking daarna."),
        "base.future": Wording(
            "De weergave waarop dit is gemaakt bestaat nog niet.", "Synchroniseer, en bewerk het opnieuw."),
        "base.own": Wording(
            "De wijziging bouwt op een latere wijziging van zichzelf.",
            "Maak de wijziging opnieuw op de huidige weergave."),
        "change.withdrawn": Wording(
            "De auteur heeft de inhoud van deze wijziging niet meer.",
            "Er hoeft niets te gebeuren; latere wijzigingen gaan door."),
        "change.tooLarge": Wording(
            "De wijziging is te groot.", "Verdeel haar over kleinere wijzigingen."),
        "change.malformed": Wording(
            "De wijziging heeft niet de juiste vorm.",
            "Meld dit met deze tekst: een programma maakt een fout."),
        "change.unsupported": Wording(
            "De wijziging is van een andere versie van dit programma.",
            "Werk het oudste van de twee programma's bij."),
        "change.declined": Wording(
            "Het secretariaat heeft deze wijziging afgewezen: {0}",
            "Lees de reden, bewerk de wijziging in de bak, en verstuur haar opnieuw als zij mag blijven."),
        "change.notHeld": Wording(
            "Deze wijziging wordt niet aangehouden.", "Bekijk wat wordt aangehouden, en noem daar een van."),
        "change.dependent": Wording(
            "Deze wijziging bouwt op een wijziging die niet is aanvaard.",
            "Verstuur haar opnieuw samen met die wijziging, of gooi beide weg."),
        "change.refused": Wording(
            "De server heeft deze wijziging geweigerd.", "Bewerk haar in de bak, of gooi haar weg."),
        "audience.revoked": Wording(
            "U mag niet meer lezen en schrijven waar deze wijziging is gemaakt.",
            "Bewaar de wijziging met tray export, of vraag het secretariaat."),
        "group.member": Wording(
            "Een andere wijziging van dezelfde handeling is geweigerd, en deze daarom ook.",
            "Zie de reden bij de andere wijziging."),
        "group.broken": Wording(
            "De wijzigingen van één handeling passen niet bij elkaar.", "Doe de handeling opnieuw."),
        "group.tooLarge": Wording(
            "De wijzigingen van één handeling zijn samen te groot.",
            "Verdeel de handeling over kleinere."),
        "record.exists": Wording(
            "Er is al een ander record met dit nummer.",
            "Maak het record opnieuw; het krijgt een eigen nummer."),
        "roster.server": Wording(
            "Alleen de server schrijft gegevens van apparaten.", "Vraag het secretariaat."),
        "field.moved": Wording(
            "Over dit veld is intussen opnieuw beslist.",
            "Bekijk de nieuwe waarde, en beslis opnieuw als het een andere moet zijn."),
        "resolution.candidate": Wording(
            "De waarde die moest blijven is geweigerd, of haar auteur had haar niet gezien.",
            "Bekijk het conflict opnieuw, en houd een andere waarde of schrijf haar opnieuw."),
        "text.version": Wording(
            "De tekst is hier anders dan de tekst die is bewerkt.",
            "Verstuur haar opnieuw vanuit de bak, als het verschil met de huidige tekst."),
        "text.tooLarge": Wording(
            "De tekst is langer dan 1 MiB.", "Maak haar korter, of verdeel haar over meer gegevens."),
        "text.range": Wording(
            "Een bewerking valt buiten de tekst.", "Open de tekst opnieuw, en bewerk haar daar."),
    ]

    /// What the server answers to a request, and what its own data can be.
    private static let server: [String: Wording] = [
        "certificate.missing": Wording(
            "Hiervoor is het certificaat van een aangemeld apparaat nodig.",
            "Meld het apparaat aan met de link uit de uitnodiging."),
        "record.notFound": Wording(
            "De server kent geen replica van dit apparaat.", "Vraag het secretariaat om een uitnodiging."),
        "route.unknown": Wording(
            "De server kent dit adres niet.", "Werk het oudste van de twee programma's bij."),
        "method.notAllowed": Wording(
            "Dit kan niet bij de server.", "Werk het oudste van de twee programma's bij."),
        "body.malformed": Wording(
            "De server kan het verzoek niet lezen.", "Een programma maakt een fout: meld die met deze tekst."),
        "body.tooLarge": Wording("Het verzoek is te groot.", "Verstuur minder tegelijk."),
        "server.notReady": Wording(
            "De server is aan het starten of stoppen.", "Probeer het zo dadelijk opnieuw."),
        "server.failure": Wording(
            "Er ging iets mis bij de server.",
            "Probeer het opnieuw; zeg het tegen de beheerder als het terugkomt."),
        "server.absent": Wording("De gegevens van de server ontbreken.", "Controleer --data."),
        "server.present": Wording("Er staan al gegevens van een server.", "Geef een andere map."),
        "server.foreign": Wording(
            "De gegevens zijn niet die van een server.", "Zet server.db terug uit een reservekopie."),
        "server.newer": Wording(
            "De gegevens zijn door een nieuwere versie van het programma van de server geschreven.",
            "Werk het programma van de server bij."),
        "server.damaged": Wording(
            "De gegevens van de server zijn beschadigd of spreken elkaar tegen.",
            "Zet sleutels en gegevens terug uit dezelfde reservekopie."),
        "server.diskFull": Wording(
            "De schijf van de server is vol.",
            "Waarschuw de beheerder van de server; wat hier is vastgelegd blijft bewaard en gaat later mee."),
        "server.forbidden": Wording(
            "Het programma van de server mag zijn eigen gegevens niet lezen en schrijven.",
            "Waarschuw de beheerder van de server; wat hier is vastgelegd blijft bewaard en gaat later mee."),
        "server.storage": Wording(
            "De schijf of de database van de server weigerde.",
            "Waarschuw de beheerder van de server; wat hier is vastgelegd blijft bewaard en gaat later mee."),
        "server.notDurable": Wording(
            "Wat de server bevestigt zou met de stroom verloren kunnen gaan.",
            "Gebruik een schijf die volledig kan wegschrijven."),
        "server.rules": Wording(
            "De regels verbieden wat de server zelf moet schrijven.",
            "Meld dit met deze tekst: het programma van de server maakt een fout."),
        "server.closed": Wording("De server is aan het stoppen.", "Probeer het zo dadelijk opnieuw."),
    ]
}
