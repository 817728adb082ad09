import Dispatch
import Storage
import Synchronization

/// Group commit: one writer takes everything that is queued, writes it in one transaction with one sync, and wakes all
/// who wait for it. While it writes, the next group gathers.
final class CommitQueue: Sendable {
    private struct Waiter: Sendable {
        var ticket: UInt64
        var continuation: CheckedContinuation<StoreError?, Never>
    }

    private struct State: Sendable {
        var queued: [JournalBatch] = []
        var lastTicket: UInt64 = 0
        /// Everything up to here is decided: durable, or in `failures`.
        var settled: UInt64 = 0
        var failures: [UInt64: StoreError] = [:]
        var waiters: [Waiter] = []
        var isDraining = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "muster.store.writer", qos: .userInitiated)
    /// Writes batches in order; an error per batch that failed. Called on the writer's queue only.
    private let write: @Sendable ([JournalBatch]) -> [Int: StoreError]

    init(write: @escaping @Sendable ([JournalBatch]) -> [Int: StoreError]) { self.write = write }

    func append(_ batch: JournalBatch) -> CommitTicket {
        let (ticket, wakesWriter) = state.withLock { state in
            state.lastTicket += 1
            state.queued.append(batch)
            let wakes = !state.isDraining
            state.isDraining = true
            return (state.lastTicket, wakes)
        }
        if wakesWriter { queue.async { self.drain() } }
        return CommitTicket(number: ticket)
    }

    func wait(for ticket: CommitTicket) async throws(StoreError) {
        let failure = await withCheckedContinuation { continuation in
            let settled: StoreError?? = state.withLock { state in
                if ticket.number <= state.settled { return .some(state.failures[ticket.number]) }
                state.waiters.append(Waiter(ticket: ticket.number, continuation: continuation))
                return nil
            }
            if let settled { continuation.resume(returning: settled) }
        }
        if let failure { throw failure }
    }

    private func drain() {
        while true {
            let (batches, first): ([JournalBatch], UInt64) = state.withLock { state in
                let batches = state.queued
                state.queued = []
                if batches.isEmpty { state.isDraining = false }
                return (batches, state.lastTicket - UInt64(batches.count) + 1)
            }
            if batches.isEmpty { return }
            let failures = write(batches)
            let last = first + UInt64(batches.count) - 1
            let woken: [(Waiter, StoreError?)] = state.withLock { state in
                for (index, failure) in failures { state.failures[first + UInt64(index)] = failure }
                state.settled = last
                let ready = state.waiters.filter { $0.ticket <= last }
                state.waiters.removeAll { $0.ticket <= last }
                return ready.map { ($0, state.failures[$0.ticket]) }
            }
            for (waiter, failure) in woken { waiter.continuation.resume(returning: failure) }
        }
    }
}
