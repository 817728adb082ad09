import Diagnostics

/// Every step has an id (`WF0202`) of letters, digits, `_` and `-`, at most 63 of them (`WF0203`).
enum StepIDs: WorkflowPass {
    private static let lengthLimit = 63

    static func check(_ draft: WorkflowDraft, _ context: DecodeContext) {
        for step in draft.allSteps where step.isReadable { check(step, context) }
    }

    private static func check(_ step: StepDraft, _ context: DecodeContext) {
        guard let id = step.id, !id.text.isEmpty else {
            let message = step.isSubStep ? "\(step.place): id is required" : "steps: \(step.place): id cannot be empty"
            context.error("WF0202", message, at: step.id?.range ?? step.range?.beginning)
            return
        }
        if !id.text.utf8.allSatisfy(isAllowed) {
            let message = "step id '\(id.text)' may only contain letters, digits, '_' and '-'"
            context.finding("WF0203", message, at: id.range)
        }
        if id.text.utf8.count > lengthLimit {
            let length = id.text.utf8.count
            let message = "step id '\(id.text.prefix(20))…' has \(length) characters, at most \(lengthLimit) allowed"
            context.finding("WF0203", message, at: id.range)
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
