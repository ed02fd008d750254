public import CoreMetrics
import Synchronization

/// Keeps what is counted and measured, and prints it as a page for Prometheus.
///
/// After the text format 0.0.4 of the Prometheus documentation ("Exposition formats"). A label of the facade
/// is the name of a metric, its dimensions are the labels; a timer is a histogram in seconds. What was made
/// once stays on the page: whoever counts keeps the values of labels few.
public final class PrometheusRegistry: MetricsFactory {
    /// What the page says about one metric, beside its numbers.
    public struct Description: Sendable {
        /// One sentence.
        public let help: String
        /// Upper bounds of the buckets of a histogram, in rising order; seconds for a timer.
        public let buckets: [Double]

        public init(_ help: String, buckets: [Double] = Description.seconds) {
            self.help = help
            self.buckets = buckets
        }

        /// From a tenth of a millisecond to ten seconds.
        public static let seconds = [
            0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
            10,
        ]
    }

    private struct Family {
        let type: String
        var series: [String: any MetricSeries] = [:]
    }

    private let descriptions: [String: Description]
    private let families = Mutex<[String: Family]>([:])

    /// - Parameter descriptions: by the name of the metric; one without has no help and the usual buckets.
    public init(describing descriptions: [String: Description] = [:]) {
        self.descriptions = descriptions
    }

    /// The page, with a line feed at its end: metrics by name, and their series by label.
    public var page: String {
        let families = families.withLock { $0 }
        var page = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if let help = descriptions[name]?.help {
                page += "# HELP \(name) \(PrometheusText.escaped(help: help))\n"
            }
            page += "# TYPE \(name) \(family.type)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                for line in series.lines(name, labels) { page += line + "\n" }
            }
        }
        return page
    }

    /// The series with these labels, made when it is new.
    ///
    /// Two kinds of metrics under one name would make a page that nobody reads: the second goes uncounted.
    private func series<Series: MetricSeries>(
        _ label: String, _ dimensions: [(String, String)], _ type: String, _ make: (Description?) -> Series
    ) -> Series {
        let name = PrometheusText.name(label)
        let labels = PrometheusText.labels(dimensions)
        return families.withLock { families in
            var family = families[name] ?? Family(type: type)
            guard family.type == type else { return make(nil) }
            if let known = family.series[labels] as? Series { return known }
            let series = make(descriptions[name])
            family.series[labels] = series
            families[name] = family
            return series
        }
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, "counter") { _ in CounterSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, "gauge") { _ in GaugeSeries() }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, "histogram") { HistogramSeries($0?.buckets ?? Description.seconds) }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, "gauge") { _ in GaugeSeries() } }
        return series(label, dimensions, "histogram") { HistogramSeries($0?.buckets ?? Description.seconds) }
    }

    public func destroyCounter(_ handler: any CounterHandler) { drop(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { drop(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { drop(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { drop(handler) }

    private func drop(_ handler: AnyObject) {
        families.withLock { families in
            families = families.compactMapValues { family in
                var rest = family
                rest.series = family.series.filter { $0.value !== handler }
                return rest.series.isEmpty ? nil : rest
            }
        }
    }
}
