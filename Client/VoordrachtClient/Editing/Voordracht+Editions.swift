import ChangeLog
import Merging
import MunicipalRegister
import Nominations

extension Voordracht {
    /// Prepares an edition, for the secretariat.
    ///
    /// - Parameters:
    ///   - year: by which it is named in commands.
    ///   - name: as it is shown.
    ///   - predicate: what the award is called.
    ///   - call: the text that asks for nominations.
    ///   - referenceDate: `YYYY-MM-DD`; by default the first day of the year.
    ///   - opens: a day or a moment, as `AmsterdamTime.instant` reads it.
    ///   - closes: the last day or moment that is in time.
    ///   - graceHours: how long after closing what was made in time may arrive.
    ///   - regionKind: COROP by default.
    /// - Throws: `FaceError.dateMalformed`; what `perform` throws.
    @discardableResult
    public func createEdition(
        _ year: Int, name: String, predicate: String? = nil, call: String? = nil,
        referenceDate: String? = nil, opens: String? = nil, closes: String? = nil, graceHours: Int? = nil,
        regionKind: String? = nil
    ) async throws -> Edit {
        let day = try referenceDate.map { text in
            guard let day = CivilDate(iso: text) else { throw FaceError(.dateMalformed, [text]) }
            return day
        }
        let kind = try regionKind.map { text in
            let kinds = Region.Kind.allCases
            guard let kind = kinds.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
                throw FaceError(.regionKindUnknown, [text], suggestions: kinds.map(\.rawValue))
            }
            return kind
        }
        return try await perform(
            CreateEdition(
                year: year, name: name, predicate: predicate, call: call, referenceDate: day,
                opens: try opens.map { try Self.moment($0, isEnd: false) },
                closes: try closes.map { try Self.moment($0, isEnd: true) }, graceHours: graceHours,
                regionKind: kind ?? .corop))
    }

    /// The edition that a year, a name or an id means; by nothing, the only open one.
    public func findEdition(_ text: String?) async throws -> RecordID {
        try await read { try $0.edition(text).id }
    }

    private static func moment(_ text: String, isEnd: Bool) throws -> Int64 {
        guard let moment = AmsterdamTime.instant(text, isEnd: isEnd) else {
            throw FaceError(.dateMalformed, [text])
        }
        return moment
    }
}
