/// A language of the texts that people read; the raw value is its code of ISO 639-1.
public enum Language: String, Hashable, Sendable, CaseIterable {
    case dutch = "nl"
    case english = "en"
}
