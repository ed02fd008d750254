import Glibc

/// Runs every task that begins on one thread, one job at a time, in an order that a seed decides.
///
/// The runtime of Swift Concurrency hands each job that may run to a hook, where there is one. While an
/// executor is in charge of a thread, the jobs that become ready there are its own; those of other threads
/// go where they always went. Everything that a simulation does happens on its thread, so all its jobs are
/// here, and the choice between them is the whole of its scheduling.
///
/// Unchecked: it is used by the thread that it is in charge of, and by no other.
package final class DeterministicExecutor: TaskExecutor, @unchecked Sendable {
    private enum Ready {
        case job(UnownedJob)
        /// A task that let others come first.
        case turn(CheckedContinuation<Void, Never>)
    }

    private var ready: [Ready] = []
    private var random: SplitMix64
    /// How many jobs have run: the simulation's count of moments.
    private(set) var moment = 0

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    package func enqueue(_ job: consuming ExecutorJob) { ready.append(.job(UnownedJob(job))) }

    package func enqueue(_ job: UnownedJob) { ready.append(.job(job)) }

    /// Decides the order from here on by another seed.
    func reseed(_ seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Runs one of the jobs that are ready; false when there is none.
    func runOne() -> Bool {
        guard !ready.isEmpty else { return false }
        let next = ready.remove(at: ready.count == 1 ? 0 : random.below(ready.count))
        moment += 1
        switch next {
        case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
        case .turn(let continuation): continuation.resume()
        }
        return true
    }

    /// Lets others come first, if the seed wills. `Task.yield` does not ask the hook.
    static func turn() async {
        await withCheckedContinuation { continuation in
            guard let executor = GlobalHook.executor else { return continuation.resume() }
            executor.ready.append(.turn(continuation))
        }
    }

    /// Is in charge of this thread while `body` runs.
    func inCharge<Result>(_ body: () throws -> Result) rethrows -> Result {
        GlobalHook.install()
        GlobalHook.executor = self
        defer { GlobalHook.executor = nil }
        return try body()
    }
}

/// The runtime's hook for jobs that may run anywhere, and whose they are on this thread.
private enum GlobalHook {
    typealias Original = @convention(thin) (UnownedJob) -> Void
    typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    static var executor: DeterministicExecutor? {
        get {
            pthread_getspecific(key).map {
                Unmanaged<DeterministicExecutor>.fromOpaque($0).takeUnretainedValue()
            }
        }
        set { pthread_setspecific(key, newValue.map { Unmanaged.passUnretained($0).toOpaque() }) }
    }

    private static let isInstalled: Bool = {
        guard let place = dlsym(nil, "swift_task_enqueueGlobal_hook") else { return false }
        let hook: Hook = { job, original in
            if let executor = GlobalHook.executor { executor.enqueue(job) } else { original(job) }
        }
        place.assumingMemoryBound(to: Optional<Hook>.self).pointee = hook
        return true
    }()

    static func install() {
        precondition(isInstalled, "this runtime of Swift Concurrency has no hook for global jobs")
    }
}
