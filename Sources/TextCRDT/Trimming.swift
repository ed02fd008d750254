extension Array {
    /// Gives back room for more than a few further elements.
    mutating func trim() {
        guard capacity > count + count / 4 + 8 else { return }
        self = withUnsafeBufferPointer { Array($0) }
    }
}
