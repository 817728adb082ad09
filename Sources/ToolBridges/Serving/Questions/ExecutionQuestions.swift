package import Engine
package import JSON
package import MCPProtocol
package import Storage
package import WorkflowModel

/// Steps of which somebody has to say what became of them, as forms for clients' users. See docs/history.md, "Decisions".
package struct ExecutionQuestions: Sendable {
    package struct Question: Sendable {
        /// The same as long as this very decision is open; never used again in its execution.
        package var key: String
        package var step: StepKey
        package var request: MCPInputRequest
    }

    package var questions: [Question] = []

    package init(_ id: ExecutionID, journal: [JournalEntry]) {
        let state = ExecutionState(entries: journal)
        let workflow = state.start?.workflow ?? ""
        for step in state.steps where step.needsDecision {
            let sequence = journal.lastIndex { entry in
                if case .decisionNeeded(step.identity.key) = entry.fact { true } else { false }
            }
            let message =
                "Step \(step.identity.key) of execution \(id) of workflow \(workflow) was calling "
                + "\(step.inFlight?.tool ?? step.identity.tool) when muster stopped. Nobody knows whether the call did "
                + "its work. What is to be done?"
            questions.append(
                Question(
                    key: "decision-\(sequence ?? 0)",
                    step: step.identity.key,
                    request: .form(message, schema: Self.schema)
                )
            )
        }
    }

    private static let schema: JSONObject = [
        "type": "object",
        "properties": [
            "decision": [
                "type": "string", "title": "Decision", "enum": ["retry", "succeeded", "fail"],
                "description":
                    "retry: call it again; succeeded: it happened, see result; fail: it did not and shall not",
            ],
            "result": [
                "type": "string", "title": "Result", "description": "For succeeded: the result, as JSON or text",
            ],
            "message": ["type": "string", "title": "Message", "description": "For fail: the error of the step"],
        ], "required": ["decision"],
    ]

    package var isEmpty: Bool { questions.isEmpty }

    package var inputRequests: JSONObject { need(state: .null).requestsObject }

    package func need(state: JSONValue) -> MCPInputNeed {
        MCPInputNeed(questions.map { ($0.key, $0.request) }, state: state)
    }

    /// What the answers say, as far as they say something that can be done. Keys that are not asked for count for nothing.
    package func decisions(in responses: JSONObject) -> [(step: StepKey, decision: StepDecision)] {
        questions.compactMap { question in
            guard case .accepted(let content)? = MCPElicitation(responses[question.key]),
                let decision = Self.decision(content)
            else { return nil }
            return (question.step, decision)
        }
    }

    /// Whether the user said that there will be no decision, for now or at all.
    package func isRefused(in responses: JSONObject) -> Bool {
        questions.contains { question in
            switch MCPElicitation(responses[question.key]) {
            case .declined, .cancelled: true
            case .accepted, nil: false
            }
        }
    }

    private static func decision(_ content: JSONObject) -> StepDecision? {
        switch content["decision"]?.stringValue {
        case "retry": return .retry
        case "succeeded":
            let text = content["result"]?.stringValue
            // A text that is no JSON is the result itself.
            return .succeeded(result: text.map { (try? JSONValue(parsing: $0)) ?? .string($0) })
        case "fail":
            return .fail(message: content["message"]?.stringValue ?? "decided to have failed after an interruption")
        default: return nil
        }
    }
}
