import SyncServer

extension AuditFault {
    func dutchMessage(_ subject: String) -> String {
        switch self {
        case .positionsMissing: "De posities \(subject) ontbreken."
        case .positionUnknown: "Ze heeft een positie die niet bestaat."
        case .changeUnreadable: "De bytes zijn geen wijziging: \(subject)."
        case .columnsOther: "De kolommen noemen een andere wijziging dan de bytes."
        case .baseFuture: "Ze zegt dat ze positie \(subject) heeft gezien."
        case .verdictMissing: "Het oordeel zegt niet dat ze hier is aangenomen."
        case .verdictTime: "Het oordeel noemt een andere tijd."
        case .verdictOther: "Het oordeel gaat over een andere wijziging."
        case .bytesAltered: "De bytes zijn niet die van de ontvangst."
        case .orderBroken: "Ze staat na een latere wijziging van haar replica."
        case .timeOther: "De geldende tijd is niet die van de regel."
        case .stateUnknown: "De toestand bestaat niet."
        case .verdictIncomplete: "Er ontbreekt een deel van wat is besloten."
        case .judgedEarly: "Het is geveld vóór een wijziging die wacht."
        case .chainBroken: "De keten is hier gebroken."
        case .orderMissing: "De wijziging is aangenomen, maar staat niet in de volgorde."
        case .chainEnd: "Ze eindigt bij een ander nummer dan genoteerd: \(subject)."
        case .keyMissing: "De sleutel van het apparaat staat niet op de ledenlijst."
        case .keyUnreadable: "De sleutel van het apparaat is onleesbaar: \(subject)"
        case .signedMissing: "Ze ondertekent een wijziging die er niet is."
        case .signatureOther: "Ze past niet bij de wijziging die ze ondertekent."
        case .unsigned: "Geen handtekening dekt de wijziging."
        case .contentsMissing: "De inhoud ontbreekt."
        case .factOther: "Het logboek geeft een andere waarde."
        case .originOther: "Het logboek noemt een andere herkomst."
        case .sumOther: "Het logboek geeft een andere som."
        case .beginsElsewhere: "Ze zou elders beginnen dan bij haar eerste wijziging."
        case .behindOther: "Ze zou op een andere wijziging wachten dan waarop ze wacht."
        case .rowsMissing: "Er ontbreken \(subject) rijen die uit het logboek volgen."
        case .treeGap: "De hashes \(subject) van de boom van ontvangsten ontbreken ervoor."
        case .nodeOther: "Het is niet de hash van de twee takken eronder."
        case .leafUnknown: "Het gaat over een wijziging die er niet is."
        case .leafOther: "Het zegt iets anders dan de wijziging en haar oordeel."
        case .leafOrder: "Het geeft een andere positie dan de volgende, \(subject)."
        case .leafMissing: "Geen blad van de boom zegt dit."
        case .headUnsigned: "Deze server heeft dit in dit tijdperk niet ondertekend."
        case .headOther: "De boom had toen een andere wortel: wat eraan voorafging is herschreven."
        case .headBeyond:
            "De boom is teruggezet: hij heeft minder bladeren dan er ondertekend zijn: \(subject)."
        case .headMissing: "Geen ondertekende stand dekt al zijn \(subject) bladeren."
        }
    }
}
