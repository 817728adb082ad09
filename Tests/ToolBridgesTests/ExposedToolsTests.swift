import JSON
import Testing
import ToolBridges
import ToolCatalog
import WorkflowModel

@Suite("Names of external tools")
struct ExposedToolsTests {
    private func source(
        _ name: String,
        _ tools: [String],
        prefix: String? = nil,
        family: (String, String)? = nil,
        schema: JSONObject = ["type": "object", "required": ["q"]],
        descriptions: [String: String] = [:]
    ) -> ExposedTools.Source {
        var definition = MCPServerDefinition(
            name: name,
            transport: .stdio(command: "x", arguments: [], spelledLocalCommand: false)
        )
        definition.toolPrefix = prefix
        definition.family = family.map { MCPServerDefinition.Family(name: $0.0, instanceArgument: $0.1) }
        let descriptors = tools.compactMap { tool in
            let exposed = ExposedTools.name(tool, prefix: prefix ?? name, musterPrefix: "x")
            let object: JSONObject = [
                "name": .string(tool), "description": .string(descriptions[tool] ?? "does \(tool)"),
                "inputSchema": .object(schema),
            ]
            return ToolDescriptor(exposedAs: exposed, external: object)
        }
        return ExposedTools.Source(definition: definition, tools: descriptors)
    }

    private func names(_ sources: ExposedTools.Source...) -> [String] {
        ExposedTools(sources, musterPrefix: "x").tools.map(\.name).sorted()
    }

    @Test func prefixIsNotRepeatedAndCharactersStay() {
        #expect(ExposedTools.name("git_log", prefix: "git", musterPrefix: "x") == "x_git_log")
        #expect(ExposedTools.name("log", prefix: "git", musterPrefix: "x") == "x_git_log")
        #expect(ExposedTools.name("do.it", prefix: "my-srv", musterPrefix: "x") == "x_my-srv_do.it")
        #expect(names(source("git", ["a"], prefix: "vcs")) == ["x_vcs_a"])
    }

    @Test func firstServerByNameWinsAConflictWhateverTheOrder() {
        let (a, b) = (source("a", ["t"], prefix: "p"), source("b", ["t", "u"], prefix: "p"))
        for order in [[a, b], [b, a]] {
            let exposure = ExposedTools(order, musterPrefix: "x")
            #expect(exposure.routes["x_p_t"] == .server("a", tool: "t"))
            #expect(exposure.routes["x_p_u"] == .server("b", tool: "u"))
            #expect(exposure.conflicts == ["b": ["x_p_t"]])
        }
    }

    @Test func membersOfAFamilyShareAToolWithAnArgumentThatChooses() throws {
        let members = [
            source("b", ["t", "only"], family: ("F", "site")), source("a", ["t"], family: ("F", "site")),
            source("other", ["t"]),
        ]
        let exposure = ExposedTools(members, musterPrefix: "x")
        #expect(exposure.tools.map(\.name).sorted() == ["x_F_only", "x_F_t", "x_other_t"])
        let tool = try #require(exposure.tools.first { $0.name == "x_F_t" })
        #expect(tool.description == "does t (available on servers: a, b)")
        #expect(tool.originalName == "t")
        #expect(tool.inputSchema["required"] == ["q", "site"])
        let argument = tool.inputSchema["properties"]?["site"]
        #expect(argument?["enum"] == ["a", "b"])
        #expect(argument?["description"] == "Target instance to execute this tool on. Available: a, b")
        #expect(exposure.routes["x_F_only"] == .family(argument: "site", servers: ["b"], tool: "only"))
        // A family of one stays a family.
        #expect(names(source("a", ["F_t"], prefix: "ignored", family: ("F", "site"))) == ["x_F_t"])
    }

    @Test func toolsThatCannotBeSharedFallBackToTheirServers() {
        let family = ("F", "site")
        #expect(
            names(source("a", ["t"], family: family), source("b", ["t"], family: ("F", "place"))) == ["x_a_t", "x_b_t"]
        )
        let different = source("b", ["t", "u"], family: family, descriptions: ["t": "something else"])
        #expect(names(source("a", ["t", "u"], family: family), different) == ["x_F_u", "x_a_t", "x_b_t"])
        let taken: JSONObject = ["type": "object", "properties": ["site": [:]]]
        #expect(names(source("a", ["t"], family: family, schema: taken)) == ["x_a_t"])
    }

    @Test func choiceIsRequiredAndHasToBeThere() {
        func choose(_ arguments: JSONObject) -> String {
            switch ExposedTools.choose("x_F_t", argument: "site", servers: ["a", "c"], arguments: arguments) {
            case .refused(let text): text
            case .server(let name, let rest): "\(name) \(rest.text())"
            }
        }
        #expect(choose(["q": 1, "site": "c"]) == #"c {"q":1}"#)
        #expect(
            choose([:]) == #"tool x_F_t is provided by a family on servers a, c; the "site" parameter is required"#
        )
        #expect(choose(["site": "b"]) == #"tool x_F_t is not available on server "b" (available: a, c)"#)
    }
}
