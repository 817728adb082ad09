import Foundation
import JSON
import Testing

/// Servers that others have made, used from workflows.
@Suite("Servers of others", .timeLimit(.minutes(3)))
struct ForeignServerTests {
    /// SDKs take long to load where other tests run beside.
    private static let patience = "timeout: 120"

    /// Runs the workflow `work` with every result shown, and gives its steps' results by id.
    private func results(_ scene: Scene, status: Program.Status = .exited(0)) async throws -> [String: JSONValue] {
        let seen = try await scene.muster("run", "work", "--show-results", "-o", "json")
        #expect(seen.status == status, "\(seen)")
        #expect(scene.leftovers == [])
        let document = try JSONValue(parsing: seen.output)
        var results: [String: JSONValue] = [:]
        for step in document["steps"]?.arrayValue ?? [] {
            if let id = step["id"]?.stringValue { results[id] = step["result"] ?? step["error"] }
        }
        return results
    }

    @Test(.enabled(if: Requirements.officialSDK.isThere))
    func toolsOfAFastMCPServerTakeAndGiveTypedValues() async throws {
        let scene = try Scene()
        try scene.addServer("official", "python3", [Places.fixture("fastmcp_server.py")], extra: Self.patience)
        try scene.addWorkflow(
            "work",
            """
            steps:
              - { id: nodes, tool: x_official_nodes, args: { cluster: eu, count: 3 } }
              - { id: sum, tool: x_official_add, args: { a: 40, b: "{{ len .results.nodes }}" } }
              - { id: told, tool: x_official_describe, args: { node: "{{ index .results.nodes 1 }}" } }
              - { id: slow, tool: x_official_slow }
              - { id: broken, tool: x_official_broken, allowFailure: true }
              - { id: wrong, tool: x_official_add, args: { a: one, b: 2 }, allowFailure: true }
              - { id: last, tool: x_official_add, args: { a: "{{ .results.sum }}", b: 1 } }
            """
        )
        let results = try await results(scene)
        #expect(
            results["nodes"]?.isEquivalent(
                to: [
                    ["name": "eu-0", "ready": true, "load": 0.5], ["name": "eu-1", "ready": false, "load": 1.5],
                    ["name": "eu-2", "ready": true, "load": 2.5],
                ]
            ) == true,
            "\(results)"
        )
        #expect(results["sum"] == 43)
        #expect(results["told"] == "eu-1 False 1.5 größer")
        #expect(results["slow"] == ["parts": 3])
        #expect(results["broken"]?.stringValue?.contains("the value is bad") == true)
        #expect(results["wrong"]?.stringValue?.contains("valid integer") == true)
        #expect(results["last"] == 44)
    }

    @Test(.enabled(if: Requirements.officialSDK.isThere))
    func slowServerIsCalledByManyStepsAtATime() async throws {
        let scene = try Scene()
        try scene.addServer("official", "python3", [Places.fixture("fastmcp_server.py")], extra: Self.patience)
        let children = (1...16).map { "{ id: s\($0), tool: x_official_add, args: { a: \($0), b: 0 } }" }
        try scene.addWorkflow("work", "steps: [{ id: all, parallel: [\(children.joined(separator: ", "))] }]")
        let record = try await scene.muster("run", "work")
        #expect(record.status == .exited(0), "\(record)")
        let steps = try await scene.onlyRecord("work")["steps"]?.arrayValue ?? []
        for number in 1...16 {
            let step = steps.first { $0["step_id"]?.stringValue == "s\(number)" }
            #expect(step?["result"]?.integerValue == Int64(number))
        }
    }

    @Test(.enabled(if: Requirements.npmServers.isThere))
    func referenceServerAnswers() async throws {
        let scene = try Scene()
        try scene.addServer(
            "everything",
            Requirements.servers + "/npm/node_modules/.bin/mcp-server-everything",
            ["stdio"],
            extra: Self.patience
        )
        try scene.addWorkflow(
            "work",
            """
            steps:
              - { id: echo, tool: x_everything_echo, args: { message: "grüße, \\"you\\"" } }
              - { id: sum, tool: x_everything_get-sum, args: { a: 2, b: 3.5 } }
              - { id: weather, tool: x_everything_get-structured-content, args: { location: Chicago } }
              - { id: warm, tool: x_everything_get-sum, args: { a: "{{ .results.weather.temperature }}", b: 1 } }
              - { id: long, tool: x_everything_trigger-long-running-operation, args: { duration: 0.2, steps: 2 } }
              - { id: image, tool: x_everything_get-tiny-image }
              - { id: wrong, tool: x_everything_get-sum, args: { a: two, b: 3 }, allowFailure: true }
            """
        )
        let results = try await results(scene)
        #expect(results["echo"] == "Echo: grüße, \"you\"")
        #expect(results["sum"] == "The sum of 2 and 3.5 is 5.5.")
        #expect(results["weather"]?["temperature"] == 36)
        #expect(results["weather"]?["conditions"] == "Light rain / drizzle")
        #expect(results["warm"] == "The sum of 36 and 1 is 37.")
        #expect(results["long"]?.stringValue?.contains("completed") == true, "\(results)")
        #expect(results["image"] != nil)
        #expect(results["wrong"]?.stringValue?.contains("expected number") == true, "\(results)")
    }

    @Test(.enabled(if: Requirements.npmServers.isThere))
    func fileServerReadsAndWritesRealFiles() async throws {
        let scene = try Scene()
        try scene.write("written by the test\nsecond line\n", to: "files/in.txt")
        let program = Requirements.servers + "/npm/node_modules/.bin/mcp-server-filesystem"
        try scene.addServer("filesystem", program, [scene.file("files")], extra: Self.patience)
        try scene.addWorkflow(
            "work",
            """
            args: { folder: { type: string, default: "\(scene.file("files"))" } }
            steps:
              - { id: list, tool: x_filesystem_list_directory, args: { path: "{{ .input.folder }}" } }
              - { id: read, tool: x_filesystem_read_text_file, args: { path: "{{ .input.folder }}/in.txt" } }
              - { id: write, tool: x_filesystem_write_file, args: { path: "{{ .input.folder }}/out.txt", content: "copy of: {{ .results.read.content }}" } }
              - { id: outside, tool: x_filesystem_read_text_file, args: { path: /etc/passwd }, allowFailure: true }
            """
        )
        let results = try await results(scene)
        #expect(results["list"]?["content"]?.stringValue?.contains("[FILE] in.txt") == true, "\(results)")
        #expect(results["read"]?["content"] == "written by the test\nsecond line\n")
        #expect(scene.read("files/out.txt") == "copy of: written by the test\nsecond line\n")
        #expect(results["outside"]?.stringValue?.contains("Access denied") == true)
    }

    @Test(.enabled(if: Requirements.pythonServers.isThere))
    func timeServerConvertsATime() async throws {
        let scene = try Scene()
        let extra = "env: { PYTHONPATH: \"\(Requirements.servers)/python\" }\n" + Self.patience
        try scene.addServer("time", "python3", ["-m", "mcp_server_time", "--local-timezone", "UTC"], extra: extra)
        try scene.addWorkflow(
            "work",
            """
            steps:
              - { id: a, tool: x_time_convert_time, args: { source_timezone: UTC, time: "12:00", target_timezone: Asia/Tokyo } }
            """
        )
        let results = try await results(scene)
        #expect(results["a"]?["time_difference"] == "+9.0h", "\(results)")
    }

    @Test(.enabled(if: Requirements.pythonServers.isThere))
    func gitServerShowsTheStatusOfARepository() async throws {
        let scene = try Scene()
        let repository = scene.file("repository")
        #expect(try await scene.run("git", ["init", "--quiet", repository]).status == .exited(0))
        try scene.write("new", to: "repository/new.txt")
        let extra = "env: { PYTHONPATH: \"\(Requirements.servers)/python\" }\n" + Self.patience
        try scene.addServer("git", "python3", ["-m", "mcp_server_git"], extra: extra)
        try scene.addWorkflow("work", "steps: [{ id: a, tool: x_git_status, args: { repo_path: \"\(repository)\" } }]")
        let results = try await results(scene)
        #expect(results["a"]?.text().contains("new.txt") == true, "\(results)")
    }
}
