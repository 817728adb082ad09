import Glibc
import Synchronization

enum Ports {
    /// The next one to try; below those that the system gives out, so that no other program gets it by chance.
    private static let next = Mutex(20_000 + Int(getpid()) * 37 % 10_000)

    /// A port that nobody listens at now. No two calls give the same one.
    static func free() -> Int {
        next.withLock { next in
            repeat { next += 1 } while isOpen(next)
            return next
        }
    }

    /// Whether somebody accepts connections at a local port.
    static func isOpen(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    /// Holds a port as long as it lives.
    final class Listener: Sendable {
        let port: Int
        private let descriptor: Int32

        init() throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let own = descriptor
            guard Ports.withAddress(0, { bind(own, $0, $1) }) == 0, listen(own, 8) == 0 else {
                close(own)
                throw Program.Failure(description: "no port to listen at")
            }
            _ = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(own, $0, &length) }
            }
            port = Int(UInt16(bigEndian: address.sin_port))
        }

        deinit { close(descriptor) }
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
