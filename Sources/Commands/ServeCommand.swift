import ArgumentParser
import Daemon
import Engine
import Logging
import MCPTransports
import WorkflowLoading

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the tools to MCP clients until stopped.",
        discussion: """
            Listens at http://HOST:PORT/mcp, or speaks on standard input and output with --transport stdio. Executions
            that a killed process left behind are resumed at the start.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "streamable-http, sse or stdio; default from config.yaml.")
    var transport: String?

    @Option(help: "Address to listen at; default from config.yaml.")
    var host: String?

    @Option(help: "Port to listen at, 0 for any free one; default from config.yaml.")
    var port: Int?

    @Flag(help: "No log on standard error.")
    var silent = false

    func validate() throws {
        if let port, !(0...65535).contains(port) { throw ValidationError("--port has to be from 0 to 65535") }
    }

    func run() async throws {
        let muster = try common.makeMuster { options in
            options.isSilent = silent
            options.logLevel = common.debug ? .debug : .info
        }
        muster.logger.info("configuration", metadata: ["folder": "\(muster.folder.path)"])
        let watch = muster.watchDefinitions()
        defer { withExtendedLifetime(watch) {} }
        let chosen = transport ?? muster.settings.transport.rawValue
        switch chosen {
        case ServerSettings.Transport.stdio.rawValue: try await serveStandardStreams(muster)
        // One listener serves both; the choice is which address is told.
        case ServerSettings.Transport.streamableHTTP.rawValue: try await serveHTTP(muster, path: "/mcp")
        case ServerSettings.Transport.sse.rawValue: try await serveHTTP(muster, path: "/sse")
        default:
            throw CommandFailure.failed("transport '\(chosen)' is not supported (use streamable-http, sse or stdio)")
        }
    }

    private func serveHTTP(_ muster: Muster, path: String) async throws {
        let server: HTTPServer
        do {
            server = try await muster.listen(
                host: host ?? muster.settings.host,
                port: port ?? muster.settings.port
            )
        } catch {
            await muster.shutDown()
            throw CommandFailure.failed("\(error)")
        }
        let stop = await StopSignal.watching()
        if !silent { Output.talk("muster \(Muster.version) listens at http://\(server.host):\(server.port)\(path)") }
        let starting = Task { try await start(muster) }
        await stop.first()
        if !silent { Output.talk("stopping") }
        starting.cancel()
        // Calls may end by themselves for a moment; what still runs then goes on at the next start.
        let closing = Task { await server.shutdown(grace: .seconds(5)) }
        let patience = Task {
            try await Task.sleep(for: .seconds(4))
            await muster.engine.shutDown()
        }
        await closing.value
        patience.cancel()
        _ = await starting.result
        await muster.shutDown()
    }

    private func serveStandardStreams(_ muster: Muster) async throws {
        let stop = await StopSignal.watching()
        let starting = Task { try await start(muster) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await muster.serveStandardStreams() } catch { muster.logger.error("\(error)") }
            }
            group.addTask { await stop.first() }
            await group.next()
            await muster.engine.shutDown()
            group.cancelAll()
            stop.release()
        }
        starting.cancel()
        _ = await starting.result
        await muster.shutDown()
    }

    private func start(_ muster: Muster) async throws {
        do {
            let resumed = try await muster.start()
            for id in resumed { muster.logger.notice("resumed execution \(id)") }
            await muster.resumeWhenToolsCome()
        } catch {
            muster.logger.error("\(error)")
        }
    }
}
