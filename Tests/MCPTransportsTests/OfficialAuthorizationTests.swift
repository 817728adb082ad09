import Foundation
import MCPTransports
import Testing

/// The official conformance suite against our client: every scenario `auth/*` that is scored, by its own name.
@Suite(
    "Official conformance suite, authorization",
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(if: AuthorizationSuite.isThere)
)
struct OfficialAuthorizationTests {
    @Test("C-68 to C-74 no scenario of the suite fails", arguments: ["2026-07-28", "2025-11-25"])
    func suite(version: String) async throws {
        let lines = try await AuthorizationSuite.run(["--suite", "auth", "--spec-version", version])
        let summary = lines.filter { $0.hasPrefix("✓ ") || $0.hasPrefix("✗ ") }
        #expect(summary.count >= 14, "\(lines.suffix(20))")
        #expect(summary.filter { !$0.hasSuffix(", 0 failed") } == [])
    }

    @Test(
        "C-68 to C-73 scenarios of one revision",
        arguments: [
            "resource-mismatch", "offline-access-scope", "offline-access-not-supported",
            "authorization-server-migration", "iss-supported", "iss-not-advertised", "iss-supported-missing",
            "iss-wrong-issuer", "iss-unexpected", "iss-normalized", "metadata-issuer-mismatch",
            "2025-03-26-oauth-metadata-backcompat", "2025-03-26-oauth-endpoint-fallback",
        ]
    )
    func scenario(name: String) async throws {
        let version = name.hasPrefix("2025-03-26") ? "2025-03-26" : "2026-07-28"
        let lines = try await AuthorizationSuite.run(["--scenario", "auth/\(name)", "--spec-version", version])
        #expect(lines.contains { $0.hasPrefix("Passed: ") && $0.contains(", 0 failed, 0 warnings") }, "\(lines)")
    }
}

private enum AuthorizationSuite {
    private static let program =
        Places.cache + "/test-servers/conformance/node_modules/@modelcontextprotocol/conformance/dist/index.js"

    static let isThere: Bool = {
        let isThere = FileManager.default.fileExists(atPath: program)
        if !isThere { print("MCPTransportsTests: no conformance suite, its tests are skipped (Scripts/test-servers)") }
        return isThere
    }()

    static func run(_ arguments: [String]) async throws -> [String] {
        let words = [program, "client", "--command", "\(Places.fixtureServer) client"] + arguments
        let output = try await MCPTransportsTests.run("node", words)
        return output.lines + output.errors
    }
}
