public import MunicipalRegister

extension CivilDate {
    /// "4 juni 2015", "4 June 2015".
    public func text(_ language: Language) -> String {
        let months = language == .dutch ? Self.dutchMonths : Self.englishMonths
        return "\(day) \(months[month - 1]) \(year)"
    }

    private static let dutchMonths = [
        "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
        "november", "december",
    ]
    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]
}
