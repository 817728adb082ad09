package import Diagnostics
package import WorkflowModel

/// Everything that a configuration folder says at one moment.
package struct ConfigurationSnapshot: Sendable {
    /// The folder; empty for a snapshot that was made by hand.
    package var path: String
    package var settings: ServerSettings
    /// Sorted by kind and name; of definitions with the same kind and name only the first is kept.
    package var definitions: [LoadedDefinition]
    /// In the order of file and place.
    package var diagnostics: DiagnosticBag

    package init(
        path: String = "",
        settings: ServerSettings = ServerSettings(),
        definitions: [LoadedDefinition] = [],
        diagnostics: DiagnosticBag = DiagnosticBag()
    ) {
        self.path = path
        self.settings = settings
        self.definitions = definitions
        self.diagnostics = diagnostics
    }

    /// The definitions of one kind, valid or not, sorted by name.
    package func definitions(of kind: DefinitionKind) -> [LoadedDefinition] { definitions.filter { $0.kind == kind } }

    package func definition(_ kind: DefinitionKind, named name: String) -> LoadedDefinition? {
        definitions.first { $0.kind == kind && $0.name == name }
    }

    /// The valid workflows, sorted by name.
    package var workflows: [WorkflowDefinition] { definitions.compactMap(\.workflow) }
    package var serviceClasses: [ServiceClassDefinition] { definitions.compactMap(\.serviceClass) }
    package var mcpServers: [MCPServerDefinition] { definitions.compactMap(\.mcpServer) }
}
