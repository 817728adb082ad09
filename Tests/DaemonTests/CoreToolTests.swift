import Daemon
import JSON
import Storage
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Core tools", .timeLimit(.minutes(1)))
struct CoreToolTests {
    private static let postgres = """
        kind: ServiceClass
        metadata: {name: pg}
        spec:
          description: throw-away
          args: {port: {type: string, default: "18001"}}
          serviceConfig:
            lifecycleTools:
              start: {tool: start, args: {port: "{{ .port }}"}, outputs: {sid: sid}}
              stop: {tool: stop}
            outputs: {url: "http://localhost:{{ .port }}", sid: "{{ .start.sid }}"}
        """

    @Test func aDefinitionIsShownAsJSONAndAsAFileThatReadsBack() async throws {
        let text = """
            kind: Workflow
            metadata: {name: w}
            spec:
              steps:
                - {id: a, tool: echo, allowFailure: true}
                - {id: b, tool: echo, condition: {fromStep: a, expectNot: {jsonPath: {"x.y": 1}}}}
            """
        let bench = try MusterBench(["workflows/w.yaml": text])
        let reply = try await bench.document("core_workflow_get", ["name": "w"])
        let steps = reply["workflow"]?["steps"]
        #expect(steps?[0]?["allow_failure"] == true)
        #expect(steps?[1]?["condition"] == ["from_step": "a", "expect_not": ["json_path": ["x.y": 1]]])
        #expect(reply["workflow"]?["args"] == [:])
        let file = try #require(reply["yaml"]?.stringValue)
        let again = try MusterBench(["workflows/w.yaml": file])
        #expect(again.muster.registry.workflow("w")?.isValid == true)
        #expect(again.muster.registry.workflow("w")?.spec == bench.muster.registry.workflow("w")?.spec)
    }

    @Test(
        arguments: [
            ("core_workflow_get", [:], "name argument is required"),
            ("core_workflow_get", ["name": "x"], "Failed to get workflow: workflow x not found"),
            ("core_workflow_available", ["name": "x"], "workflow x not found"),
            ("core_serviceclass_get", ["name": "x"], "Failed to get ServiceClass: service class x not found"),
            ("core_mcpserver_get", ["name": "x"], "Failed to get MCP server: MCP server x not found"),
            ("core_service_status", ["name": "x"], "Failed to get service status: service x not found"),
            ("core_service_get", ["name": "x"], "Failed to get service: service x not found"),
            ("core_service_start", ["name": "x"], "Failed to start service: service x not found"),
            ("core_service_stop", ["name": "x"], "Failed to stop service: service x not found"),
            ("core_service_restart", ["name": "x"], "Failed to restart service: service x not found"),
            (
                "core_service_delete", ["name": "x"],
                "service 'x' not found or cannot be deleted (static services cannot be deleted)"
            ),
            (
                "core_service_create", ["serviceClassName": "x", "name": "y"],
                "Failed to create ServiceClass instance: ServiceClass x not found"
            ),
            (
                "core_service_create", ["serviceClassName": "x", "name": 3],
                "argument 'name' has wrong type: expected string"
            ),
            ("core_workflow_execution_get", [:], "execution_id is required"),
            ("core_workflow_execution_get", ["execution_id": ""], "execution_id is required"),
            ("core_workflow_execution_get", ["execution_id": .null], "execution_id is required"),
            ("core_workflow_execution_get", ["execution_id": "123"], "execution 123 not found"),
            (
                "core_workflow_execution_get", ["execution_id": "1", "include_steps": "yes"],
                "include_steps must be a boolean value"
            ),
            (
                "core_workflow_execution_get", ["execution_id": "1", "step_id": ""],
                "step_id is invalid: cannot be empty"
            ),
            ("core_workflow_execution_get", ["execution_id": "1", "step_id": .null], "step_id cannot be null"),
            (
                "core_workflow_execution_list", ["status": "running"],
                "status must be one of the enum values: inprogress, completed, failed"
            ),
            ("core_workflow_execution_list", ["status": ""], "status must be one of the enum values"),
            ("core_workflow_execution_list", ["limit": 0], "limit must be at least 1 (minimum value)"),
            ("core_workflow_execution_list", ["limit": 1001], "limit must be at most 1000 (maximum value)"),
            ("core_workflow_execution_list", ["limit": "x"], "limit must be a number"),
            ("core_workflow_execution_list", ["offset": -1], "offset must be at least 0 (minimum value)"),
        ] as [(String, JSONObject, String)]
    )
    func faultsAreNamedAsTheContractSays(tool: String, arguments: JSONObject, says: String) async throws {
        let bench = try MusterBench([:])
        #expect(try await bench.error(tool, arguments).contains(says))
    }

