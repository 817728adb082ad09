import JSON
import MCPProtocol
import Synchronization

/// The questions of one call, or one execution, that wait for answers which come some other way.
final class QuestionDesk: Sendable {
    /// What was asked together; its asker goes on when all of it is answered.
    private struct Batch: Sendable {
        var questions: [(key: String, request: MCPInputRequest)]
        var answers: [String: JSONObject] = [:]
        var asker: CheckedContinuation<Result<[JSONObject], JSONRPCError>, Never>
    }

    private struct State: Sendable {
        /// In the order of their coming, by number.
        var batches: [(number: Int, batch: Batch)] = []
        var nextNumber = 0
        var nextKey = 1
        /// Set when nothing can be asked any more.
        var ending: JSONRPCError?
    }

    /// Questions that may wait at a time.
    static let limit = 100

    /// The start of every key.
    private let prefix: String
    private let state = Mutex(State())
    /// Told when there are other questions than before.
    private let changed: @Sendable () -> Void

    init(prefix: String, changed: @escaping @Sendable () -> Void) {
        self.prefix = prefix
        self.changed = changed
    }

    /// What has not been answered, in the order of its coming. Keys are never used again.
    var open: [(key: String, request: MCPInputRequest)] {
        state.withLock { state in
            state.batches.flatMap { _, batch in batch.questions.filter { batch.answers[$0.key] == nil } }
        }
    }

    /// Returns when all is answered, or with an error when the surrounding task is cancelled or the desk is closed.
    func ask(_ requests: [MCPInputRequest]) async -> Result<[JSONObject], JSONRPCError> {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            let result = await withCheckedContinuation { continuation in
                if let refusal = put(requests, number, continuation) {
                    continuation.resume(returning: .failure(refusal))
                } else {
                    changed()
                }
                // The handler of the cancellation may have run before there was anything to take back.
                if Task.isCancelled { withdraw(number) }
            }
            changed()
            return result
        } onCancel: {
            withdraw(number)
        }
    }

    private func put(
        _ requests: [MCPInputRequest],
        _ number: Int,
        _ asker: CheckedContinuation<Result<[JSONObject], JSONRPCError>, Never>
    ) -> JSONRPCError? {
        state.withLock { state in
            if let ending = state.ending { return ending }
            let waiting = state.batches.reduce(requests.count) { $0 + $1.batch.questions.count }
            guard waiting <= Self.limit else {
                return .internalError("more than \(Self.limit) questions of one call wait for answers")
            }
            let questions = requests.enumerated().map { (key: "\(prefix)\(state.nextKey + $0)", request: $1) }
            state.nextKey += requests.count
            state.batches.append((number, Batch(questions: questions, asker: asker)))
            return nil
        }
    }

    private func withdraw(_ number: Int) {
        let asker = state.withLock { state in
            state.batches.firstIndex { $0.number == number }.map { state.batches.remove(at: $0).batch.asker }
        }
        asker?.resume(returning: .failure(.internalError("the question was taken back")))
    }

    /// Takes answers by the keys of the questions. Other keys, and what is no object, count for nothing.
    func take(_ responses: JSONObject) {
        let ready = state.withLock { state in
            var ready: [Batch] = []
            for index in state.batches.indices {
                for (key, _) in state.batches[index].batch.questions {
                    guard case .object(let answer)? = responses[key] else { continue }
                    if state.batches[index].batch.answers[key] == nil {
                        state.batches[index].batch.answers[key] = answer
                    }
                }
            }
            state.batches.removeAll { _, batch in
                guard batch.answers.count == batch.questions.count else { return false }
                ready.append(batch)
                return true
            }
            return ready
        }
        for batch in ready {
            batch.asker.resume(returning: .success(batch.questions.map { batch.answers[$0.key] ?? [:] }))
        }
    }

    /// Answers every question, and all to come, with an error.
    func close(_ error: JSONRPCError) {
        let batches = state.withLock { state in
            state.ending = state.ending ?? error
            defer { state.batches = [] }
            return state.batches
        }
        for (_, batch) in batches { batch.asker.resume(returning: .failure(error)) }
    }
}
