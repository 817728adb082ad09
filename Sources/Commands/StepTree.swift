import Engine
import Storage
import WorkflowModel

/// Rows of steps, one execution under the other. Pure: news in, lines out.
struct StepTree: Sendable {
    private enum Mark: Sendable { case running, completed, skipped, failed, cancelled, uncertain, plain }

    private struct Row: Sendable {
        var execution: ExecutionID
        var key: StepKey?
        var depth: Int
        var text: String
        var mark: Mark
        var startedAt: Timestamp
    }

    /// What has to be done before the first step, while it lasts.
    var preparation: String?
    private var rows: [Row] = []
    private var spin = 0

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    mutating func advanceSpinner() { spin += 1 }

    /// Takes news in and gives the line that says it, if it deserves one.
    mutating func apply(_ update: ExecutionUpdate) -> String? {
        let depth = update.depth * 2
        let indent = String(repeating: "  ", count: depth + 1)
        switch update.news {
        case .started(let count, let isResumed):
            let text = "\(update.workflow)  \(count) steps  \(update.execution)" + (isResumed ? "  (resumed)" : "")
            add(Row(execution: update.execution, depth: depth, text: text, mark: .plain, startedAt: update.at))
            return String(repeating: "  ", count: depth) + text
        case .stepStarted(let step):
            let text = "\(step.key)  \(step.tool)"
            let row = Row(
                execution: update.execution,
                key: step.key,
                depth: depth + 1,
                text: text,
                mark: .running,
                startedAt: update.at
            )
            add(row)
            return "\(indent)… \(text)"
        case .stepEnded(let step): return ended(step, update, indent)
        case .decisionNeeded(let step):
            let hint =
                "in flight when muster died; decide with: muster executions resume \(update.execution) "
                + "--decision retry|succeeded|fail"
            finish(step.identity.key, update.execution, .uncertain, hint)
            return "\(indent)? \(step.identity.key)  \(hint)"
        case .ended: return nil
        }
    }

    private mutating func ended(_ step: StepState, _ update: ExecutionUpdate, _ indent: String) -> String {
        let milliseconds = (step.endedAt ?? update.at).milliseconds(since: step.startedAt)
        let mark: Mark =
            switch step.status {
            case .completed, .running: .completed
            case .skipped: .skipped
            case .failed: .failed
            case .cancelled: .cancelled
            }
        var detail = step.status == .skipped ? "skipped" : "\(milliseconds) ms"
        if let error = step.error { detail += "  \(Self.short(error))" }
        if step.status == .failed, step.identity.allowsFailure { detail += "  (failure allowed)" }
        if row(step.identity.key, update.execution) == nil {
            add(
                Row(
                    execution: update.execution,
                    key: step.identity.key,
                    depth: update.depth * 2 + 1,
                    text: "\(step.identity.key)  \(step.identity.tool)",
                    mark: mark,
                    startedAt: step.startedAt
                )
            )
        }
        finish(step.identity.key, update.execution, mark, detail)
        return "\(indent)\(Self.symbol(mark, 0)) \(step.identity.key)  \(step.identity.tool)  \(detail)"
    }

    private mutating func add(_ row: Row) { rows.append(row) }

    private func row(_ key: StepKey, _ execution: ExecutionID) -> Int? {
        rows.lastIndex { $0.key == key && $0.execution == execution }
    }

    private mutating func finish(_ key: StepKey, _ execution: ExecutionID, _ mark: Mark, _ detail: String) {
        guard let index = row(key, execution) else { return }
        rows[index].mark = mark
        rows[index].text += "  \(detail)"
    }

    /// Takes the rows at the top out that will not change any more, as lines with colours.
    mutating func takeSettled(width: Int) -> [String] {
        let count = rows.prefix { $0.mark != .running }.count
        let lines = rows.prefix(count).map { line($0, width) }
        rows.removeFirst(count)
        return lines
    }

    /// The rows that are left, as lines with colours.
    func openLines(width: Int) -> [String] {
        let shown = rows.map { line($0, width) }
        return shown + (preparation.map { ["\(Self.coloured(.running, spin)) \(Self.cut($0, width - 2))"] } ?? [])
    }

    private func line(_ row: Row, _ width: Int) -> String {
        let indent = String(repeating: "  ", count: row.depth)
        let room = width - indent.count
        guard row.mark != .plain else { return indent + Self.cut(row.text, room) }
        return "\(indent)\(Self.coloured(row.mark, spin)) \(Self.cut(row.text, room - 2))"
    }

    /// A longer line would wrap and spoil the count of lines.
    private static func cut(_ text: String, _ width: Int) -> String {
        text.count < width ? text : text.prefix(max(width - 2, 1)) + "…"
    }

    private static func coloured(_ mark: Mark, _ spin: Int) -> String {
        "\u{1B}[\(colour(mark))m\(symbol(mark, spin))\u{1B}[0m"
    }

    private static func symbol(_ mark: Mark, _ spin: Int) -> String {
        switch mark {
        case .running: spinner[spin % spinner.count]
        case .completed: "✓"
        case .skipped: "–"
        case .failed: "✗"
        case .cancelled: "■"
        case .uncertain: "?"
        case .plain: ""
        }
    }

    private static func colour(_ mark: Mark) -> Int {
        switch mark {
        case .running: 36
        case .completed: 32
        case .failed: 31
        case .uncertain, .cancelled: 33
        case .skipped, .plain: 2
        }
    }

    /// The first line, cut to a length that fits a terminal.
    private static func short(_ text: String) -> String {
        let line = Output.printable(String(text.prefix { $0 != "\n" }))
        return line.count > 160 ? line.prefix(160) + "…" : line
    }
}
