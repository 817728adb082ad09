import JSON
package import MCPProtocol
package import ToolCatalog

/// How tools are written for clients of different versions.
package enum ToolDialect: Hashable, Sendable {
    case modern
    /// Sessions that are told which tools can be tasks.
    case sessionsWithTasks
    case sessions

    package init(_ version: MCPVersion) {
        self =
            switch version {
            case .modern: .modern
            case .sessionTasks: .sessionsWithTasks
            default: .sessions
            }
    }

    func form(of tool: ToolDescriptor) -> JSONObject {
        if self == .modern { return tool.json }
        var form = LegacySchemas.adapted(tool.json)
        if self == .sessionsWithTasks, tool.runsAsTask { form["execution"] = ["taskSupport": "optional"] }
        return form
    }
}

/// Tools as they were written last for clients of one dialect. Those that have not changed are not written again.
package struct ToolEncodings: Sendable {
    private struct Encoding: Sendable {
        var tool: ToolDescriptor
        var bytes: [UInt8]
    }

    private let dialect: ToolDialect
    private var encodings: [String: Encoding] = [:]
    /// How many tools have been written so far.
    package private(set) var writtenCount = 0

    package init(_ dialect: ToolDialect) { self.dialect = dialect }

    /// The JSON array of these tools.
    ///
    /// - Parameter count: of all tools that are listed: those that are gone are forgotten when they are more.
    package mutating func array(of tools: ArraySlice<ToolDescriptor>, outOf count: Int) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (position, tool) in tools.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += encoded(tool)
        }
        bytes.append(UInt8(ascii: "]"))
        if encodings.count > 2 * count {
            let present = Set(tools.map(\.name))
            encodings = encodings.filter { present.contains($0.key) }
        }
        return bytes
    }

    private mutating func encoded(_ tool: ToolDescriptor) -> [UInt8] {
        if let known = encodings[tool.name], known.tool.isSame(as: tool) { return known.bytes }
        let bytes = JSONValue.object(dialect.form(of: tool)).bytes()
        encodings[tool.name] = Encoding(tool: tool, bytes: bytes)
        writtenCount += 1
        return bytes
    }
}
