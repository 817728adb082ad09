import Diagnostics
import JSON
import Testing
import WorkflowLoading
import WorkflowModel

@Suite("How a definition says who we are")
struct AuthorizationReaderTests {
    private func decode(
        _ auth: String
    ) -> (authorization: MCPServerDefinition.Authorization?, findings: [Diagnostic], source: JSONObject) {
        let text = "spec:\n  type: streamable-http\n  url: https://h/mcp\n  auth: \(auth)\n"
        let file = SourceFile(name: "a.yaml", text: text)
        let result = DefinitionDecoder.decode(file: file, kind: .mcpServer, defaultName: "a")
        let server = result.definitions.first?.mcpServer
        return (server?.authorization, result.diagnostics.diagnostics, server?.source ?? [:])
    }

    private static func login(_ change: (inout MCPServerDefinition.Login) -> Void) -> MCPServerDefinition.Authorization
    {
        var login = MCPServerDefinition.Login()
        change(&login)
        return .oauth(login)
    }

    @Test(
        arguments: [
            ("{}", nil), ("{type: none}", .off), ("{type: oauth}", login { _ in }), ("{token: t}", .token("t")),
            ("{type: bearer, tokenFile: /f}", .tokenFile("/f")), ("{tokenEnv: T}", .tokenVariable("T")),
            ("{tokenCommand: [a, b]}", .tokenCommand(["a", "b"])),
            (
                "{type: oauth, clientId: c, clientSecret: s, scopes: [a, b], callbackPort: 8123}",
                login {
                    $0.clientID = "c"
                    $0.clientSecret = .text("s")
                    $0.scopes = ["a", "b"]
                    $0.callbackPort = 8123
                }
            ),
            (
                "{clientId: c, clientSecretEnv: S, authorizationServer: {issuer: 'https://i', scopes: a b}}",
                login {
                    $0.clientID = "c"
                    $0.clientSecret = .variable("S")
                    $0.scopes = ["a", "b"]
                    $0.issuer = "https://i"
                }
            ),
            (
                "{type: oauth, clientId: c, clientSecretFile: /s}",
                login {
                    $0.clientID = "c"
                    $0.clientSecret = .file("/s")
                }
            ),
            (
                "{type: oauth, clientMetadataUrl: 'https://me.example/client.json'}",
                login { $0.clientDocument = "https://me.example/client.json" }
            ),
        ] as [(String, MCPServerDefinition.Authorization?)]
    )
    func whatIsWrittenIsRead(auth: String, expected: MCPServerDefinition.Authorization?) {
        let result = decode(auth)
        #expect(result.authorization == expected)
        #expect(result.findings.isEmpty, "\(result.findings.map { $0.rendered() })")
    }

    @Test(
        arguments: [
            ("{tokn: t}", ["WF0105"]), ("{type: oauth, authorizationServer: {isuer: x}}", ["WF0105"]),
            ("{type: oauht}", ["WF0403"]), ("{type: bearer}", ["WF0402"]), ("{token: a, tokenEnv: b}", ["WF0403"]),
            ("{type: oauth, token: t}", ["WF0403"]), ("{type: oauth, clientSecret: s}", ["WF0402"]),
            ("{type: oauth, clientId: c, clientSecret: s, clientSecretEnv: S}", ["WF0403"]),
            ("{type: oauth, callbackPort: 70000}", ["WF0403"]), ("{type: oauth, callbackPort: 0}", ["WF0403"]),
            ("{type: oauth, clientMetadataUrl: 'http://me.example/c'}", ["WF0403"]),
            ("{type: oauth, clientMetadataUrl: 'https://me.example/'}", ["WF0403"]),
            ("text", ["WF0104"]), ("{type: oauth, authorizationServer: text}", ["WF0104"]),
        ]
    )
    func whatIsWrongIsFound(auth: String, codes: [String]) {
        #expect(decode(auth).findings.map(\.code) == codes)
    }

    @Test func wordsOfTheReferenceAreKept() {
        let result = decode("{type: oauth, forwardToken: true, requiredAudiences: [x], tokenExchange: {enabled: true}}")
        #expect(result.findings.isEmpty)
        #expect(result.source["auth"]?["tokenExchange"] == ["enabled": true])
        #expect(result.source["auth"]?["requiredAudiences"] == ["x"])
    }
}
