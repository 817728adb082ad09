import JSON
import MCPTransports
import ToolCatalog

/// The task that a call has become at a server, as an execution remembers it: the server and the task's id there.
enum ExternalTask {
    static func handle(_ id: String, of server: String) -> JSONObject {
        ["server": .string(server), "task": .string(id)]
    }

    /// The id of the task that is to be taken up again; nil for a call that is to be made.
    ///
    /// - Throws: `.lost` when the tool is another server's now.
    static func id(
        in handover: CallHandover?,
        of server: String,
        _ name: String
    ) throws(ToolCallError) -> String? {
        guard let handle = handover?.handle else { return nil }
        guard handle["server"]?.stringValue == server, let id = handle["task"]?.stringValue else {
            throw ToolCallError(.lost, "\(name): its task was given to another server")
        }
        return id
    }

    /// Whether it remains unknown what became of a task that was to be taken up again.
    static func isLost(_ error: MCPClientError) -> Bool {
        switch error.code {
        // The task has ended, or we have ended it.
        case .remote, .invalidResponse, .timedOut, .cancelled, .inputRequired: false
        default: true
        }
    }
}
