package import JSON
package import MCPProtocol
package import MCPTransports
import WorkflowModel

/// Two prompts of our own: how to call a workflow, and what became of an execution.
package struct MusterPrompts: PromptProvider {
    private let resources: MusterResources

    package init(resources: MusterResources) { self.resources = resources }

    private static let runWorkflow = "run_workflow"
    private static let explainExecution = "explain_execution"

    package func prompts() async -> [JSONObject] {
        func prompt(
            _ name: String,
            _ title: String,
            _ description: String,
            argument: String,
            _ meaning: String
        )
            -> JSONObject
        {
            [
                "name": .string(name), "title": .string(title), "description": .string(description),
                "arguments": [["name": .string(argument), "description": .string(meaning), "required": true]],
            ]
        }
        return [
            prompt(
                Self.runWorkflow,
                "Run a workflow",
                "Asks for the arguments of a workflow and calls its tool",
                argument: "workflow",
                "Name of the workflow"
            ),
            prompt(
                Self.explainExecution,
                "Explain an execution",
                "Says what an execution did, and why it failed if it did",
                argument: "execution_id",
                "Id of the execution"
            ),
        ]
    }

    package func prompt(
        _ name: String,
        _ arguments: JSONObject,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome? {
        switch name {
        case Self.runWorkflow:
            let workflow = try Self.required("workflow", arguments, of: name)
            return try await answer(
                .workflow(workflow),
                "Here is the workflow \(workflow). Find out from me what its arguments should be, show me what its steps "
                    + "will do with them, and call the tool workflow_\(workflow) when I agree.",
                request
            )
        case Self.explainExecution:
            let id = try Self.required("execution_id", arguments, of: name)
            return try await answer(
                .execution(ExecutionID(id)),
                "Here is the record of execution \(id). Say in a few sentences what it did step by step. If it failed, say "
                    + "which step failed, why, and what I can do about it.",
                request
            )
        default: return nil
        }
    }

    private static func required(
        _ argument: String,
        _ arguments: JSONObject,
        of prompt: String
    ) throws(JSONRPCError) -> String {
        guard let value = arguments[argument]?.stringValue, !value.isEmpty else {
            throw .invalidParams("the prompt \(prompt) needs the argument \(argument)")
        }
        return value
    }

    private func answer(
        _ uri: MusterURI,
        _ text: String,
        _ request: MCPRequestContext
    ) async throws(JSONRPCError) -> MCPOutcome {
        let outcome: MCPOutcome?
        do throws(JSONRPCError) {
            outcome = try await resources.read(uri.text, request)
        } catch {
            throw .invalidParams(error.message)
        }
        guard case .complete(let result, _)? = outcome, let content = result["contents"]?[0] else {
            throw .invalidParams("Resource not found: \(uri.text)")
        }
        let messages: JSONValue = [
            ["role": "user", "content": ["type": "text", "text": .string(text)]],
            ["role": "user", "content": ["type": "resource", "resource": content]],
        ]
        return .complete(["messages": messages])
    }

    package func complete(prompt: String, _ completion: MCPCompletion) async -> MCPCompletionValues? {
        await values(prompt, completion).map { MCPCompletionValues($0) }
    }

    private func values(_ prompt: String, _ completion: MCPCompletion) async -> [String]? {
        switch (prompt, completion.argument) {
        case (Self.runWorkflow, "workflow"): resources.workflowNames(from: completion.value)
        case (Self.explainExecution, "execution_id"): await resources.executionIDs(from: completion.value)
        case (Self.runWorkflow, _), (Self.explainExecution, _): []
        default: nil
        }
    }
}
