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

    func callAsFunction(_ dutch: String, _ english: String) -> String {
        language == .dutch ? dutch : english
    }
}
