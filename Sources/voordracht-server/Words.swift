import Foundation
import Nominations

/// Picks between the two languages that results and errors are told in.
struct Words {
    let language: Language

    init(_ asked: String?) {
        let environment = ProcessInfo.processInfo.environment
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        language = (asked ?? set ?? "").hasPrefix("nl") ? .dutch : .english
    }

    func changes(_ count: Int) -> String {
        let one = count == 1
        return "\(count) " + self(one ? "wijziging" : "wijzigingen", one ? "change" : "changes")
    }

    /// A moment for people: the clock in Amsterdam in Dutch, UTC in ISO 8601 in English.
    func moment(_ milliseconds: Int64) -> String {
        guard language == .dutch else { return Moment.text(milliseconds) }
        let local = AmsterdamTime.iso(milliseconds + AmsterdamTime.offset(at: milliseconds))
        // After the day and the T stand hours and minutes.
        return "\(AmsterdamTime.day(of: milliseconds).text(.dutch)), \(local.dropFirst(11).prefix(5))"
    }

    func callAsFunction(_ dutch: String, _ english: String) -> String {
        language == .dutch ? dutch : english
    }
}
