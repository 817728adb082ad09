import Foundation
import Synchronization

/// A FIFO at which a `gate` tool of the ledger server waits until the test opens it.
final class Gate: Sendable {
    private let path: String

    init(_ name: String, in scene: Scene) throws {
        path = scene.file(name)
        guard mkfifo(path, 0o600) == 0 else { throw Program.Failure(description: "no FIFO at \(path)") }
    }

    /// Returns when a tool waits at the gate. It goes on when the result is given up.
    func reached(within limit: Duration = .seconds(60)) async throws -> Visitor {
        let path = path
        // Opened in place of the tool that did not come.
        let substitute = Mutex<(isOver: Bool, descriptor: Int32?)>((false, nil))
        let descriptor = await withCheckedContinuation { (continuation: CheckedContinuation<Int32, Never>) in
            Thread.detachNewThread {
                let descriptor = open(path, O_WRONLY | O_CLOEXEC)
                substitute.withLock { $0.isOver = true }
                continuation.resume(returning: descriptor)
            }
            let deadline = DispatchTime.now() + .milliseconds(Int(limit.components.seconds) * 1000)
            DispatchQueue.global().asyncAfter(deadline: deadline) {
                substitute.withLock { state in
                    if !state.isOver { state.descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC) }
                }
            }
        }
        let visitor = Visitor(descriptor: descriptor)
        if let descriptor = substitute.withLock({ $0.descriptor }) {
            close(descriptor)
            throw Program.Failure(description: "no tool came to \(path) within \(limit)")
        }
        return visitor
    }

    /// The tool waits as long as this is held.
    final class Visitor: Sendable {
        private let descriptor: Int32

        init(descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }
    }
}
