import JSON
import MCPProtocol
import MCPTransports

/// When a list of tools is asked for again because of its age: not before it is old, later each time that nothing had
/// changed, and never at the same moment as many others.
package struct ListAge: Sendable {
    /// Times in a row that nothing had changed; from here on the wait does not grow.
    private static let longestQuiet = 4

    let shortest: Duration
    /// How long the server said that its last list is good.
    private(set) var timeToLive: Duration
    private var quiet = 0

    package init(_ timeToLive: Duration, shortest: Duration) {
        self.timeToLive = timeToLive
        self.shortest = shortest
    }

    package mutating func listed(_ timeToLive: Duration, isChanged: Bool) {
        if timeToLive > .zero { self.timeToLive = timeToLive }
        quiet = isChanged ? 0 : min(quiet + 1, Self.longestQuiet)
    }

    /// - Parameter jitter: from 0 to 1; lengthens the wait by up to a tenth.
    package func wait(jitter: Double) -> Duration { max(timeToLive, shortest) * (1 << quiet) * (1 + jitter / 10) }
}

extension ExternalServers {
    /// Takes in changes of the tools of a server that does not tell of them, as often as it says that they are good for.
    ///
    /// A server that says nothing of time is asked once: that its tools never change is the rule.
    func listWhenOld(_ name: String, _ generation: Int, _ timeToLive: Duration) async {
        guard let client = server(name)?.client, timeToLive > .zero,
            client.server.capabilities["tools"]?["listChanged"]?.boolValue != true
        else { return }
        var age = ListAge(timeToLive, shortest: settings.shortestListAge)
        while true {
            do { try await Task.sleep(for: age.wait(jitter: .random(in: 0...1))) } catch { return }
            guard let known = server(name), known.life.generation == generation else { return }
            // Whether the server is well is the pings' matter.
            guard let list = try? await client.toolPages() else { continue }
            age.listed(list.timeToLive, isChanged: list.tools != known.rawTools)
            settle(name, generation, client, list.tools)
        }
    }
}
