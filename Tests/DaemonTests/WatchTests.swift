import Daemon
import Foundation
import JSON
import TestSupport
import Testing
import ToolCatalog

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
}
