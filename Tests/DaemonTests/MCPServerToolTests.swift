import Daemon
import Foundation
import JSON
import TestSupport
import Testing
import ToolCatalog

@Suite("Tools that change MCP servers", .timeLimit(.minutes(1)))
struct MCPServerToolTests {
    private static let server: JSONObject = ["name": "files", "type": "stdio", "command": "no-such-command"]

    private func text(_ bench: MusterBench, _ tool: String, _ arguments: JSONObject) async throws -> String {
        let reply = try await bench.call(tool, arguments)
        try #require(!reply.isError, "\(reply.errorText)")
        return reply.texts.joined()
    }

    private func file(_ bench: MusterBench, _ name: String) -> String? {
        try? String(contentsOfFile: bench.folder.path + "/mcpservers/\(name).yaml", encoding: .utf8)
    }

    @Test func createdServerHasAFileAndCanBeChangedAndDeleted() async throws {
        let bench = try MusterBench([:])
        let created = try await text(bench, "core_mcpserver_create", Self.server)
        #expect(created == "MCP server 'files' created successfully")
        #expect(file(bench, "files")?.contains("kind: MCPServer") == true)
        #expect(await (try bench.error("core_mcpserver_create", Self.server)) == "MCP server 'files' already exists")
        // Only what is given changes.
        let change: JSONObject = ["name": "files", "args": ["/srv"], "env": ["A": "1"]]
        #expect(try await text(bench, "core_mcpserver_update", change) == "MCP server 'files' updated successfully")
        let info = try await bench.document("core_mcpserver_get", ["name": "files"])
        #expect(info["command"] == "no-such-command")
        #expect(info["args"] == ["/srv"])
        #expect(info["state"] == "Stopped")
        let described = try await text(bench, "core_mcpserver_update", ["name": "files", "description": "reads"])
        #expect(described.contains("updated"))
        #expect(try await bench.document("core_mcpserver_get", ["name": "files"])["env"] == ["A": "1"])
        // A definition of which the program is missing is valid; starting it says why it fails.
        #expect(try await bench.error("core_service_start", ["name": "files"]).contains("Command not found"))
        #expect(try await bench.document("core_service_status", ["name": "files"])["state"] == "failed")
        let deleted = try await text(bench, "core_mcpserver_delete", ["name": "files"])
        #expect(deleted == "MCP server 'files' deleted successfully")
        #expect(file(bench, "files") == nil)
        #expect(try await bench.error("core_service_status", ["name": "files"]).contains("not found"))
        let again: JSONObject = ["name": "files", "type": "sse", "url": "http://localhost:1/sse"]
        _ = try await text(bench, "core_mcpserver_create", again)
        #expect(try await bench.document("core_mcpserver_get", ["name": "files"])["state"] == "Disconnected")
        await bench.muster.shutDown()
    }

    @Test func serverThatStartsByItselfIsThereWhenCreateReturns() async throws {
        let bench = try MusterBench([:])
        var server = Self.server
        server["autoStart"] = true
        _ = try await text(bench, "core_mcpserver_create", server)
        let status = try await bench.document("core_service_status", ["name": "files"])
        #expect(status["state"] == "failed")
        #expect(status["health"] == "unhealthy")
        #expect(status["metadata"]?["statusMessage"] == "Command not found - check the executable path")
        await bench.muster.shutDown()
    }

    @Test(
        arguments: [
            (["type": "stdio", "command": "x"], "name argument is required"),
            (["name": "a"], "type"),
            (
                ["name": "a", "type": "ftp"],
                "unsupported MCP server type: ftp (supported: stdio, streamable-http, sse)"
            ),
            (["name": "a", "type": "stdio"], "command is required for stdio type"),
            (["name": "a", "type": "localCommand"], "command is required for localCommand type"),
            (["name": "a", "type": "sse"], "url is required for streamable-http and sse types"),
            (
                ["name": "a", "type": "stdio", "command": "x", "auth": ["type": "oauth"]],
                "auth configuration is only supported for remote server types (streamable-http, sse)"
            ),
            (["name": "../a", "type": "stdio", "command": "x"], "may only have letters"),
            (
                ["name": "a", "type": "stdio", "command": "x", "family": ["name": "f"]],
                "family.instanceArg is required"
            ),
            (["name": "a", "type": "sse", "url": "http://x", "auth": ["token": "t", "tokenEnv": "T"]], "only"),
        ] as [(JSONObject, String)]
    )
    func badDefinitionIsRefusedWithItsReason(_ arguments: JSONObject, _ phrase: String) async throws {
        let bench = try MusterBench([:])
        let created = try await bench.error("core_mcpserver_create", arguments)
        #expect(created.contains(phrase), "\(created)")
        let validated = try await bench.error("core_mcpserver_validate", arguments)
        #expect(validated.hasPrefix("Validation failed: "), "\(validated)")
        if arguments["name"] != nil {
            #expect(created.hasPrefix("Invalid MCP server definition: "), "\(created)")
            #expect(validated.contains(phrase), "\(validated)")
        }
        #expect((try? FileManager.default.contentsOfDirectory(atPath: bench.folder.path + "/mcpservers")) ?? [] == [])
        await bench.muster.shutDown()
    }

    @Test func validDefinitionIsSaidToBe() async throws {
        let bench = try MusterBench([:])
        let said = try await text(bench, "core_mcpserver_validate", Self.server)
        #expect(said == "Validation successful for mcpserver files")
        #expect(file(bench, "files") == nil)
        await bench.muster.shutDown()
    }

    @Test func unknownServersAreSaidToBe() async throws {
        let bench = try MusterBench([:])
        #expect(try await bench.error("core_mcpserver_update", ["name": "x"]).contains("MCP server x not found"))
        #expect(try await bench.error("core_mcpserver_delete", ["name": "x"]).contains("MCP server x not found"))
        for tool in ["core_auth_login", "core_auth_logout"] {
            let error = try await bench.error(tool, ["server": "x"])
            #expect(error == "Server 'x' not found. Use list_tools to see available servers.")
        }
        await bench.muster.shutDown()
    }

    @Test func fileWithSeveralDefinitionsIsLeftToItsOwner() async throws {
        let document = "kind: MCPServer\nmetadata: { name: NAME }\nspec: { type: stdio, command: x }\n"
        let both = ["a", "b"].map { document.replacingOccurrences(of: "NAME", with: $0) }.joined(separator: "---\n")
        let bench = try MusterBench(["mcpservers/both.yaml": both])
        #expect(try await bench.error("core_mcpserver_delete", ["name": "a"]).contains("has other definitions too (b)"))
        #expect(file(bench, "both") == both)
        await bench.muster.shutDown()
    }
}
