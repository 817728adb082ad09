import Glibc
import JSON
package import MCPProtocol
import Synchronization

/// The credentials of one server in a file that only its owner can read; or in memory, without a path.
package final class CredentialFile: Sendable {
    private static let sizeLimit = 1 << 20

    private let path: String?
    private let kept = Mutex<ServerCredentials?>(nil)

    /// - Parameter path: nil keeps them for as long as this lives.
    package init(path: String?) { self.path = path }

    /// What is kept; empty when nothing can be read.
    package func load() -> ServerCredentials {
        guard let path else { return kept.withLock { $0 } ?? ServerCredentials() }
        guard let bytes = Self.read(path), case .object(let object)? = try? JSONValue(parsing: bytes),
            let credentials = ServerCredentials(object)
        else { return ServerCredentials() }
        return credentials
    }

    /// Replaces what is kept, whole or not at all.
    ///
    /// - Throws: a sentence that names the file.
    package func save(_ credentials: ServerCredentials) throws(AuthorizationFailure) {
        guard let path else { return kept.withLock { $0 = credentials } }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if !folder.isEmpty { mkdir(folder, 0o700) }
        let bytes = Array(JSONValue.object(credentials.json).text().utf8)
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        let isWritten = Self.write(bytes, descriptor) && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            let failure = Self.failure(path)
            unlink(temporary)
            throw failure
        }
    }

    private static func failure(_ path: String) -> AuthorizationFailure {
        AuthorizationFailure(.unreachable, "the login cannot be kept in \(path): \(String(cString: strerror(errno)))")
    }

    private static func write(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= sizeLimit else { return nil }
        }
    }
}
