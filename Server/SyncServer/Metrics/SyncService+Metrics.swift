import CoreMetrics
import Glibc

extension SyncService {
    /// Measures what changes without anybody counting it: queue, pulls, sizes, room on the disk.
    func measure() async {
        let metrics = engine.metrics
        metrics.queueDepth.set(await engine.queue.backlog)
        metrics.openPulls.set(engine.pulls.count)
        metrics.livePulls.set(engine.pulls.live)
        metrics.lag.set(engine.pulls.lag(to: engine.fanOut.head))
        let file = engine.store.path
        metrics.databaseBytes.set(Self.size(of: file))
        metrics.logBytes.set(Self.size(of: file + "-wal"))
        var figures = statvfs()
        if statvfs(file, &figures) == 0 { metrics.freeBytes.set(figures.f_bavail * figures.f_frsize) }
    }

    /// Bytes; 0 of a file that is not there, as a log after a clean start.
    private static func size(of file: String) -> Int {
        var facts = stat()
        return stat(file, &facts) == 0 ? Int(facts.st_size) : 0
    }
}
