import JSON
import Logging
import MCPTransports
import Synchronization

/// Looks at the health of running servers.
extension ExternalServers {
    /// Pings a server until it is stopped or given up.
    func watchHealth(_ name: String, _ generation: Int) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: settings.healthInterval) } catch { return }
            guard await lookAt(name, generation) else { return }
        }
    }

    /// One look; false when there is nothing to look at any more.
    private func lookAt(_ name: String, _ generation: Int) async -> Bool {
        guard let server = server(name), server.life.generation == generation, let client = server.client else {
            return false
        }
        let failure = await pingFailure(client)
        if Task.isCancelled { return false }
        let checkup = state.withLock { state in
            state.servers[name]?.life.pinged(generation, isWell: failure == nil, isBusy: server.gate.isBusy) ?? .nothing
        }
        switch checkup {
        case .nothing: break
        case .nowHealthy: logger.notice("MCP server answers again", metadata: ["server": "\(name)"])
        case .nowUnhealthy:
            let reason = failure?.message ?? ""
            logger.warning("MCP server does not answer", metadata: ["server": "\(name)", "reason": "\(reason)"])
        case .giveUp:
            fail(name, generation, ServerFailure(failure ?? MCPClientError(.unreachable, "it does not answer pings")))
            return false
        }
        return true
    }

    /// Any answer is a sign of life, be it an error.
    private func pingFailure(_ client: MCPClient) async -> MCPClientError? {
        do throws(MCPClientError) {
            try await client.ping(timeout: settings.pingTimeout)
            return nil
        } catch {
            return error.code == .remote ? nil : error
        }
    }

    /// A call found a remote server gone: whether that is so is looked at now, not at the next turn.
    func lookSoon(_ name: String, _ generation: Int) {
        keep(name) { [weak self] in
            guard let self, let client = self.server(name)?.client else { return }
            guard let failure = await self.pingFailure(client), !Task.isCancelled else { return }
            guard failure.code == .unreachable || failure.code == .connectionReset else { return }
            self.fail(name, generation, ServerFailure(failure))
        }
    }
}
