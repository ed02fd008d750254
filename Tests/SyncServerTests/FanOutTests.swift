import ChangeLog
import Synchronization
import Testing

@testable import SyncServer

/// A clock whose sleepers wake when the test says so.
private final class Ticks: Sendable {
    private struct State {
        var sleepers: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func sleep() async {
        await withCheckedContinuation { sleeper in
            let watchers = state.withLock { state in
                state.sleepers.append(sleeper)
                defer { state.watchers = [] }
                return state.watchers
            }
            for watcher in watchers { watcher.resume() }
        }
    }

    /// Waits for somebody to sleep, and wakes them.
    func pass() async {
        await withCheckedContinuation { watcher in
            let isThere = state.withLock { state in
                if state.sleepers.isEmpty { state.watchers.append(watcher) }
                return !state.sleepers.isEmpty
            }
            if isThere { watcher.resume() }
        }
        for sleeper in take() { sleeper.resume() }
    }

    private func take() -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            defer { state.sleepers = [] }
            return state.sleepers
        }
    }
}

struct FanOutTests {
    private let ticks = Ticks()

    private func fanOut() -> FanOut { FanOut(sleep: { [ticks] _ in await ticks.sleep() }) }

    @Test func `all who wait share one task that counts the time`() async {
        let sleepers = Mutex((now: 0, most: 0))
        let fanOut = FanOut { _ in
            sleepers.withLock { sleepers in
                sleepers.now += 1
                sleepers.most = max(sleepers.most, sleepers.now)
            }
            await Task.yield()
            sleepers.withLock { $0.now -= 1 }
        }
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { await fanOut.isQuiet(beyond: .origin) } }
            for await isQuiet in group { #expect(isQuiet) }
        }
        #expect(sleepers.withLock { $0.most } == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `silence lasts for three ticks`() async {
        let fanOut = fanOut()
        let isQuiet = Flag()
        async let waited = {
            let result = await fanOut.isQuiet(beyond: .origin)
            isQuiet.raise()
            return result
        }()
        for _ in 0..<2 { await ticks.pass() }
        #expect(!isQuiet.isRaised)
        await ticks.pass()
        #expect(await waited)
    }

    @Test func `a commit, an end and a departure each let go of who waits, and it was not quiet`() async {
        let fanOut = fanOut()
        async let first = fanOut.isQuiet(beyond: .origin)
        await ticks.pass()
        fanOut.announce(Position(1))
        #expect(await first == false)
        #expect(await fanOut.isQuiet(beyond: .origin) == false)
        let second = Task { await fanOut.isQuiet(beyond: Position(1)) }
        second.cancel()
        #expect(await second.value == false)
        async let third = fanOut.isQuiet(beyond: Position(1))
        await ticks.pass()
        fanOut.close()
        #expect(await third == false)
        #expect(await fanOut.isQuiet(beyond: Position(1)) == false)
    }
}
