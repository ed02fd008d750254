import CoreMetrics
import Testing

@testable import SyncServer

/// The page against the text format 0.0.4 of Prometheus.
@Suite struct PrometheusTests {
    @Test func `counters, gauges and histograms are printed as the format has them`() {
        let registry = PrometheusRegistry(describing: [
            "jobs_total": .init("Jobs \\ done.\nAll."), "length": .init("Lengths.", buckets: [0.5, 1]),
        ])
        Counter(label: "jobs_total", dimensions: [("to", "a\"b\\c\nd"), ("from", "x")], factory: registry)
            .increment(by: 3)
        Meter(label: "a-level", factory: registry).set(2.5)
        let timer = Timer(label: "length", factory: registry)
        for milliseconds in [500, 700, 5000] { timer.recordNanoseconds(milliseconds * 1_000_000) }
        #expect(
            registry.page == """
                # TYPE a_level gauge
                a_level 2.5
                # HELP jobs_total Jobs \\\\ done.\\nAll.
                # TYPE jobs_total counter
                jobs_total{from="x",to="a\\"b\\\\c\\nd"} 3
                # HELP length Lengths.
                # TYPE length histogram
                length_bucket{le="0.5"} 1
                length_bucket{le="1"} 2
                length_bucket{le="+Inf"} 3
                length_sum 6.2
                length_count 3

                """)
    }

    @Test func `one name and one set of labels are one series, in whatever order they are given`() {
        let registry = PrometheusRegistry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        // A counter never falls, whatever it is told.
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment(by: -5)
        #expect(registry.page == "# TYPE c counter\nc{a=\"1\",b=\"2\"} 2\n")
    }

    @Test func `a second kind of metric under one name does not spoil the page`() {
        let registry = PrometheusRegistry()
        Counter(label: "c", factory: registry).increment()
        Meter(label: "c", factory: registry).set(7)
        #expect(registry.page == "# TYPE c counter\nc 1\n")
    }

    @Test func `what is destroyed leaves the page`() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "c", factory: registry)
        counter.increment()
        counter.destroy()
        #expect(registry.page == "")
    }

    @Test func `a label of unknown values is bounded`() {
        let label = BoundedLabel(limit: 2)
        #expect(["a", "b", "c", "a", "d"].map(label.value) == ["a", "b", "other", "a", "other"])
    }
}
