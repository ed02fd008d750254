extension Text {
    // MARK: Versions

    /// The text as it was in a version: of one that somebody names, as of `version` at that time.
    /// - Throws: `unknownEvent`.
    public func string(at version: [TextEventID]) throws(TextError) -> String {
        try history.text(at: version)
    }

    /// What became of the text from one version to another one, for a screen on which somebody reviews it; neither has
    /// to hold the other.
    /// - Throws: `unknownEvent`.
    public func comparison(from old: [TextEventID], to new: [TextEventID]) throws(TextError) -> TextComparison
    {
        try history.comparison(from: old, to: new)
    }

    // MARK: People

    /// Who wrote what: the whole text in stretches of one edit each, in order and without gaps.
    public var authors: [MergedText.Span] { history.merged().spans }

    /// Where two people wrote in one place at once, and nobody has settled it since, in order.
    public var overlaps: [TextOverlap] { history.merged().overlaps }

    // MARK: Exchange

    /// All edits that a version does not hold, for someone who has it.
    ///
    /// Edits of it that are not known here are passed over: what comes then may hold some that he has, which does no
    /// harm. So two that tell each other their versions come to the same by one update each way.
    public func encoded(since version: [TextEventID]) -> [UInt8] {
        let known = history.graph.version(of: version.compactMap(history.graph.index))
        return Excerpt(history, without: history.graph.events(in: known)).encoded(
            text: nil, deleted: nil, isCompressed: true)
    }
}
