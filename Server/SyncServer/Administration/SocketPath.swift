import Glibc

/// The path of the administration socket of a folder, however long the folder's own path is.
///
/// The address of a Unix socket has room for 107 bytes; the detour over an open descriptor of the
/// folder always fits.
final class SocketPath: Sendable {
    private let descriptor: Int32

    static let name = "admin.sock"

    init(in folder: DataFolder) throws(AdministrationError) {
        descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw AdministrationError(system: errno, place: folder.path)
        }
    }

    deinit { close(descriptor) }

    /// Valid for as long as this object lives.
    var text: String { "/proc/self/fd/\(descriptor)/\(Self.name)" }
}
