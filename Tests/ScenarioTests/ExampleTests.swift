import Foundation
import JSON
import Testing

@Suite("The example", .timeLimit(.minutes(3)))
struct ExampleTests {
    private let cluster = "my-k8s.my-domain.com"

    /// What `check` knows of the core's tools without starting anything is what there is.
    @Test func checkKnowsEveryCoreTool() async throws {
        let scene = try Scene()
        try scene.addWorkflow("none", "steps: [{ id: a, tool: core_workflow_list }]")
        let listed = try await scene.muster("list", "tools", "-o", "json")
        let tools = try JSONValue(parsing: listed.output)["tools"]?.arrayValue ?? []
        let core = tools.compactMap { $0["name"]?.stringValue }.filter { $0.hasPrefix("core_") }
        #expect(core.count == 26)
        let steps = core.enumerated().map { "  - { id: s\($0), tool: \($1) }" }.joined(separator: "\n")
        try scene.addWorkflow("all", "steps:\n" + steps)
        let good = try await scene.muster("check")
        #expect(good.status == .exited(0) && !good.output.contains("core_"), "\(good)")
        try scene.addWorkflow("bad", "steps: [{ id: a, tool: core_workflow_lst }]")
        #expect(try await scene.muster("check").output.contains("core_workflow_lst"))
    }

    @Test func connectsToMonitoringInPlainLinesAndLeavesNothingBehind() async throws {
        let scene = try Scene(example: true)
        let port = Ports.free()
        let program = try scene.start(["run", "connect-monitoring", "cluster=\(cluster)", "localPort=\(port)"])
        let seen = try await program.end()
        #expect(seen.status == .exited(0))
        #expect(!seen.isOutputHeld)
        #expect(!(seen.output + seen.errors).contains("\u{1B}"), "a pipe gets no colours")
        let id = try #require(seen.outputLines.first?.split(separator: " ").last.map(String.init))
        #expect(
            seen.errorLines.map { $0.replacing(/[0-9]+ ms$/, with: "MS") } == [
                "connect-monitoring  2 steps  \(id)",
                "  … login-cluster  x_teleport_kube_login",
                "  ✓ login-cluster  x_teleport_kube_login  MS",
                "  … setup-prometheus-access  core_service_create",
                "  ✓ setup-prometheus-access  core_service_create  MS",
            ]
        )
        #expect(seen.output.hasPrefix("completed  execution \(id)\n"))
        #expect(seen.output.contains(#""url": "http://127.0.0.1:\#(port)""#))
        #expect(scene.leftovers == [])
        #expect(!Ports.isOpen(port))
        #expect(!scene.exists("muster-example-\(getuid())"))

