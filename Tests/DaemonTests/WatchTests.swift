import Daemon
import Foundation
import JSON
import TestSupport
import Testing
import ToolBridges
import ToolCatalog
import WorkflowLoading

@Suite("Edited definitions", .timeLimit(.minutes(1)))
struct WatchTests {
    @Test func areInForceWithoutARestart() async throws {
        let bench = try MusterBench(["workflows/a.yaml": "steps: [{id: x, tool: echo}]"])
        let (changes, feed) = AsyncStream<Void>.makeStream()
        bench.muster.catalog.onChange { feed.yield() }
        let watch = bench.muster.watchDefinitions()
        try bench.folder.write("description: new\nsteps: [{id: x, tool: echo}]", to: "workflows/b.yaml")
        for await _ in changes where bench.muster.catalog.descriptor(of: "workflow_b") != nil { break }
        try bench.folder.write("description: newer\nsteps: [{id: x, tool: echo}]", to: "workflows/b.yaml")
        for await _ in changes where bench.muster.catalog.descriptor(of: "workflow_b")?.description == "newer" { break }
        try FileManager.default.removeItem(atPath: bench.folder.path + "/workflows/a.yaml")
        for await _ in changes where bench.muster.catalog.descriptor(of: "workflow_a") == nil { break }
        #expect(bench.muster.catalog.descriptor(of: "workflow_b") != nil)
        withExtendedLifetime(watch) {}
    }

    @Test func toolsChangeOnlyWhereDefinitionsDo() async throws {
        let bench = try MusterBench(["workflows/a.yaml": "steps: [{id: x, tool: echo}]"])
        let (kinds, feed) = AsyncStream<Set<DefinitionKind>>.makeStream()
        bench.muster.registry.onChange { feed.yield($0) }
        let generation = bench.muster.catalog.generation
        let watch = bench.muster.watchDefinitions()
        try bench.folder.write("{type: stdio, command: nothing, autoStart: false}", to: "mcpservers/idle.yaml")
        for await kinds in kinds {
            #expect(kinds == [.mcpServer])
            break
        }
        try bench.folder.write("steps: [{id: x, tool: echo}]", to: "workflows/a.yaml")
        #expect(bench.muster.registry.reload() == [])
        #expect(bench.muster.catalog.generation == generation)
        withExtendedLifetime(watch) {}
    }

    @Test func aBrokenFileKeepsItsServerAndAMissingOneDoesNot() throws {
        let bench = try MusterBench([
            "mcpservers/a.yaml": "{type: stdio, command: a, autoStart: false}",
            "mcpservers/other.yaml": "kind: MCPServer\nmetadata: {name: b}\nspec: {type: stdio, command: b}",
        ])
        let registry = bench.muster.registry
        let reload = ServerReload(registry.current)
        func wanted() -> [String] {
            registry.reload()
            return reload.wanted(registry.current, bench.muster.servers.all.map(\.definition)).map(\.name).sorted()
        }
        #expect(wanted() == ["a", "b"])
        try bench.folder.write("{type: stdio", to: "mcpservers/a.yaml")
        // Its name cannot be read any more.
        try bench.folder.write("kind: [", to: "mcpservers/other.yaml")
        #expect(wanted() == ["a", "b"])
        try bench.folder.write("{type: nonsense}", to: "mcpservers/a.yaml")
        #expect(wanted() == ["a", "b"])
        try FileManager.default.removeItem(atPath: bench.folder.path + "/mcpservers/a.yaml")
        #expect(wanted() == ["b"])
        try FileManager.default.removeItem(atPath: bench.folder.path + "/mcpservers/other.yaml")
        #expect(wanted() == [])
    }
}