    @Test func emptyListsAreEmptyLists() async throws {
        let bench = try MusterBench([:])
        #expect(try await bench.document("core_workflow_list") == ["workflows": []])
        #expect(
            try await bench.document("core_serviceclass_list")
                == ["serviceClasses": [], "total": 0, "mode": "filesystem"]
        )
        #expect(try await bench.document("core_service_list") == ["services": [], "total": 0])
        #expect(
            try await bench.document("core_mcpserver_list") == ["mcpServers": [], "total": 0, "mode": "filesystem"]
        )
        #expect(
            try await bench.document("core_workflow_execution_list")
                == ["executions": [], "total": 0, "limit": 50, "offset": 0, "has_more": false]
        )
    }

    @Test func aServiceLivesFromCreationToDeletion() async throws {
        let bench = try MusterBench(["serviceclasses/pg.yaml": Self.postgres])
        let created = try await bench.document("core_service_create", ["serviceClassName": "pg", "name": "pg-1"])
        #expect(created["state"] == "running")
        #expect(created["health"] == "healthy")
        #expect(created["serviceClassType"] == "serviceclass")
        #expect(created["args"] == ["port": "18001"])
        #expect(created["outputs"] == ["url": "http://localhost:18001", "sid": "s-7"])
        let list = try await bench.document("core_service_list")
        #expect(list["services"]?[0]?["service_type"] == "generic")
        #expect(
            try await bench.call("core_service_start", ["name": "pg-1"]).texts == ["Service 'pg-1' is already running"]
        )
        #expect(
            try await bench.call("core_service_stop", ["name": "pg-1"]).texts == ["Successfully stopped service 'pg-1'"]
        )
        #expect(try await bench.document("core_service_status", ["name": "pg-1"])["state"] == "stopped")
        #expect(
            try await bench.call("core_service_stop", ["name": "pg-1"]).texts == ["Service 'pg-1' is already stopped"]
        )
        let deleted = try await bench.call("core_service_delete", ["name": "pg-1"])
        #expect(deleted.texts == ["Successfully deleted ServiceClass instance 'pg-1'"])
        #expect(try await bench.document("core_service_list")["total"] == 0)
    }

    @Test func aServiceClassTellsWhatItLacks() async throws {
        let bench = try MusterBench([
            "serviceclasses/pg.yaml": Self.postgres.replacing("stop: {tool: stop}", with: "stop: {tool: x_git_stop}")
        ])
        let reply = try await bench.document("core_serviceclass_get", ["name": "pg"])
        #expect(reply["available"] == false)
        #expect(reply["requiredTools"] == ["start", "x_git_stop"])
        #expect(reply["missingTools"] == ["x_git_stop"])
        #expect(reply["createToolAvailable"] == true)
        #expect(reply["deleteToolAvailable"] == false)
        #expect(
            try await bench.document("core_serviceclass_available", ["name": "pg"]) == [
                "available": false, "name": "pg",
            ]
        )
        #expect(try await bench.document("core_serviceclass_available", ["name": "no"])["available"] == false)
    }

    @Test func recordsAreShownWholeWithoutStepsAndByStep() async throws {
        let bench = try MusterBench([
            "workflows/w.yaml": "steps: [{id: read, tool: echo, args: {n: 1}, store: true}, {id: audit, tool: fails}]"
        ])
        let id = try #require(try JSONValue(parsing: try await bench.error("workflow_w"))["execution_id"])
        let text = try await bench.call(
            "core_workflow_execution_get",
            ["execution_id": id, "include_steps": false]
        ).texts.joined()
        #expect(!text.contains("steps") && !text.contains("step_id") && !text.contains("read"))
        let failed = try await bench.document("core_workflow_execution_get", ["execution_id": id, "step_id": "audit"])
        #expect(failed["steps"]?.arrayValue?.count == 1)
        #expect(failed["steps"]?[0]?["error"] == "disk full")
        #expect(failed["error"] == "step audit failed: disk full")
        let good = try await bench.call(
            "core_workflow_execution_get",
            ["execution_id": id, "step_id": "read"]
        ).texts.joined()
        #expect(!good.contains("audit") && !good.contains("\"error\":"))
        let error = try await bench.error("core_workflow_execution_get", ["execution_id": id, "step_id": "zz"])
        #expect(error == "step not found: step zz not found in execution \(id.stringValue ?? "")")
    }

    @Test func largeFieldsOfARecordAreShortened() async throws {
        let bench = try MusterBench([
            "workflows/w.yaml": "steps: [{id: big, tool: echo, args: {text: '{{ repeat 300000 \"x\" }}'}}]"
        ])
        let document = try await bench.document("workflow_w")
        #expect(document["text"]?.stringValue?.count == 300_000)
        let record = try await bench.document(
            "core_workflow_execution_get",
            ["execution_id": try #require(document["execution_id"])]
        )
        #expect(record["truncated"] == true)
        #expect(record["steps"]?[0]?["result"] == "[truncated: payload exceeded retention size limit]")
    }

    @Test func aServerThatCannotStartIsShownWithItsReason() async throws {
        let bench = try MusterBench([
            "mcpservers/gone.yaml": """
            kind: MCPServer
            metadata: {name: gone}
            spec: {type: stdio, command: no-such-program-anywhere, autoStart: true, env: {TOKEN: geheim}}
            """
        ])
        await bench.muster.servers.startAutomatic()
        let info = try await bench.document("core_mcpserver_get", ["name": "gone"])
        #expect(info["state"] == "Failed")
        #expect(info["statusMessage"] == "Command not found - check the executable path")
        #expect(info["error"]?.stringValue?.contains("no-such-program-anywhere") == true)
        let hidden = try await bench.document("core_mcpserver_list")
        #expect(hidden["hiddenFailed"] == 1)
        let shown = try await bench.call("core_mcpserver_list", ["showAll": true, "verbose": true]).texts.joined()
        #expect(shown.contains("gone") && !shown.contains("geheim"))
        let status = try await bench.document("core_service_status", ["name": "gone"])
        #expect(status["state"] == "failed" && status["health"] == "unhealthy")
        let error = await #expect(throws: ToolCallError.self) { try await bench.call("x_gone_tool") }
        #expect(error?.message.contains("tool not found: x_gone_tool (server not found: gone is failed") == true)
        await bench.muster.shutDown()
    }
}
