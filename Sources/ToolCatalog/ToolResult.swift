package import JSON

/// The whole answer of a tool: every content block, structured content, metadata.
package struct ToolResult: Sendable, Hashable {
    /// MCP content blocks as they came.
    package var content: [JSONValue]
    package var structuredContent: JSONValue?
    package var isError: Bool
    package var meta: JSONValue?

    package init(
        content: [JSONValue],
        structuredContent: JSONValue? = nil,
        isError: Bool = false,
        meta: JSONValue? = nil
    ) {
        self.content = content
        self.structuredContent = structuredContent
        self.isError = isError
        self.meta = meta
    }

    package static func text(_ text: String, isError: Bool = false) -> ToolResult {
        ToolResult(content: [["type": "text", "text": .string(text)]], isError: isError)
    }

    package static func failure(_ message: String) -> ToolResult { .text(message, isError: true) }

    /// One JSON document as the single text block; an object is the structured content as well.
    package static func json(_ value: JSONValue, isError: Bool = false) -> ToolResult {
        var result = ToolResult.text(value.text(), isError: isError)
        if value.objectValue != nil { result.structuredContent = value }
        return result
    }

    /// Takes over an MCP CallToolResult.
    package init(external: JSONObject) {
        content = external["content"]?.arrayValue ?? []
        structuredContent = external["structuredContent"]
        isError = external["isError"]?.boolValue ?? false
        meta = external["_meta"]
    }

    /// The MCP CallToolResult.
    package var json: JSONObject {
        var object: JSONObject = ["content": .array(content)]
        if let structuredContent { object["structuredContent"] = structuredContent }
        if isError { object["isError"] = true }
        if let meta { object["_meta"] = meta }
        return object
    }

    /// The texts of all text blocks, in order.
    package var texts: [String] {
        content.compactMap { $0["type"]?.stringValue == "text" ? $0["text"]?.stringValue : nil }
    }

    /// What a failed call says, for an error message.
    ///
    /// Of a workflow's whole response document only its `error` is taken: a document within a document's error, level
    /// by level, would grow exponentially.
    package var errorText: String {
        let text = texts.joined(separator: "\n")
        if text.first == "{", let document = try? JSONValue(parsing: text), document["execution_id"] != nil,
            let error = document["error"]?.stringValue ?? document["output_error"]?.stringValue
        {
            return error
        }
        if !text.isEmpty { return text }
        return structuredContent?.text() ?? "the tool reported an error without a text"
    }

    /// The value that templates see, and nil when the reply has no text: joined text parsed as JSON where that loses
    /// nothing, else the text itself. See docs/workflows.md.
    ///
    /// Structured content counts where there is no text that is JSON. Many servers wrap whatever is no object as
    /// `{"result": …}` beside texts that do not tell one element from a list of one: what is wrapped counts then.
    package var value: JSONValue? {
        let texts = texts
        guard !texts.isEmpty else { return Self.unwrapped(structuredContent) ?? structuredContent }
        let text = texts.joined(separator: "\n")
        let parsed = try? JSONValue(parsing: text)
        if let wrapped = Self.unwrapped(structuredContent), parsed != structuredContent { return wrapped }
        guard let parsed else { return structuredContent ?? .string(text) }
        if parsed.isNumber { return parsed.text() == text ? parsed : .string(text) }
        return parsed.isNull ? nil : parsed
    }

    private static func unwrapped(_ structured: JSONValue?) -> JSONValue? {
        guard let object = structured?.objectValue, object.count == 1 else { return nil }
        return object["result"]
    }
}
