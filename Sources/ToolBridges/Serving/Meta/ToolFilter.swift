import JSON
import ToolCatalog

/// `filter_tools` and `list_core_tools`: finds tools without showing all of them. See docs/tools.md.
struct ToolFilter {
    private static let summaryLength = 120

    private var pattern: String?
    private var descriptionFilter: String?
    private var query: String?
    private var labels: JSONObject?
    private var isCaseSensitive: Bool
    private var includesSchema: Bool
    private var limit: Int
    private var offset: Int

    init(_ arguments: CoreArguments) throws(CoreToolFailure) {
        func given(_ name: String) throws(CoreToolFailure) -> String? {
            try arguments.text(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        pattern = try given("pattern")
        descriptionFilter = try given("description_filter")
        query = try given("query")
        labels = try arguments.object("labels")
        isCaseSensitive = try arguments.flag("case_sensitive", default: false)
        includesSchema = try arguments.flag("include_schema", default: false)
        limit = try arguments.integer("limit", default: 5)
        guard limit >= 1 else { throw CoreToolFailure("limit must be at least 1") }
        offset = try arguments.integer("offset", default: 0)
        guard offset >= 0 else { throw CoreToolFailure("offset must be at least 0") }
    }

    /// All tools of the core.
    init(coreWithSchema includesSchema: Bool) {
        pattern = "core*"
        isCaseSensitive = false
        self.includesSchema = includesSchema
        limit = .max
        offset = 0
    }

    func response(_ tools: [ToolDescriptor]) throws(CoreToolFailure) -> ToolResult {
        guard !tools.isEmpty else { return .text("No tools available to filter") }
        let matches = ranked(try matching(tools))
        let page = matches.dropFirst(offset).prefix(limit)
        return .json([
            "filters": .object(filters(matches.count)), "total_tools": .integer(Int64(tools.count)),
            "filtered_count": .integer(Int64(page.count)), "total": .integer(Int64(matches.count)),
            "truncated": .bool(offset < matches.count && offset + page.count < matches.count),
            "tools": .array(page.map { .object(line($0.tool, $0.score)) }),
        ])
    }

    private func matching(_ tools: [ToolDescriptor]) throws(CoreToolFailure) -> [ToolDescriptor] {
        var glob: GlobPattern?
        if let pattern {
            do throws(GlobPattern.Invalid) {
                glob = try GlobPattern(pattern, ignoresCase: !isCaseSensitive)
            } catch {
                throw CoreToolFailure("Invalid pattern \"\(pattern)\": syntax error in pattern")
            }
        }
        let part = descriptionFilter.map { isCaseSensitive ? $0 : $0.lowercased() }
        return tools.filter { tool in
            if let glob, !glob.matches(tool.name) { return false }
            if let part, !(isCaseSensitive ? tool.description : tool.description.lowercased()).contains(part) {
                return false
            }
            guard let labels else { return true }
            let carried = Self.labels(of: tool)
            return labels.allSatisfy { carried?[$0] == $1 }
        }
    }

    private func ranked(_ tools: [ToolDescriptor]) -> [(tool: ToolDescriptor, score: Double?)] {
        guard let query else { return tools.map { ($0, nil) } }
        let ranking = ToolRanking(tools.map { ToolRanking.Document(name: $0.name, firstLine: Self.firstLine($0)) })
        return ranking.ranked(query).map { (tools[$0.position], $0.score) }
    }

    private func filters(_ count: Int) -> JSONObject {
        var filters = JSONObject()
        if let pattern { filters["pattern"] = .string(pattern) }
        if let descriptionFilter { filters["description_filter"] = .string(descriptionFilter) }
        if let query { filters["query"] = .string(query) }
        if let labels { filters["labels"] = .object(labels) }
        filters["case_sensitive"] = .bool(isCaseSensitive)
        filters["include_schema"] = .bool(includesSchema)
        filters["limit"] = .integer(Int64(limit == .max ? count : limit))
        filters["offset"] = .integer(Int64(offset))
        return filters
    }

    private func line(_ tool: ToolDescriptor, _ score: Double?) -> JSONObject {
        var line: JSONObject = ["name": .string(tool.name)]
        if includesSchema {
            line["description"] = .string(tool.description)
        } else {
            line["summary"] = .string(Self.summary(tool))
        }
        // Four decimals; what rounds to nothing is more than nothing.
        if let score { line["score"] = .double(max((score * 10_000).rounded(), 1) / 10_000) }
        if let labels = Self.labels(of: tool) { line["labels"] = .object(labels) }
        if includesSchema { line["inputSchema"] = .object(tool.inputSchema) }
        return line
    }

    static func labels(of tool: ToolDescriptor) -> JSONObject? {
        tool.originalName == nil ? tool.extras["_meta"]?["labels"]?.objectValue : nil
    }

    private static func firstLine(_ tool: ToolDescriptor) -> String {
        let line = tool.description.prefix { !$0.isNewline }
        let start = line.drop(while: \.isWhitespace)
        return String(start.prefix(start.count - start.reversed().prefix(while: \.isWhitespace).count))
    }

    private static func summary(_ tool: ToolDescriptor) -> String {
        let line = firstLine(tool)
        return line.count > summaryLength ? line.prefix(summaryLength) + "..." : line
    }
}
