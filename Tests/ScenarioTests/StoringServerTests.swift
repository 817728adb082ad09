import JSON
import Testing

/// A published server that keeps a graph in a file, used from workflows.
@Suite("A published server that stores", .timeLimit(.minutes(2)), .enabled(if: Requirements.npmServers.isThere))
struct StoringServerTests {
    @Test func whatOneWorkflowStoresAnotherFinds() async throws {
        let scene = try Scene()
        let program = Requirements.servers + "/npm/node_modules/.bin/mcp-server-memory"
        let extra = "timeout: 60\nenv: { MEMORY_FILE_PATH: \"\(scene.file("graph.jsonl"))\" }"
        try scene.addServer("memory", program, [], extra: extra)
        try scene.addWorkflow(
            "store",
            """
            args: { name: { type: string, required: true } }
            steps:
              - id: make
                tool: x_memory_create_entities
                args:
                  entities:
                    - { name: "{{ .input.name }}", entityType: cluster, observations: ["größer", "in {{ .input.name }}"] }
                    - { name: monitoring, entityType: service, observations: [] }
              - id: relate
                tool: x_memory_create_relations
                args: { relations: [{ from: "{{ .input.name }}", to: monitoring, relationType: runs }] }
              - id: wrong
                tool: x_memory_create_entities
                args: { entities: none }
                allowFailure: true
            """
        )
        try scene.addWorkflow(
            "find",
            """
            steps:
              - { id: nodes, tool: x_memory_search_nodes, args: { query: größer } }
              - { id: graph, tool: x_memory_read_graph }
            output:
              names: "{{ range .results.graph.entities }}{{ .name }} {{ end }}"
              found: "{{ (index .results.nodes.entities 0).observations }}"
              relation: "{{ (index .results.graph.relations 0).relationType }}"
            """
        )
        let stored = try await scene.muster("run", "store", "name=eu", "-o", "json")
        #expect(stored.status == .exited(0), "\(stored)")
        let wrong = try JSONValue(parsing: stored.output)["steps"]?.arrayValue?.last
        #expect(wrong?["status"] == "failed", "\(stored)")
        #expect(scene.read("graph.jsonl").contains(#""name":"eu""#))
        let found = try await scene.muster("run", "find", "-o", "json")
        #expect(found.status == .exited(0), "\(found)")
        let output = try JSONValue(parsing: found.output)
        #expect(output["names"] == "eu monitoring ", "\(found)")
        #expect(output["relation"] == "runs")
        #expect(output["found"] == ["größer", "in eu"], "\(found)")
        #expect(scene.leftovers == [])
    }
}
