import JSON

/// Something that clients may want to hear of.
package enum ServerNews: Hashable, Sendable {
    case listChanged(MCPListChange)
    case resourceUpdated(uri: String)
    /// A task is in another state.
    case task(MCPTask)
}

/// What a host has to watch because somebody wants to hear of it.
package enum MCPInterest: Hashable, Sendable {
    case resource(uri: String)
    case task(id: String)

    /// Whether news of a resource is for somebody who waits for one of these: for itself, or for one that it is a part
    /// of. Source: MCP, `server/resources`, "Subscriptions".
    static func covers(_ uri: String, _ waitedFor: Set<String>) -> Bool {
        guard !waitedFor.isEmpty, !waitedFor.contains(uri) else { return !waitedFor.isEmpty }
        var rest = uri[...]
        for _ in 0..<levelLimit {
            guard let slash = rest.lastIndex(of: "/") else { return false }
            if waitedFor.contains(String(rest[...slash])) || waitedFor.contains(String(rest[..<slash])) { return true }
            rest = rest[..<slash]
        }
        return false
    }

    /// Segments of a URI that are taken off one by one.
    private static let levelLimit = 16
}

/// A client's wish to hear of changes (`subscriptions/listen`).
package struct ServerListen: Hashable, Sendable {
    package var id: JSONRPCID
    package var changes: Set<MCPListChange>
    /// Empty when none were asked for.
    package var resourceURIs: Set<String>
    package var taskIDs: Set<String>
    private var honoured: JSONObject
    private let serverInfo: MCPImplementation

    /// Most URIs, and most tasks, in one filter.
    package static let limit = 1000

    init(_ request: JSONRPCRequest, envelope: RequestEnvelope, profile: MCPServerProfile) throws(JSONRPCError) {
        guard case .object(let filter)? = request.params["notifications"] else {
            throw .invalidParams("params.notifications must be an object")
        }
        id = request.id
        serverInfo = profile.info
        let offered = MCPListChange.allCases.filter { profile.features.contains($0.feature) }
        changes = Set(offered.filter { filter[$0.filterKey]?.boolValue == true })
        honoured = JSONObject(offered.filter(changes.contains).map { ($0.filterKey, true) })
        let uris = profile.features.contains(.resources) ? try Self.texts(filter, "resourceSubscriptions") : nil
        resourceURIs = Set(uris ?? [])
        if let uris { honoured["resourceSubscriptions"] = .array(uris.map { .string($0) }) }
        let tasks = profile.features.contains(.tasks) ? try Self.texts(filter, "taskIds") : nil
        if tasks != nil { try ModernServer.requireTasks(envelope, for: "listening to tasks") }
        taskIDs = Set(tasks ?? [])
        if let tasks { honoured["taskIds"] = .array(tasks.map { .string($0) }) }
    }

    private static func texts(_ filter: JSONObject, _ key: String) throws(JSONRPCError) -> [String]? {
        guard let value = filter[key], !value.isNull else { return nil }
        guard let list = value.arrayValue else { throw .invalidParams("params.notifications.\(key) must be an array") }
        guard list.count <= limit else {
            throw .invalidParams("params.notifications.\(key) has more than \(limit) elements")
        }
        var texts: [String] = []
        for element in list {
            guard let text = element.stringValue else {
                throw .invalidParams("params.notifications.\(key) must have strings only")
            }
            texts.append(text)
        }
        return texts
    }

    package var interests: Set<MCPInterest> {
        Set(resourceURIs.map { .resource(uri: $0) }).union(taskIDs.map { .task(id: $0) })
    }

    private var tag: JSONValue { .object(JSONObject([(MCPMetaKeys.subscriptionID, id.json)])) }

    package var acknowledgement: [UInt8] {
        JSONRPCEncoder.notification(
            method: "notifications/subscriptions/acknowledged",
            params: ["_meta": tag, "notifications": .object(honoured)]
        )
    }

    /// Nil when the client did not ask for it.
    package func notification(_ news: ServerNews) -> [UInt8]? {
        switch news {
        case .listChanged(let change):
            guard changes.contains(change) else { return nil }
            return JSONRPCEncoder.notification(method: change.method, params: ["_meta": tag])
        case .resourceUpdated(let uri):
            guard MCPInterest.covers(uri, resourceURIs) else { return nil }
            let params: JSONObject = ["_meta": tag, "uri": .string(uri)]
            return JSONRPCEncoder.notification(method: "notifications/resources/updated", params: params)
        case .task(let task):
            guard taskIDs.contains(task.id) else { return nil }
            var params = task.detail
            params["_meta"] = tag
            return JSONRPCEncoder.notification(method: "notifications/tasks", params: params)
        }
    }

    /// Nil when the client did not ask for it.
    package func notification(_ change: MCPListChange) -> [UInt8]? { notification(.listChanged(change)) }

    /// Ends the subscription from our side: the answer to the request.
    package var end: [UInt8] {
        JSONRPCEncoder.result(
            id: id,
            [
                "resultType": "complete",
                "_meta": .object(
                    JSONObject([
                        (MCPMetaKeys.subscriptionID, id.json), (MCPMetaKeys.serverInfo, serverInfo.json),
                    ])
                ),
            ]
        )
    }

    /// What follows on stdio, where nothing else tells that a request is over.
    package var cancellation: [UInt8] {
        JSONRPCEncoder.notification(
            method: "notifications/cancelled",
            params: ["requestId": id.json, "reason": "the server stops"]
        )
    }
}

extension MCPListChange {
    var feature: MCPServerFeatures {
        switch self {
        case .tools: .tools
        case .resources: .resources
        case .prompts: .prompts
        }
    }
}
