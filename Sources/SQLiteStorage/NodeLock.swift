import Glibc
import Storage

/// Says to other processes that this one lives: a locked file in the state folder, named after the node.
///
/// The kernel releases the lock when the process ends in any way, so a dead owner is recognised without clocks, and a
/// reused process id cannot be mistaken for it.
final class NodeLock: Sendable {
    let node: String
    private let descriptor: Int32
    private let path: String

    init(folder: String, node: String) throws(StoreError) {
        self.node = node
        path = "\(folder)/\(node).lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.unavailable, "cannot create \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(.unavailable, "cannot lock \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        withdraw()
        close(descriptor)
    }

    /// Says that this process owns nothing any more; the lock itself goes with the process.
    func withdraw() { unlink(path) }

    /// Whether the process that made the node's lock has ended. Removes what a dead one left behind.
    static func isDead(_ node: String, folder: String) -> Bool {
        let path = "\(folder)/\(node).lock"
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        unlink(path)
        return true
    }
}