        let listed = try await scene.executions()
        #expect(listed.count == 1)
        #expect(listed.first?["execution_id"]?.stringValue == id)
        #expect(listed.first?["status"] == "completed")
        #expect(listed.first?["step_count"] == 2)
        let record = try await scene.record(id)
        #expect(record["steps"]?.arrayValue?.map { $0["step_id"] } == ["login-cluster", "setup-prometheus-access"])
        let file = "\(scene.path)/muster-example-\(getuid())/\(program.id)/kubeconfig-\(cluster).yaml"
        #expect(record["steps"]?[0]?["result"]?["kubeconfig"]?.stringValue == file)
        #expect(record["steps"]?[1]?["input"]?["args"]?["cluster"]?.stringValue == cluster)
    }

    @Test func jsonOutputIsTheResponseDocumentAlone() async throws {
        let scene = try Scene(example: true)
        let port = Ports.free()
        let arguments = ["cluster=\(cluster)", "localPort=\(port)", "--output", "json"]
        let seen = try await scene.start(["run", "connect-monitoring"] + arguments).end()
        #expect(seen.status == .exited(0))
        #expect(seen.errors == "")
        let document = try JSONValue(parsing: seen.output)
        let keys = ["execution_id", "workflow", "status", "input", "steps", "template_vars"]
        #expect(document.objectValue?.keys.prefix(keys.count).map { $0 } == keys)
        #expect(document["workflow"] == "connect-monitoring")
        #expect(document["status"] == "completed")
        #expect(document["input"] == ["cluster": .string(cluster), "localPort": .string("\(port)")])
        #expect(
            document["steps"] == [
                ["id": "login-cluster", "tool": "x_teleport_kube_login", "status": "completed"],
                ["id": "setup-prometheus-access", "tool": "core_service_create", "status": "completed"],
            ]
        )
        #expect(document["template_vars"] == ["input.cluster", "input.localPort"])
        // The last step's result is merged.
        #expect(document["serviceClassName"] == "prometheus-port-forward")
        #expect(document["state"] == "running")
        #expect(document["health"] == "healthy")
        #expect(document["outputs"]?["url"]?.stringValue == "http://127.0.0.1:\(port)")
        let id = try #require(document["execution_id"]?.stringValue)
        #expect(try await scene.record(id)["result"] == document)
    }

    @Test(
        arguments: [
            ("login-management-cluster", "context", "teleport-my-k8s.my-domain.com"),
            ("login-chain", "loggedInAs", "teleport-my-k8s.my-domain.com"),
            ("tolerant-login", "context", "teleport-my-k8s.my-domain.com"),
            ("check-cilium-health", "prometheus", "healthy"),
        ]
    )
    func everyOtherWorkflowRuns(_ workflow: String, _ key: String, _ value: String) async throws {
        let scene = try Scene(example: true)
        let port = workflow == "check-cilium-health" ? ["localPort=\(Ports.free())"] : []
        let seen = try await scene.start(["run", workflow, "cluster=\(cluster)", "-o", "json"] + port).end()
        #expect(seen.status == .exited(0), "\(seen)")
        #expect(try JSONValue(parsing: seen.output)[key]?.stringValue == value)
        #expect(scene.leftovers == [])
    }

    @Test func failedLoginRunsItsHandlersAndFails() async throws {
        let scene = try Scene(example: true)
        let words = ["cluster=not_a_name", "secondCluster=second.my-domain.com", "-o", "json"]
        let seen = try await scene.start(["run", "tolerant-login"] + words).end()
        #expect(seen.status == .exited(1))
        let document = try JSONValue(parsing: seen.output)
        #expect(document["status"] == "failed")
        #expect(document["error"]?.stringValue?.contains("'not_a_name' is not the name of a cluster") == true)
        let steps = try #require(document["steps"]?.arrayValue)
        #expect(steps.map { $0["id"] } == ["login-second", "login-cluster", "logout-second", "remaining-logins"])
        #expect(steps.last?["result"]?["total"] == 0)
    }

    @Test func listsAndShowsWhatIsConfigured() async throws {
        let scene = try Scene(example: true)
        let workflows = try await scene.muster("list", "workflows")
        #expect(workflows.outputLines.first?.hasPrefix("NAME") == true)
        #expect(
            workflows.outputLines.dropFirst().map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "check-cilium-health Available", "connect-monitoring Available", "login-chain Available",
                "login-management-cluster Available", "tolerant-login Available",
            ]
        )
        let classes = try await scene.muster("list", "serviceclass")
        #expect(classes.output.contains("prometheus-port-forward  Available  port-forward"))
        let servers = try await scene.muster("list", "mcpservers")
        #expect(servers.outputLines.count == 4)
        #expect(servers.outputLines.dropFirst().allSatisfy { $0.contains("Running  stdio") })
        let tools = try await scene.muster("list", "tools")
        #expect(tools.outputLines.contains { $0.hasPrefix("x_teleport_kube_login ") })
        let tool = try await scene.muster("get", "tool", "workflow_connect-monitoring", "-o", "json")
        #expect(try JSONValue(parsing: tool.output)["inputSchema"]?["required"] == ["cluster"])
        let called = try await scene.muster("call", "core_workflow_list")
        let listed = try JSONValue(parsing: called.output)
        #expect(listed["workflows"]?[1]?["name"] == "connect-monitoring")
        #expect(listed["workflows"]?[1]?["available"] == true)
        #expect(scene.leftovers == [])
    }

    @Test func shownWorkflowCanBeLoadedAgain() async throws {
        let scene = try Scene(example: true)
        let shown = try await scene.muster("get", "workflow", "check-cilium-health")
        #expect(shown.status == .exited(0))
        let copy = try Scene(example: true)
        try copy.write(shown.output, to: ".muster/workflows/check-cilium-health.yaml")
        let again = try await copy.muster("get", "workflow", "check-cilium-health")
        #expect(again.output == shown.output)
        let checked = try await copy.muster("check", "--live")
        #expect(checked.status == .exited(0), "\(checked)")
    }

    @Test func checkAndVersionSayWhatTheyFound() async throws {
        let scene = try Scene(example: true)
        let checked = try await scene.muster("check")
        #expect(checked.status == .exited(0))
        #expect(checked.errors.contains("9 definitions, 0 errors, 0 warnings"))
        let version = try await scene.muster("version")
        #expect(version.output.hasPrefix("muster version "))
    }

    @Test func toolOfTheExampleIsCalledDirectly() async throws {
        let scene = try Scene(example: true)
        let seen = try await scene.muster("call", "x_teleport_kube_login", "kubeCluster=a.b")
        #expect(seen.status == .exited(0))
        #expect(try JSONValue(parsing: seen.output)["context"] == "teleport-a.b")
    }
}
