import Glibc
import JSON
import Synchronization

/// The metrics of the Prometheus stand-in; all are real, of this process and this machine.
final class Metrics: Sendable {
    private struct State {
        var port = 0
        var requests = 0
    }

    private let state = Mutex(State())

    func setPort(_ port: Int) { state.withLock { $0.port = port } }

    func countRequest() { state.withLock { $0.requests += 1 } }

    /// The answer of `/api/v1/query`; an empty vector for a metric that is not known. Source: Prometheus HTTP API v1.
    func answer(_ query: String) -> JSONObject {
        let (port, requests) = state.withLock { ($0.port, $0.requests) }
        var result: [JSONValue] = []
        if let value = Self.value(of: query, requests) {
            let metric: JSONValue = [
                "__name__": .string(query), "instance": .string("127.0.0.1:\(port)"), "job": "prometheus",
            ]
            result.append(["metric": metric, "value": [.integer(Int64(time(nil))), .string(value)]])
        }
        return ["status": "success", "data": ["resultType": "vector", "result": .array(result)]]
    }

    private static func value(of metric: String, _ requests: Int) -> String? {
        switch metric {
        case "up": return "1"
        case "prometheus_http_requests_total": return "\(requests)"
        case "node_load1":
            var load = [0.0]
            return getloadavg(&load, 1) == 1 ? "\(load[0])" : nil
        default: return nil
        }
    }
}
