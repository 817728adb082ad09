package import JSON
import WorkflowModel

/// The journal's stored form, version 1: one JSON object per entry, with the fact's name under `k`.
///
/// Entries are never rewritten; a name that this version does not know fails loudly.
extension JournalFact {
    package static let formatVersion = 1

    package var json: JSONObject {
        switch self {
        case .executionStarted(let start):
            return [
                "k": "executionStarted", "v": .integer(Int64(Self.formatVersion)), "workflow": .string(start.workflow),
                "definition": .string(start.definitionHash), "input": .object(start.input),
                "debug": .bool(start.isDebug), "chain": .array(start.chain.map { .string($0) }),
                "entropy": .integer(Int64(bitPattern: start.entropy)),
            ]
        case .itemsEvaluated(let key, let items):
            return ["k": "itemsEvaluated", "key": .string(key), "items": .array(items)]
        case .attemptStarted(let start):
            var object = start.step.json(named: "attemptStarted")
            object["phase"] = .string(start.phase.text)
            object["attempt"] = .integer(Int64(start.attempt))
            object["call"] = .string(start.tool)
            object["arguments"] = .object(start.arguments)
            if start.isSafeToRepeat { object["safe"] = true }
            return object
        case .handleGiven(let key, let phase, let attempt, let handle):
            return [
                "k": "handleGiven", "key": .string(key), "phase": .string(phase.text),
                "attempt": .integer(Int64(attempt)), "handle": .object(handle),
            ]
        case .attemptEnded(let key, let phase, let attempt, let outcome):
            var object: JSONObject = [
                "k": "attemptEnded", "key": .string(key), "phase": .string(phase.text),
                "attempt": .integer(Int64(attempt)),
            ]
            outcome.write(to: &object)
            return object
        case .conditionDecided(let step, let condition):
            var object = step.json(named: "conditionDecided")
            object["holds"] = .bool(condition.holds)
            object["source"] = .string(condition.source)
            object["result"] = condition.result
            return object
        case .stepFailed(let step, let message):
            var object = step.json(named: "stepFailed")
            object["error"] = .string(message)
            return object
        case .decisionNeeded(let key): return ["k": "decisionNeeded", "key": .string(key)]
        case .cancelRequested(let reason): return ["k": "cancelRequested", "reason": .string(reason)]
        case .executionEnded(let end):
            var object: JSONObject = ["k": "executionEnded", "status": .string(end.status.rawValue)]
            object["error"] = end.error.map { .string($0) }
            object["response"] = end.response
            return object
        }
    }

    /// - Throws: `StoreError.damaged` for an entry that this version cannot read.
    package init(json: JSONObject) throws(StoreError) {
        let reader = EntryReader(object: json)
        let kind = try reader.text("k")
        switch kind {
        case "executionStarted": self = try reader.executionStarted()
        case "itemsEvaluated":
            self = .itemsEvaluated(key: try reader.text("key"), items: json["items"]?.arrayValue ?? [])
        case "attemptStarted": self = try reader.attemptStarted()
        case "handleGiven":
            self = .handleGiven(
                key: try reader.text("key"),
                phase: try reader.phase(),
                attempt: reader.attempt,
                handle: json["handle"]?.objectValue ?? JSONObject()
            )
        case "attemptEnded":
            self = .attemptEnded(
                key: try reader.text("key"),
                phase: try reader.phase(),
                attempt: reader.attempt,
                outcome: try reader.outcome()
            )
        case "conditionDecided":
            let condition = ConditionRecord(
                holds: json["holds"]?.boolValue ?? false,
                result: json["result"],
                source: try reader.text("source")
            )
            self = .conditionDecided(try reader.step(), condition)
        case "stepFailed": self = .stepFailed(try reader.step(), message: try reader.text("error"))
        case "decisionNeeded": self = .decisionNeeded(key: try reader.text("key"))
        case "cancelRequested": self = .cancelRequested(reason: try reader.text("reason"))
        case "executionEnded": self = try reader.executionEnded()
        default: throw StoreError(.damaged, "journal entry of an unknown kind '\(kind)': written by a later version?")
        }
    }
}

