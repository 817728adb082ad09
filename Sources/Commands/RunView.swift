import Dispatch
import Engine
import Synchronization

/// Shows executions on standard error while they run: a tree that is drawn again and again on a terminal, one line per
/// news otherwise.
final class RunView: Sendable {
    private struct State: Sendable {
        var tree = StepTree()
        var drawnLines = 0
        var isFinished = false
    }

    private let state = Mutex(State())
    private let isLive: Bool
    // Dispatch sources may be used from any thread; the type only lacks the mark.
    private nonisolated(unsafe) let timer: (any DispatchSourceTimer)?

    init(isLive: Bool) {
        self.isLive = isLive
        guard isLive else {
            timer = nil
            return
        }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "muster.view"))
        timer.schedule(deadline: .now(), repeating: .milliseconds(100))
        self.timer = timer
        timer.setEventHandler { [weak self] in self?.redraw(advancing: true) }
        timer.resume()
    }

    func show(_ update: ExecutionUpdate) {
        let line = state.withLock { $0.tree.apply(update) }
        if isLive { redraw(advancing: false) } else if let line { Output.talk(line) }
    }

    /// Says that MCP servers are being started, which may take a while.
    func showServersStarting(_ names: [String]) {
        guard !names.isEmpty else { return }
        let text = "starting MCP servers: \(names.joined(separator: ", "))"
        state.withLock { $0.tree.preparation = text }
        if isLive { redraw(advancing: false) } else { Output.talk(text) }
    }

    func showServersStarted() {
        state.withLock { $0.tree.preparation = nil }
        if isLive { redraw(advancing: false) }
    }

    /// Draws the final state and lets go of the terminal.
    func finish() {
        timer?.cancel()
        if isLive { redraw(advancing: false) }
        state.withLock { $0.isFinished = true }
    }

    private func redraw(advancing: Bool) {
        state.withLock { state in
            guard !state.isFinished else { return }
            if advancing { state.tree.advanceSpinner() }
            let lines = state.tree.lines
            // Up to the first drawn line, and clear from there to the end of the screen.
            let back = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A\r\u{1B}[J" : ""
            Output.write(back + lines.map { $0 + "\n" }.joined(), to: 2)
            state.drawnLines = lines.count
        }
    }
}
