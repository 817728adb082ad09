package import Engine
package import MCPProtocol
import Synchronization
import WorkflowModel

/// Turns what happens in executions into news for the clients that wait for them. Nothing is watched for nobody.
package final class ServedNews: Sendable {
    private struct State: Sendable {
        var interests: Set<MCPInterest> = []
        var observer: Int?
        var listeners: [@Sendable (ServerNews) -> Void] = []
        /// Tasks whose description is being made, and whether there was more news meanwhile.
        var describing: [String: Bool] = [:]
    }

    private let engine: ExecutionEngine
    private let tasks: ExecutionTasks
    private let state = Mutex(State())

    package init(engine: ExecutionEngine, tasks: ExecutionTasks) {
        self.engine = engine
        self.tasks = tasks
        tasks.onQuestions { [weak self] in self?.describeIfWatched($0.text) }
    }

    package func onNews(_ listener: @escaping @Sendable (ServerNews) -> Void) {
        state.withLock { $0.listeners.append(listener) }
    }

    package func watch(_ interest: MCPInterest, _ isWatched: Bool) {
        state.withLock { state in
            if isWatched { state.interests.insert(interest) } else { state.interests.remove(interest) }
            if !state.interests.isEmpty, state.observer == nil {
                state.observer = engine.observe { [weak self] in self?.take($0) }
            } else if state.interests.isEmpty, let observer = state.observer {
                engine.stopObserving(observer)
                state.observer = nil
            }
        }
        // It may have ended before anybody could watch it.
        if isWatched, case .task(let id) = interest { describeIfWatched(id) }
    }

    private func take(_ update: ExecutionUpdate) {
        let id = update.execution
        let (news, listeners) = state.withLock { state in
            let uris = [MusterURI.execution(id).text, MusterURI.events(id).text]
            let news = uris.filter { state.interests.contains(.resource(uri: $0)) }
                .map { ServerNews.resourceUpdated(uri: $0) }
            return (news, state.listeners)
        }
        for item in news { for listener in listeners { listener(item) } }
        describeIfWatched(id.text)
    }

    private func describeIfWatched(_ id: String) {
        let begins = state.withLock { state in
            guard state.interests.contains(.task(id: id)) else { return false }
            defer { state.describing[id] = state.describing[id] != nil }
            return state.describing[id] == nil
        }
        if begins { Task { await self.describe(id) } }
    }

    private func describe(_ id: String) async {
        while true {
            if let task = await tasks.task(id) {
                for listener in state.withLock({ $0.listeners }) { listener(.task(task)) }
            }
            let isOver = state.withLock { state in
                guard state.describing[id] == true else {
                    state.describing[id] = nil
                    return true
                }
                state.describing[id] = false
                return false
            }
            if isOver { return }
        }
    }
}
