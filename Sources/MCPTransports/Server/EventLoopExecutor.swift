import NIOCore

/// Runs the parts of a task between its suspensions on an event loop: what goes on for a connection of the same loop needs
/// no other thread. Only for tasks that never compute for long, as everything else on the loop waits meanwhile.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
