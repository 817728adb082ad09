import Engine
package import JSON
package import MCPProtocol
import Synchronization
package import ToolCatalog
package import WorkflowLoading
import WorkflowModel

/// The tools as clients see them: the catalogue's with titles, schemas of results and hints, and the meta tools. Made
/// once per change, as bytes.
package final class ServedTools: Sendable {
    /// Tools of one page of `tools/list`: as many as clients take that do not ask for the second page.
    package static let pageSize = 1000

    private struct Page: Sendable {
        var bytes: [UInt8]
        var next: String?
    }

    private struct Snapshot: Sendable {
        var generation: WorkflowAvailability.Generation
        /// Of the catalogue, ordered by name.
        var tools: [ToolDescriptor]
        var positions: [String: Int]
        /// What is listed, ordered by name.
        var listed: [ToolDescriptor]
        /// By dialect, and by the cursor that asks for the page; empty for the first.
        var pages: [ToolDialect: [String: Page]] = [:]
    }

    private let catalog: ToolCatalog
    private let registry: DefinitionRegistry
    private let availability: WorkflowAvailability
    private let exposure: ToolExposure
    private let snapshot = Mutex<Snapshot?>(nil)
    private let encodings = Mutex<[ToolDialect: ToolEncodings]>([:])

    package init(
        catalog: ToolCatalog,
        registry: DefinitionRegistry,
        availability: WorkflowAvailability,
        exposure: ToolExposure
    ) {
        self.catalog = catalog
        self.registry = registry
        self.availability = availability
        self.exposure = exposure
    }

    /// All but the meta tools, ordered by name.
    package var all: [ToolDescriptor] { current().tools }

    /// Of any tool but the meta tools.
    package func descriptor(of name: String) -> ToolDescriptor? {
        let snapshot = current()
        return snapshot.positions[name].map { snapshot.tools[$0] }
    }

    package func inputSchema(of name: String) -> JSONObject? {
        catalog.descriptor(of: name)?.inputSchema
    }

    /// One page of the answer to `tools/list`.
    package func page(after cursor: String?, for version: MCPVersion) throws(JSONRPCError) -> MCPOutcome {
        let current = current()
        let dialect = ToolDialect(version)
        if let page = current.pages[dialect]?[cursor ?? ""] {
            return .tools(.encoded(page.bytes), nextCursor: page.next)
        }
        let slice = try PageCursor.page(of: current.listed, after: cursor, size: Self.pageSize) { $0.name }
        let bytes = encodings.withLock {
            $0[dialect, default: ToolEncodings(dialect)].array(of: slice.items, outOf: current.listed.count)
        }
        let page = Page(bytes: bytes, next: slice.next)
        // Only cursors that the present list gives out are kept, so that there are as many as it has pages.
        let isOurs = cursor == nil || (slice.items.startIndex % Self.pageSize == 0 && !slice.items.isEmpty)
        if isOurs {
            snapshot.withLock { snapshot in
                guard snapshot?.generation == current.generation else { return }
                snapshot?.pages[dialect, default: [:]][cursor ?? ""] = page
            }
        }
        return .tools(.encoded(page.bytes), nextCursor: page.next)
    }

    private func current() -> Snapshot {
        let generation = availability.generation
        if let known = snapshot.withLock({ $0?.generation == generation ? $0 : nil }) { return known }
        let fresh = make(generation)
        snapshot.withLock { $0 = fresh }
        return fresh
    }

    private func make(_ generation: WorkflowAvailability.Generation) -> Snapshot {
        let facets = WorkflowFacets(registry: registry, catalog: catalog)
        let tools = catalog.tools.map { served($0, facets) }
        var listed: [ToolDescriptor] = exposure == .meta ? [] : tools
        if exposure != .native {
            listed += MetaTools.descriptors
            listed.sort { $0.name < $1.name }
        }
        let positions = Dictionary(tools.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Snapshot(generation: generation, tools: tools, positions: positions, listed: listed)
    }

    private func served(_ tool: ToolDescriptor, _ facets: WorkflowFacets) -> ToolDescriptor {
        guard tool.originalName == nil else { return tool }
        var served = tool
        let title: String
        if tool.name.hasPrefix(WorkflowDefinition.toolPrefix) {
            let name = tool.name.dropFirst(WorkflowDefinition.toolPrefix.count)
            title = ToolTitle.make(name)
            if let workflow = registry.workflow(String(name))?.workflow {
                served.annotations = facets.annotations(of: workflow)
                served.extras["outputSchema"] = WorkflowFacets.outputSchema(of: workflow)
            }
        } else {
            title = ToolTitle.make(tool.name.hasPrefix("core_") ? tool.name.dropFirst(5) : tool.name[...])
        }
        if served.extras["title"] == nil { served.extras["title"] = .string(title) }
        return served
    }
}

/// Schemas as clients of sessions understand them.
enum LegacySchemas {
    /// Their properties' schemas are objects, and what a tool gives is one.
    static func adapted(_ tool: JSONObject) -> JSONObject {
        var adapted = tool
        if let output = tool["outputSchema"], output["type"] != "object" { adapted["outputSchema"] = nil }
        guard let properties = tool["inputSchema"]?["properties"]?.objectValue,
            properties.contains(where: { $1.boolValue != nil })
        else { return adapted }
        let plain = properties.map { name, schema -> (String, JSONValue) in
            switch schema {
            case .bool(true): (name, [:])
            case .bool(false): (name, ["not": [:]])
            default: (name, schema)
            }
        }
        var schema = tool["inputSchema"]?.objectValue ?? [:]
        schema["properties"] = .object(JSONObject(plain))
        adapted["inputSchema"] = .object(schema)
        return adapted
    }
}
