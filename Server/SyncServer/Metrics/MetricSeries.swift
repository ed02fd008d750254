import CoreMetrics
import Synchronization

/// The numbers of one metric under one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// Its lines on the page, without line feeds.
    ///
    /// - Parameter labels: as `PrometheusText.labels` writes them, without braces.
    func lines(_ name: String, _ labels: String) -> [String]
}

/// A number that only rises.
final class CounterSeries: MetricSeries, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        // A counter that falls is taken for a restart.
        if amount > 0 { value.add(amount, ordering: .relaxed) }
    }

    func reset() { value.store(0, ordering: .relaxed) }

    func lines(_ name: String, _ labels: String) -> [String] {
        [PrometheusText.sample(name, labels, "\(value.load(ordering: .relaxed))")]
    }
}

/// A number as it is now.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ number: Int64) { set(Double(number)) }
    func set(_ number: Double) { value.withLock { $0 = number } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ number: Int64) { set(number) }
    func record(_ number: Double) { set(number) }

    func lines(_ name: String, _ labels: String) -> [String] {
        [PrometheusText.sample(name, labels, PrometheusText.number(value.withLock { $0 }))]
    }
}

/// How often something was how large.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    private struct State {
        /// One for each bucket, and one beyond them all.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let buckets: [Double]
    private let state: Mutex<State>

    init(_ buckets: [Double]) {
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ number: Int64) { record(Double(number)) }

    func record(_ number: Double) {
        // Not a number is larger than nothing, and would spoil the sum for good.
        guard !number.isNaN else { return }
        let index = buckets.firstIndex { number <= $0 } ?? buckets.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += number
        }
    }

    func lines(_ name: String, _ labels: String) -> [String] {
        let state = state.withLock { $0 }
        var lines: [String] = []
        var total: UInt64 = 0
        for (count, bound) in zip(state.counts, buckets.map(PrometheusText.number) + ["+Inf"]) {
            total += count
            let labels = (labels.isEmpty ? "" : labels + ",") + "le=\"\(bound)\""
            lines.append(PrometheusText.sample(name + "_bucket", labels, "\(total)"))
        }
        return lines + [
            PrometheusText.sample(name + "_sum", labels, PrometheusText.number(state.sum)),
            PrometheusText.sample(name + "_count", labels, "\(total)"),
        ]
    }
}
