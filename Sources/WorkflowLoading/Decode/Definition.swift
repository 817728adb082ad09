package import Diagnostics
package import JSON
package import WorkflowModel

/// The kinds of definition files. The raw value is the word under `kind`.
package enum DefinitionKind: String, Sendable, CaseIterable {
    case workflow = "Workflow"
    case serviceClass = "ServiceClass"
    case mcpServer = "MCPServer"

    /// The folder of the configuration in which files of the kind stand.
    package var folderName: String { rawValue.lowercased() + (self == .serviceClass ? "es" : "s") }
}

package enum Definition: Sendable {
    case workflow(WorkflowDefinition)
    case serviceClass(ServiceClassDefinition)
    case mcpServer(MCPServerDefinition)

    package var kind: DefinitionKind {
        switch self {
        case .workflow: .workflow
        case .serviceClass: .serviceClass
        case .mcpServer: .mcpServer
        }
    }
}

/// One definition of a file, valid or not.
package struct LoadedDefinition: Sendable {
    package var kind: DefinitionKind
    package var name: String
    /// The file as it is called in diagnostics.
    package var path: String
    /// Where the name is written; nil when it comes from the file's name.
    package var nameRange: SourceRange?
    package var labels: [String: String]
    /// Nil when the file has errors.
    package var definition: Definition?
    /// The `spec` as it is written, for showing it; empty when it is no map.
    package var spec: JSONObject
    /// `file:line:column: message` of each error, in the order of the file; empty when the definition is valid.
    package var errors: [String]
    /// For passes over several definitions; nil for other kinds and when nothing could be read.
    var draft: WorkflowDraft?

    package var isValid: Bool { definition != nil }

    package var workflow: WorkflowDefinition? { if case .workflow(let value) = definition { value } else { nil } }

    package var serviceClass: ServiceClassDefinition? {
        if case .serviceClass(let value) = definition { value } else { nil }
    }

    package var mcpServer: MCPServerDefinition? { if case .mcpServer(let value) = definition { value } else { nil } }
}
