import MCPTransports
import Testing
import WireChecks

/// Passes HTTP on to a server and notes the messages for the test's tap; without a tap it only knows the server's port.
struct HTTPRelay {
    let port: Int
    private let child: ChildProcess?

    init(to server: Int) async throws {
        guard let tap = WireTap.current else {
            (port, child) = (server, nil)
            return
        }
        let ports = Probe<String>()
        child = try await ChildProcess.start(
            ChildLaunch(command: "python3", arguments: [WireTap.fixture("http_tap.py"), tap.file(), "\(server)"]),
            group: loops,
            events: ChildProcess.Events(
                onLine: { _ in },
                onErrorLine: { ports.add(String(decoding: $0, as: UTF8.self)) },
                onOutputEnd: { _ in },
                onExit: { _ in }
            )
        )
        let line = await ports.first(1)[0]
        port = try #require(line.split(separator: "port=").last.flatMap { Int($0) }, "\(line)")
    }

    func stop() async { await child?.terminate(patience: .milliseconds(200)) }
}