extension StepIdentity {
    fileprivate func json(named kind: String) -> JSONObject {
        var object: JSONObject = ["k": .string(kind), "key": .string(key)]
        if id != key { object["id"] = .string(id) }
        if !tool.isEmpty { object["tool"] = .string(tool) }
        if allowsFailure { object["allowsFailure"] = true }
        return object
    }
}

extension StepOutcome {
    fileprivate func write(to object: inout JSONObject) {
        switch self {
        case .succeeded(let result):
            object["ok"] = true
            object["result"] = result
        case .failed(let message, let answered):
            object["error"] = .string(message)
            if !answered { object["unanswered"] = true }
        case .cancelled: object["cancelled"] = true
        }
    }
}

extension StepPhase {
    fileprivate var text: String {
        switch self {
        case .action: "action"
        case .condition(let path): path.isEmpty ? "condition" : "condition." + path
        }
    }

    fileprivate init?(text: String) {
        if text == "action" {
            self = .action
        } else if text == "condition" {
            self = .condition(path: "")
        } else if text.hasPrefix("condition.") {
            self = .condition(path: String(text.dropFirst("condition.".count)))
        } else {
            return nil
        }
    }
}

private struct EntryReader {
    let object: JSONObject

    func text(_ key: String) throws(StoreError) -> String {
        guard let text = object[key]?.stringValue else {
            throw StoreError(.damaged, "journal entry without '\(key)'")
        }
        return text
    }

    var attempt: Int { object["attempt"]?.integerValue.map { Int($0) } ?? 1 }

    func phase() throws(StoreError) -> StepPhase {
        guard let phase = StepPhase(text: try text("phase")) else {
            throw StoreError(.damaged, "journal entry with an unknown phase")
        }
        return phase
    }

    func step() throws(StoreError) -> StepIdentity {
        let key = try text("key")
        return StepIdentity(
            key: key,
            id: object["id"]?.stringValue ?? key,
            tool: object["tool"]?.stringValue ?? "",
            allowsFailure: object["allowsFailure"]?.boolValue ?? false
        )
    }

    func outcome() throws(StoreError) -> StepOutcome {
        if object["ok"]?.boolValue == true { return .succeeded(result: object["result"]) }
        if object["cancelled"]?.boolValue == true { return .cancelled }
        return .failed(message: try text("error"), answered: object["unanswered"]?.boolValue != true)
    }

    func executionStarted() throws(StoreError) -> JournalFact {
        let version = object["v"]?.integerValue ?? 0
        guard version == JournalFact.formatVersion else {
            throw StoreError(.damaged, "journal of format \(version); this version reads \(JournalFact.formatVersion)")
        }
        var start = ExecutionStart(
            workflow: try text("workflow"),
            definitionHash: try text("definition"),
            input: object["input"]?.objectValue ?? JSONObject(),
            isDebug: object["debug"]?.boolValue ?? false,
            chain: object["chain"]?.arrayValue?.compactMap(\.stringValue) ?? []
        )
        start.entropy = UInt64(bitPattern: object["entropy"]?.integerValue ?? 0)
        return .executionStarted(start)
    }

    func attemptStarted() throws(StoreError) -> JournalFact {
        .attemptStarted(
            AttemptStart(
                step: try step(),
                phase: try phase(),
                attempt: attempt,
                tool: try text("call"),
                arguments: object["arguments"]?.objectValue ?? JSONObject(),
                isSafeToRepeat: object["safe"]?.boolValue ?? false
            )
        )
    }

    func executionEnded() throws(StoreError) -> JournalFact {
        guard let status = ExecutionStatus(rawValue: try text("status")) else {
            throw StoreError(.damaged, "journal entry with an unknown status")
        }
        return .executionEnded(
            ExecutionEnd(status: status, error: object["error"]?.stringValue, response: object["response"] ?? .null)
        )
    }
}
