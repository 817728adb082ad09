import Glibc
import MCPTransports
import NIOPosix
import Synchronization
import WorkflowModel

/// An access token that the definition of a server leads to: written there, in a file, in a variable of ours, or printed
/// by a program. Got once, and again when the server refuses it. Never logged, never part of a message.
final class ConfiguredToken: AccessTokens {
    static let sizeLimit = 64 << 10
    private static let commandTimeout = Duration.seconds(30)

    private let origin: MCPServerDefinition.Authorization
    private let known = Mutex<String?>(nil)

    init(_ origin: MCPServerDefinition.Authorization) { self.origin = origin }

    func current() async throws(MCPClientError) -> String? {
        if let token = known.withLock({ $0 }) { return token }
        let token = try await get()
        known.withLock { $0 = token }
        return token
    }

    func renewed(after refusal: MCPClientError) async throws(MCPClientError) -> String? {
        let last = known.withLock { $0 }
        let token = try await get()
        known.withLock { $0 = token }
        // The same one again would be refused again.
        guard token != last else { throw refusal }
        return token
    }

    private func get() async throws(MCPClientError) -> String {
        switch origin {
        case .token(let text): return try Self.checked(text, "the token")
        case .tokenFile(let path): return try Self.checked(try Self.read(path), "the token in \(path)")
        case .tokenVariable(let name):
            guard let value = getenv(name) else { throw Self.missing("the variable \(name) is not set") }
            return try Self.checked(String(cString: value), "the token in \(name)")
        case .tokenCommand(let words): return try Self.checked(try await Self.run(words), "the output of \(words[0])")
        case .oauth, .off: throw Self.missing("the definition has none")
        }
    }

    /// The single word that a file holds.
    static func word(path: String) throws(MCPClientError) -> String {
        try checked(try read(path), "the text in \(path)")
    }

    private static func missing(_ text: String) -> MCPClientError {
        MCPClientError(.authorizationRequired, "there is no access token: \(text)")
    }

    /// White space around it is none of it; inside it would break the header.
    private static func checked(_ text: String, _ what: String) throws(MCPClientError) -> String {
        let bytes = text.utf8.drop { $0 <= 0x20 }
        let token = bytes.prefix { $0 > 0x20 && $0 < 0x7F }
        guard !token.isEmpty, bytes.dropFirst(token.count).allSatisfy({ $0 <= 0x20 }) else {
            throw missing("\(what) is no single word of ASCII characters")
        }
        return String(Substring(token))
    }

    private static func read(_ path: String) throws(MCPClientError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw missing("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: sizeLimit)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw missing("\(path): \(String(cString: strerror(errno)))") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    private static func run(_ words: [String]) async throws(MCPClientError) -> String {
        let output = Mutex<[UInt8]>([])
        let (exits, feed) = AsyncStream<ProcessExit?>.makeStream(bufferingPolicy: .bufferingOldest(2))
        let child: ChildProcess
        do throws(ChildLaunchError) {
            child = try await ChildProcess.start(
                ChildLaunch(command: words[0], arguments: Array(words.dropFirst())),
                group: MultiThreadedEventLoopGroup.singleton,
                events: ChildProcess.Events(
                    onLine: { line in
                        output.withLock { if $0.count + line.count < sizeLimit { $0 += line + [0x0A] } }
                    },
                    onErrorLine: { _ in },
                    onOutputEnd: { _ in },
                    onExit: { feed.yield($0) }
                )
            )
        } catch {
            throw missing(error.message)
        }
        let exit = await withTaskGroup(of: ProcessExit?.self) { group in
            group.addTask {
                var iterator = exits.makeAsyncIterator()
                return await iterator.next() ?? nil
            }
            group.addTask {
                // Ends early when the program does.
                try? await Task.sleep(for: commandTimeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        await child.terminate(patience: .milliseconds(100))
        guard let exit else { throw missing("\(words[0]) did not end within \(commandTimeout)") }
        guard exit == .exited(code: 0) else { throw missing("\(words[0]): \(exit)") }
        return String(decoding: output.withLock { $0 }, as: UTF8.self)
    }
}
