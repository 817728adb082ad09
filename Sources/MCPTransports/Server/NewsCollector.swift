import MCPProtocol
import NIOCore
import NIOPosix
import Synchronization

/// Holds news back for a moment and drops what newer ones make superfluous, so that a storm of changes is one message.
final class NewsCollector: Sendable {
    private enum Key: Hashable {
        case list(MCPListChange)
        case resource(String)
        case task(String)
    }

    private struct State {
        var order: [Key] = []
        var news: [Key: ServerNews] = [:]
        var isScheduled = false
    }

    /// Long enough for one change to be over, short enough for people to see no delay.
    static let pause = TimeAmount.milliseconds(50)

    private let state = Mutex(State())
    private let loop: any EventLoop
    private let deliver: @Sendable (ServerNews) -> Void

    init(
        loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any(),
        deliver: @escaping @Sendable (ServerNews) -> Void
    ) {
        self.loop = loop
        self.deliver = deliver
    }

    func add(_ news: ServerNews) {
        let key = Self.key(news)
        let schedules = state.withLock { state in
            if state.news.updateValue(news, forKey: key) == nil { state.order.append(key) }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if schedules { loop.scheduleTask(in: Self.pause) { self.flush() } }
    }

    private func flush() {
        let news = state.withLock { state in
            defer { state = State() }
            return state.order.compactMap { state.news[$0] }
        }
        for item in news { deliver(item) }
    }

    private static func key(_ news: ServerNews) -> Key {
        switch news {
        case .listChanged(let change): .list(change)
        case .resourceUpdated(let uri): .resource(uri)
        case .task(let task): .task(task.id)
        }
    }
}
