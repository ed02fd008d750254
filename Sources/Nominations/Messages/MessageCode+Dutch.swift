extension MessageCode {
    static let dutch: [MessageCode: Wording] = [
        .audienceForbidden: Wording(
            "U mag hier niet schrijven.", "Vraag het secretariaat of uw rol de juiste is."),
        .audienceSubject: Wording(
            "Dit is de plaats van een andere voordracht.",
            "Dien de voordracht opnieuw in; meld het als dit zich herhaalt."),
        .audienceUnknown: Wording("Deze kring van lezers bestaat niet.", "Werk dit programma bij."),
        .editionClosed: Wording(
            "De editie is gesloten; er kan geen voordracht meer worden begonnen.",
            "Synchroniseer; is zij dan nog gesloten, vraag het secretariaat haar weer te openen."),
        .editionNotOpen: Wording(
            "De editie is nog niet open.",
            "Synchroniseer; is zij dan nog niet open, wacht tot het secretariaat haar opent."),
        .editionUnknown: Wording(
            "Deze editie bestaat niet.", "Synchroniseer, en vraag de lijst van edities op."),
        .fieldChoice: Wording(
            "Het veld kent deze keuze niet.", "Kies een van de waarden die het veld biedt."),
        .fieldPolicy: Wording(
            "Het veld wordt op een andere manier bewerkt.", "Werk dit programma bij."),
        .fieldType: Wording(
            "De waarde is niet van de soort die het veld bevat.", "Geef een waarde van de juiste soort."),
        .fieldUnknown: Wording(
            "Dit veld bestaat niet.", "Bekijk het gegeven om te zien welke velden het heeft."),
        .kindMisplaced: Wording(
            "Gegevens van deze soort horen hier niet.", "Gebruik de opdracht die zo'n gegeven maakt."),
        .kindUnknown: Wording("Deze soort gegevens bestaat niet.", "Werk het programma op de server bij."),
        .nominationOrganisation: Wording(
            "De voordracht is van een andere organisatie.",
            "Vraag het die organisatie, of draag voor namens uw eigen organisatie."),
        .personInactive: Wording(
            "U hebt in deze werkruimte geen rol meer.", "Vraag het secretariaat om een rol."),
        .recordKey: Wording(
            "De sleutel van het gegeven volgt niet uit waar het over gaat.", "Maak het gegeven opnieuw."),
        .recordKind: Wording(
            "Het gegeven bestaat al en is van een andere soort.", "Maak het gegeven opnieuw."),
        .recordParent: Wording(
            "Waar het gegeven bij hoort bestaat hier niet.", "Maak dat eerst, en dan dit gegeven."),
        .recordUnknown: Wording(
            "Dit gegeven bestaat hier niet.", "Synchroniseer, en kijk of het gegeven geweigerd is."),
        .rosterServerOnly: Wording(
            "Personen, apparaten en organisaties worden door de server bijgehouden.",
            "Vraag de beheerder van de server om de wijziging."),
        .submissionAfterGrace: Wording(
            "De indiening is voor sluiting gemeld, en kwam na de respijttijd aan.",
            "U hoeft niets te doen: het secretariaat beslist."),
        .submissionClosed: Wording(
            "De editie is gesloten; er kan niets meer worden ingediend.",
            "Synchroniseer; is zij dan nog gesloten, vraag het secretariaat. Uw concept blijft bewaard."),
        .recusalSubject: Wording(
            "Deze verschoning noemt een andere genomineerde dan waarover zij gaat.",
            "Werk dit programma bij."),
        .reviewAdvice: Wording(
            "Een beoordeling wordt met haar advies ingediend.",
            "Geef --advice award, shortlist of decline mee."),
        .reviewFrozen: Wording(
            "Deze beoordeling is ingediend; wat erna verandert is een herziening.",
            "Wijzig haar met assess, dan telt het als herziening."),
        .reviewLasting: Wording(
            "Een beoordeling kan niet worden verwijderd.",
            "Wijzig haar met assess; een concept blijft van u alleen."),
        .reviewRecused: Wording(
            "U beoordeelt deze genomineerde niet: u hebt zich verschoond.",
            "Vraag het secretariaat als dit niet meer geldt."),
        .reviewScore: Wording(
            "Een score is een heel getal van 1 tot en met 5.", "Kies een getal van 1 tot en met 5."),
        .submissionContent: Wording(
            "De indiening is onleesbaar of gaat over een andere voordracht.", "Dien de voordracht opnieuw in."
        ),
        .submissionLasting: Wording(
            "Wat is ingediend wordt niet verwijderd.", "Trek de voordracht in, of dien haar opnieuw in."),
        .submissionLate: Wording(
            "De indiening is volgens haar eigen klok op tijd gemaakt en na sluiting aangekomen.",
            "U hoeft niets te doen: het secretariaat beslist."),
        .submissionNoExample: Wording(
            "Een voordracht heeft ten minste één voorbeeld nodig.",
            "Voeg een voorbeeld toe en dien opnieuw in."),
        .witnessCode: Wording(
            "{0} is geen code: die heeft 16 letters en cijfers.", "Laat de code nog eens voorlezen."),
        .witnessNothing: Wording(
            "Van deze voordracht is hier nog niets ingediend.", "Dien haar eerst in; dat kan zonder netwerk."),
        .annotationAudience: Wording(
            "Een aantekening voor {0} kunt u niet maken.", "Kies een andere zichtbaarheid."),
        .annotationEmpty: Wording("De aantekening heeft geen tekst.", "Geef haar een tekst."),
        .candidateUnknown: Wording(
            "Het conflict heeft geen kandidaat “{0}”.", "Kies een van: {1}."),
        .conflictOrganisation: Wording(
            "Dit conflict is van de organisatie die voordraagt; haar leden lossen het op.",
            "Vraag het een van hen met voordracht assign."),
        .conflictUnknown: Wording(
            "Er is geen open conflict “{0}”.",
            "Vraag de lijst van conflicten op; misschien heeft iemand het opgelost."),
        .criterionExists: Wording(
            "De editie heeft al een criterium “{0}”.",
            "Wijzig het met set {1}, of kies een andere naam."),
        .criterionUnknown: Wording(
            "De editie heeft geen criterium “{0}”.", "Kies een van: {1}."),
        .personExists: Wording(
            "{0} is al bekend, bij dezelfde organisatie.",
            "Nodig een volgend apparaat van deze persoon uit met --for {1}; onderscheid een naamgenoot met de naam."
        ),
        .organisationTwice: Wording(
            "Nummer {0} staat ook op regel {1}.", "Laat een van beide regels weg; er is niets toegevoegd."),
        .editionNone: Wording(
            "Er is hier nog geen editie.",
            "Synchroniseer, of wacht tot het secretariaat er een heeft geopend."),
        .editionAmbiguous: Wording(
            "Het is niet duidelijk welke editie bedoeld is.", "Noem een van: {0}."),
        .editionDates: Wording(
            "De editie zou sluiten voordat zij opent.", "Geef een sluiting na de opening."),
        .editionExists: Wording("Er is al een editie {0}.", "Wijzig die, of kies een ander jaar."),
        .editionYear: Wording("“{0}” is geen jaar.", "Geef een jaar zoals 2017."),
        .fieldNotEditable: Wording(
            "Het veld “{0}” wordt niet met de hand gewijzigd.", "Gebruik de opdracht die ervoor bedoeld is."),
        .fieldOperation: Wording(
            "Het veld “{0}” wordt niet zo bewerkt.", "Gebruik er de opdracht {1} voor."),
        .nameEmpty: Wording("Er ontbreekt een naam.", "Geef een naam."),
        .nominationNotSubmitted: Wording(
            "De voordracht is niet ingediend.", "Er valt niets in te trekken."),
        .nomineeAmbiguous: Wording(
            "“{0}” kan op meer dan één genomineerde slaan.", "Kies een van: {1}."),
        .nomineeNotThen: Wording(
            "{0} bestond niet op {1}, de peildatum van de editie.", "Draag voor wat toen bestond: {2}."),
        .nomineeUnknown: Wording(
            "Er is geen gemeente of regio bekend als “{0}”.",
            "Controleer de spelling; in de buurt komen: {1}."),
        .organisationKvk: Wording(
            "“{0}” is geen KvK-nummer.", "Geef de acht cijfers ervan."),
        .organisationNone: Wording(
            "U draagt niet voor namens een lidorganisatie.",
            "Vraag het secretariaat u aan een organisatie te koppelen."),
        .readFailed: Wording(
            "De gegevens konden niet worden gelezen: {0}.",
            "Probeer het opnieuw; controleer anders de schijf."),
        .resolutionChoice: Wording(
            "Een conflict van deze soort wordt niet zo opgelost.", "Behoud een van: {0}."),
        .roleNone: Wording("Een persoon heeft ten minste één rol nodig.", "Kies uit: {0}."),
        .roleUnknown: Wording("De rol “{0}” bestaat niet.", "Kies uit: {1}."),
        .valueMalformed: Wording("“{0}” past niet in het veld “{1}”.", "Geef {2}."),
    ]
}
