import VoordrachtClient

extension NomineeList: Presentable {
    func lines(_ language: Language) -> [String] {
        if items.isEmpty { return [Phrase.nothing(language)] }
        return items.flatMap { item in
            var head = "\(item.name) – \(item.edition.name)"
            if let review = item.review { head += "  (\(Self.own(review, language)))" }
            if item.reviews > 0 {
                head +=
                    "  "
                    + language.count(
                        item.reviews, ("beoordeling", "beoordelingen"), ("review", "reviews"))
            }
            return [head]
                + item.nominations.map {
                    "  \($0.organisation.name) (\(Phrase.state($0.state, language))) r\($0.record)"
                }
        }
    }

    private static func own(_ review: String, _ language: Language) -> String {
        switch review {
        case "none": language("nog niet beoordeeld", "not reviewed yet")
        case "draft": language("uw beoordeling is een concept", "your review is a draft")
        case "submitted": language("uw beoordeling is ingediend", "your review is submitted")
        case "recused": language("u hebt zich verschoond", "you are recused")
        default: review
        }
    }
}
