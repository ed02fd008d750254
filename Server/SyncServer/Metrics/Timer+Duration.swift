import CoreMetrics

extension Timer {
    /// Records a length of time, of at most 292 years.
    func record(duration: Duration) {
        recordNanoseconds(
            duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
    }
}
