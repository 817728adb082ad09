package import WorkflowModel

/// The URIs of our own resources.
package enum MusterURI: Sendable, Hashable {
    case workflow(String)
    case execution(ExecutionID)
    case events(ExecutionID)

    static let workflowTemplate = "muster://workflows/{name}"
    static let executionTemplate = "muster://executions/{id}"
    static let eventsTemplate = "muster://executions/{id}/events"

    private static let workflows = "muster://workflows/"
    private static let executions = "muster://executions/"
    private static let eventsEnd = "/events"

    package var text: String {
        switch self {
        case .workflow(let name): Self.workflows + name
        case .execution(let id): Self.executions + id.text
        case .events(let id): Self.executions + id.text + Self.eventsEnd
        }
    }

    /// Nil for any other text, such as one with further segments or a way upwards.
    package init?(_ text: String) {
        if text.hasPrefix(Self.workflows), let name = Self.segment(text.dropFirst(Self.workflows.count)) {
            self = .workflow(name)
        } else if text.hasPrefix(Self.executions) {
            let rest = text.dropFirst(Self.executions.count)
            if rest.hasSuffix(Self.eventsEnd), let id = Self.segment(rest.dropLast(Self.eventsEnd.count)) {
                self = .events(ExecutionID(id))
            } else if let id = Self.segment(rest) {
                self = .execution(ExecutionID(id))
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    private static func segment(_ text: Substring) -> String? {
        guard !text.isEmpty, text != ".", text != "..", !text.utf8.contains(where: { "/\\?#%".utf8.contains($0) })
        else { return nil }
        return String(text)
    }
}
