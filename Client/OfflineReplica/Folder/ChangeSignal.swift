import Dispatch
import Glibc

/// Tells all that have a replica open that a commit has been made.
package protocol CommitSignal: Sendable {
    func raise()
    /// Calls `handler` after each signal, several at once as one, until the result is called.
    func watch(_ handler: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

/// Tells every process that a commit has been made: a byte is written to a file, which others watch
/// with inotify. Nothing polls.
struct ChangeSignal: CommitSignal {
    let file: String

    /// A failure is passed over: the commit stands, and watchers see it with the next one.
    func raise() {
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        var byte: UInt8 = 1
        pwrite(descriptor, &byte, 1, 0)
        close(descriptor)
    }

    /// Calls `handler` after each signal, several at once as one, until the result is cancelled. Where
    /// the system has no more watches to give, it is called every second instead.
    func watch(_ handler: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let watch = begin(handler)
        return { watch.cancel() }
    }

    private func begin(_ handler: @escaping @Sendable () -> Void) -> ChangeWatch {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { return ChangeWatch(everySecond: handler) }
        guard inotify_add_watch(descriptor, file, UInt32(IN_MODIFY)) >= 0 else {
            close(descriptor)
            return ChangeWatch(everySecond: handler)
        }
        return ChangeWatch(descriptor, handler)
    }
}

/// One running watch.
///
/// Unchecked because Dispatch does not say it of its sources: they may be used from any thread.
final class ChangeWatch: @unchecked Sendable {
    private let source: any DispatchSourceProtocol
    private static let queue = DispatchQueue(label: "voordracht.changes")

    init(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.queue)
        source.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
            handler()
        }
        source.setCancelHandler { close(descriptor) }
        source.resume()
    }

    init(everySecond handler: @escaping @Sendable () -> Void) {
        let timer = DispatchSource.makeTimerSource(queue: Self.queue)
        timer.schedule(deadline: .now() + 1, repeating: 1)
        timer.setEventHandler(handler: handler)
        timer.resume()
        source = timer
    }

    func cancel() { source.cancel() }
}
