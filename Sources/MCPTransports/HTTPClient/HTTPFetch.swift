import MCPProtocol
import Synchronization

/// A whole answer.
package struct HTTPResponse: Sendable {
    package var head: HTTPHead
    package var body: [UInt8]
}

extension HTTPClientRequest {
    private final class Collector: Sendable {
        struct State: Sendable {
            var head = HTTPHead(status: 0, fields: [])
            var body: [UInt8] = []
            var transfer: HTTPTransfer?
            var isCancelled = false
        }

        let state = Mutex(State())
    }

    /// Sends the request and gives the answer, whatever its status; redirects are not followed.
    ///
    /// - Parameter limit: bytes of the body; a longer one is a failure.
    package func fetch(limit: Int) async -> Result<HTTPResponse, HTTPFailure> {
        let collector = Collector()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let transfer = HTTPTransfer(
                    self,
                    HTTPTransfer.Events(
                        onHead: { head in collector.state.withLock { $0.head = head } },
                        onBody: { bytes in
                            collector.state.withLock { state in
                                guard state.body.count + bytes.count <= limit else { return false }
                                state.body.append(contentsOf: bytes)
                                return true
                            }
                        },
                        onEnd: { failure in
                            let response = collector.state.withLock { HTTPResponse(head: $0.head, body: $0.body) }
                            continuation.resume(returning: failure.map { .failure($0) } ?? .success(response))
                        }
                    )
                )
                let isCancelled = collector.state.withLock { state in
                    state.transfer = transfer
                    return state.isCancelled
                }
                if isCancelled { transfer.cancel() }
            }
        } onCancel: {
            let transfer = collector.state.withLock { state in
                state.isCancelled = true
                return state.transfer
            }
            transfer?.cancel()
        }
    }
}
