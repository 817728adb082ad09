import JSON

/// Stands in for Prometheus: a real HTTP server on the loopback, and tools that ask such servers over real HTTP.
struct PrometheusServer: ExampleServer {
    private let folder: SharedFolder
    private let website: PrometheusWebsite
    private let address: PrometheusAddress

    /// Listens from here on, and tells others where.
    init(_ folder: SharedFolder) async throws {
        self.folder = folder
        website = try await PrometheusWebsite()
        address = PrometheusAddress(port: website.port)
        try address.save(in: folder)
    }

    func stop() async {
        address.remove(from: folder)
        await website.close()
    }

    var tools: [ExampleTool] {
        let own = "http://127.0.0.1:\(website.port)"
        return [
            ExampleTool(
                "query",
                "Ask a Prometheus for the present value of a metric, e.g. up or node_load1",
                [
                    .text("query", "Name of the metric"),
                    .text("url", "Address of the Prometheus, default the one in this process", isRequired: false),
                ],
                .reads
            ) { arguments in
                let base = try LoopbackURL(arguments.optionalText("url") ?? own)
                return try await Self.query(arguments.text("query"), base)
            },
            ExampleTool(
                "health",
                "Tell whether a Prometheus answers at an address",
                [.text("url", "Address of the Prometheus, e.g. http://127.0.0.1:18000")],
                .reads
            ) { arguments in
                let response = try await HTTPGet.send(LoopbackURL(arguments.text("url")), path: "/-/healthy")
                return [
                    "healthy": .bool(response.status == 200), "status": .integer(Int64(response.status)),
                    "message": .string(response.body),
                ]
            },
        ]
    }

    private static func query(_ query: String, _ base: LoopbackURL) async throws -> JSONObject {
        let path = "/api/v1/query?query=\(PercentEncoding.encode(query))"
        let response = try await HTTPGet.send(base, path: path)
        // Text that is no JSON is handled below.
        guard let json = (try? JSONValue(parsing: response.body))?.objectValue else {
            throw ToolFailure("\(base)\(path) answered \(response.status) and no JSON: is it a Prometheus?")
        }
        guard response.status == 200 else {
            let reason = json["error"]?.stringValue ?? response.body
            throw ToolFailure("\(base) refused the query with status \(response.status): \(reason)")
        }
        return json
    }
}
