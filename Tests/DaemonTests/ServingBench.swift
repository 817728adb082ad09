import Daemon
import JSON
import MCPProtocol
import MCPTransports
import TestSupport
import Testing
import ToolBridges

/// A muster as its clients see it, without a transport.
extension MusterBench {
    /// What a client of the modern era gets that can fill in forms.
    static func request(
        tasks: Bool = false,
        forms: Bool = false,
        input: MCPInput? = nil,
        version: MCPVersion = .modern
    ) -> MCPRequestContext {
        var request = MCPRequestContext(
            transport: .http,
            version: version,
            clientCapabilities: forms ? ["elicitation": ["form": [:]]] : [:]
        )
        request.declaresTasks = tasks
        request.canAsk = forms
        request.input = input
        return request
    }

    func outcome(_ operation: MCPOperation, _ request: MCPRequestContext = request()) async throws -> MCPOutcome {
        try await muster.handler.perform(operation, request)
    }

    /// The members of a plain result.
    func result(_ operation: MCPOperation, _ request: MCPRequestContext = request()) async throws -> JSONObject {
        try await outcome(operation, request).plain
    }

    func listedTools(version: MCPVersion = .modern) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        var cursor: String?
        repeat {
            guard
                case .tools(.encoded(let bytes), let next) = try await outcome(
                    .listTools(cursor: cursor),
                    Self.request(version: version)
                )
            else { throw Surprise() }
            all += try JSONValue(parsing: bytes).arrayValue ?? []
            cursor = next
        } while cursor != nil
        return all
    }
}

/// An outcome of another kind than expected.
struct Surprise: Error {}

extension MCPOutcome {
    var plain: JSONObject {
        get throws {
            guard case .complete(let result, _) = self else { throw Surprise() }
            return result
        }
    }

    var task: MCPTask {
        get throws {
            guard case .task(let task) = self else { throw Surprise() }
            return task
        }
    }

    var need: MCPInputNeed {
        get throws {
            guard case .inputRequired(let need) = self else { throw Surprise() }
            return need
        }
    }
}

extension JSONObject {
    var text: String { self["content"]?[0]?["text"]?.stringValue ?? "" }
    var isError: Bool { self["isError"] == true }
}
