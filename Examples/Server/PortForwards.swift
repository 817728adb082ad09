import JSON

/// The port-forwards of this process, by session.
actor PortForwards {
    private let folder: SharedFolder
    private var sessions: [String: PortForward] = [:]
    private var count = 0

    init(_ folder: SharedFolder) { self.folder = folder }

    /// - Parameter targetPort: nil for the Prometheus that runs beside us.
    func start(_ cluster: ClusterName, localPort: Int, targetPort: Int?) async throws -> JSONObject {
        let config = try Kubeconfig.load(cluster, from: folder)
        let target = try targetPort ?? PrometheusAddress.load(from: folder).port
        count += 1
        let session = "forward-\(count)"
        let forward = try await PortForward(cluster: config.cluster, localPort: localPort, targetPort: target)
        sessions[session] = forward
        var answer = forward.description(session)
        answer["success"] = true
        answer["message"] = "127.0.0.1:\(forward.localPort) leads to port \(target) of \(cluster)"
        return answer
    }

    func stop(_ session: String) async throws -> JSONObject {
        let forward = try find(session)
        sessions[session] = nil
        await forward.close()
        return ["success": true, "sessionId": .string(session), "localPort": .integer(Int64(forward.localPort))]
    }

    func status(_ session: String) throws -> JSONObject { try find(session).description(session) }

    func list() -> JSONObject {
        let all = sessions.sorted { $0.value.localPort < $1.value.localPort }
            .map { JSONValue.object($0.value.description($0.key)) }
        return ["sessions": .array(all), "total": .integer(Int64(all.count))]
    }

    func stopAll() async {
        let open = sessions.values
        sessions = [:]
        for forward in open { await forward.close() }
    }

    private func find(_ session: String) throws(ToolFailure) -> PortForward {
        guard let forward = sessions[session] else {
            throw ToolFailure("there is no port-forward with session '\(session)'")
        }
        return forward
    }
}

extension PortForwards {
    nonisolated var tools: [ExampleTool] {
        let session = ExampleTool.Parameter.text("sessionId", "Session that port_forward_start gave")
        return [
            ExampleTool(
                "port_forward_start",
                "Listen on a local port and forward its connections into a cluster",
                [
                    .text("cluster", "Name of a cluster with a login"),
                    .port("localPort", "Port on 127.0.0.1 to listen at, 0 for any free one"),
                    .port("targetPort", "Port to forward to, default that of Prometheus", isRequired: false),
                ],
                .adds
            ) { [self] arguments in
                try await start(
                    arguments.cluster("cluster"),
                    localPort: arguments.port("localPort", allowsZero: true),
                    targetPort: arguments.optionalPort("targetPort")
                )
            },
            ExampleTool("port_forward_stop", "End a port-forward and free its port", [session], .removes) {
                [self] arguments in
                try await stop(arguments.text("sessionId"))
            },
            ExampleTool("port_forward_status", "Tell how a port-forward does", [session], .reads) {
                [self] arguments in
                try await status(arguments.text("sessionId"))
            },
            ExampleTool("port_forward_list", "List the port-forwards", [], .reads) { [self] _ in await list() },
        ]
    }
}
