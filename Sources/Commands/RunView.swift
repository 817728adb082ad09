import Dispatch
import Engine
import Foundation
import Synchronization

/// Shows executions on standard error while they run: on a terminal a tree whose open part is drawn again and again, one
/// line per news otherwise.
final class RunView: Sendable {
    private struct State: Sendable {
        var tree = StepTree()
        /// Lines of the open part that stand on the screen.
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
        timer.setEventHandler { [weak self] in self?.redraw() }
        timer.resume()
    }

    func show(_ update: ExecutionUpdate) {
        let line = state.withLock { $0.tree.apply(update) }
        if !isLive, let line { Output.talk(line) }
    }

    /// Says that MCP servers are being started, which may take a while.
    func showServersStarting(_ names: [String]) {
        guard !names.isEmpty else { return }
        let text = "starting MCP servers: \(names.joined(separator: ", "))"
        state.withLock { $0.tree.preparation = text }
        if !isLive { Output.talk(text) }
    }

    func showServersStarted() { state.withLock { $0.tree.preparation = nil } }

    /// Draws the final state and lets go of the terminal.
    func finish() {
        timer?.cancel()
        if isLive { redraw() }
        state.withLock { $0.isFinished = true }
    }

    /// What is settled is printed once and scrolls away like any text; only the rest is drawn again.
    private func redraw() {
        let (width, height) = Self.screen
        state.withLock { state in
            guard !state.isFinished else { return }
            state.tree.advanceSpinner()
            let settled = state.tree.takeSettled(width: width)
            var open = state.tree.openLines(width: width)
            let room = max(height - 2, 1)
            if open.count > room { open = ["  … \(open.count - room + 1) more"] + open.suffix(room - 1) }
            // Up to the first drawn line, and clear from there to the end of the screen.
            let back = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A\r\u{1B}[J" : ""
            Output.write(back + (settled + open).map { $0 + "\n" }.joined(), to: 2)
            state.drawnLines = open.count
        }
    }

    /// Columns and rows of the terminal.
    private static var screen: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
