import ChangeLog
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
    @Test func `a push shows in verdicts, transactions, requests, handshakes and sizes`() async throws {
        try await TestInterface.run(withMetrics: true) { server async throws in
            let client = try await server.enrolledDevice()
            let device = client.device
            let before = try await server.metrics()
            let note = device.record()
            let entries = [
                device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "refuse")]),
                device.change(in: device.own, [TestDomain.create(note), TestDomain.write(note, "hold")]),
                device.change(in: device.own, [TestDomain.write(note, "a")]),
            ]
            let frames: [Frame] = [.hello(device.hello), .push(try device.batch(entries))]
            for _ in 0..<2 {
                // Told again, a verdict is not decided again.
                try await TestConnection.open(to: server.port, client.context) { connection async throws in
                    let answer = try await connection.request("/push", frames)
                    #expect(answer.status == 200)
                    #expect(try await connection.request(.GET, "/elsewhere/of/anybody").status == 404)
                }
            }
            let page = try await server.metrics()
            #expect(page.status == 200)
            #expect(page.type == "text/plain; version=0.0.4; charset=utf-8")
            #expect(page.malformed == [])
            func rise(_ series: String) -> Double { (page[series] ?? 0) - (before[series] ?? 0) }
            #expect(rise(#"voordracht_verdicts_total{code="",verdict="accepted"}"#) == 1)
            #expect(rise(#"voordracht_verdicts_total{code="test.refused",verdict="refused"}"#) == 1)
            #expect(rise(#"voordracht_verdicts_total{code="test.held",verdict="held"}"#) == 1)
            #expect(rise(#"voordracht_verdicts_total{code="",verdict="waiting"}"#) == 1)
            #expect(rise(#"voordracht_requests_total{route="/push",status="200"}"#) == 2)
            #expect(rise(#"voordracht_requests_total{route="other",status="404"}"#) == 2)
            let handshakes = ["full", "resumed"].map {
                rise(#"voordracht_tls_handshakes_total{outcome="\#($0)"}"#)
            }
            #expect(handshakes == [1, 1])
            let transactions = rise("voordracht_transactions_total")
            #expect(transactions == 2)
            #expect(rise("voordracht_commit_duration_seconds_count") == transactions)
            #expect(
                rise("voordracht_commit_duration_seconds_sum")
                    <= rise("voordracht_transaction_duration_seconds_sum"))
            for gauge in ["voordracht_database_bytes", "voordracht_wal_bytes", "voordracht_disk_free_bytes"] {
                #expect((page[gauge] ?? 0) > 0, "\(gauge)")
            }
            #expect(page["voordracht_queue_depth"] == 0)
        }
    }

    @Test func `every metric of the server is described, and stands on the page before anything happens`()
        async throws
    {
        try await TestInterface.run(withMetrics: true) { server async throws in
            let page = try await server.metrics()
            let names = ServerMetrics.Name.allCases.map(\.rawValue)
            // A route is named once it was asked for.
            for name in names where name != ServerMetrics.Name.requests.rawValue {
                #expect(page.text.contains("# HELP \(name) "), "\(name)")
            }
        }
    }

    @Test func `a live pull that reads shows no lag, and is gone from the page when it ends`() async throws {
        try await TestInterface.run(withMetrics: true) { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { live async throws in
                try await live.stream("/pull", client.want(isLive: true))
                try await live.skipToCurrent()
                let open = try await server.metrics()
                #expect(open["voordracht_pulls_open"] == 1 && open["voordracht_pulls_live"] == 1)
                #expect(open["voordracht_live_pull_lag_positions"] == 0)
                #expect(open["voordracht_connections"] == 1)
                _ = try await server.addPerson("Bram")
                while let frame = try await live.nextFrame(), frame.delivered.isEmpty {}
                let woken = try await server.metrics()
                #expect((woken["voordracht_fanout_wakeups_total"] ?? 0) >= 1)
            }
            // It is gone when its end has come to the server; otherwise the time limit ends this.
            while try await server.metrics()["voordracht_pulls_open"] != 0 {}
        }
    }

    @Test func `lag is what the slowest live pull has not been given`() {
        let pulls = OpenPulls()
        #expect(pulls.lag(to: Position(9)) == 0)
        _ = pulls.open(isLive: false, at: .origin)
        #expect(pulls.lag(to: Position(9)) == 0)
        let (slow, quick) = (
            pulls.open(isLive: true, at: Position(2)), pulls.open(isLive: true, at: Position(8))
        )
        #expect(pulls.lag(to: Position(9)) == 7)
        pulls.given(slow, through: Position(9))
        #expect(pulls.lag(to: Position(9)) == 1)
        pulls.close(quick)
        #expect(pulls.lag(to: Position(9)) == 0)
        #expect(pulls.count == 2 && pulls.live == 1)
    }

    @Test func `there is nothing but the page, and it is only read`() async throws {
        try await TestInterface.run(withMetrics: true) { server async throws in
            let port = try #require(server.metricsPort)
            #expect(try await MetricsPage.fetch("/", port: port).status == 404)
            #expect(try await MetricsPage.fetch(port: port, method: .POST).status == 405)
        }
    }

    @Test func `a handshake that fails is counted once`() async throws {
        try await TestInterface.run(withMetrics: true) { server async throws in
            // Plain HTTP where TLS is spoken.
            await #expect(throws: (any Error).self) {
                let page = try await MetricsPage.fetch(port: server.port)
                if page.status == 0 { throw CancellationError() }
            }
            let failed = #"voordracht_tls_handshakes_total{outcome="failed"}"#
            var page = try await server.metrics()
            // The connection is counted when its end has come to the server.
            while page["voordracht_connections"] != 0 { page = try await server.metrics() }
            #expect(page[failed] == 1)
        }
    }
}
