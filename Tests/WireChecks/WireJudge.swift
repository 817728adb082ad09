import JSON

package enum WireSide: String, Sendable, Hashable {
    case client, server

    var other: WireSide { self == .client ? .server : .client }
}

/// Follows the messages of one connection and holds each against the schema of the revision that is spoken.
package struct WireJudge {
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package var sender: WireSide
        package var message: String
        package var problem: String

        package var description: String { "\(sender.rawValue) sent \(message.prefix(600)): \(problem)" }
    }

    private struct Asked: Hashable {
        var sender: WireSide
        var id: String
    }

    private struct Question {
        var method: String
        var revision: WireSchemas.Revision
        /// Whether it asks for a task in place of a result.
        var wantsTask = false
    }

    package private(set) var findings: [Finding] = []
    /// How many messages were held against which definition.
    package private(set) var counts: [String: Int] = [:]
    private let schemas: WireSchemas
    private var revision: WireSchemas.Revision
    private let seesBothSides: Bool
    private var open: [Asked: Question] = [:]

    /// - Parameters:
    ///   - revision: what is spoken until a request says otherwise.
    ///   - seesBothSides: whether every answer comes by, so that an id is free again after it and not before.
    package init(_ schemas: WireSchemas, revision: WireSchemas.Revision = .legacy, seesBothSides: Bool = true) {
        self.seesBothSides = seesBothSides
        self.schemas = schemas
        self.revision = revision
    }

    /// The other end has been replaced by a new one, which knows nothing of the requests before.
    package mutating func begin() { open = [:] }

    /// Takes one line or body.
    package mutating func add(_ text: String, from sender: WireSide) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            findings.append(Finding(sender: sender, message: text, problem: "no JSON: \(error)"))
            return
        }
        for message in value.arrayValue ?? [value] { add(message, from: sender) }
    }

    private mutating func add(_ message: JSONValue, from sender: WireSide) {
        let id = message["id"].map { $0.text() }
        guard let method = message["method"]?.stringValue else { return addAnswer(message, id, from: sender) }
        // What was asked before without being answered is answered in the revision in which it was asked.
        if sender == .client { revision = Self.revision(of: message, method) ?? revision }
        if let id {
            let asked = Asked(sender: sender, id: id)
            if seesBothSides, open[asked] != nil {
                find(message, sender, "the id is that of a request that has not been answered")
            }
            open[asked] = Question(
                method: method,
                revision: revision,
                wantsTask: revision == .legacy && message["params"]?["task"]?.objectValue != nil
            )
            if sender == .server, revision == .modern {
                find(message, sender, "servers send no requests in this revision")
            }
        }
        // The extension has no published schema.
        if revision == .modern, method.hasPrefix("tasks/") || method == "notifications/tasks" { return }
        guard let definition = schemas.message(method, revision) else {
            return find(message, sender, "\(revision.rawValue) has no method \(method)")
        }
        hold(message, definition, message, sender, revision)
    }

    private mutating func addAnswer(_ message: JSONValue, _ id: String?, from sender: WireSide) {
        let question = id.flatMap { open.removeValue(forKey: Asked(sender: sender.other, id: $0)) }
        let spoken = question?.revision ?? revision
        guard let result = message["result"] else {
            let definition = spoken == .modern ? Self.errors[message["error"]?["code"]?.integerValue ?? 0] : nil
            return hold(message, definition ?? "JSONRPCErrorResponse", message, sender, spoken)
        }
        hold(message, "JSONRPCResultResponse", message, sender, spoken)
        guard let question else { return }
        switch result["resultType"]?.stringValue {
        case "task" where spoken == .modern: return
        case "input_required" where spoken == .modern: hold(result, "InputRequiredResult", message, sender, spoken)
        case _ where question.wantsTask && result["task"] != nil:
            hold(result, "CreateTaskResult", message, sender, spoken)
        default: hold(result, schemas.result(of: question.method, spoken), message, sender, spoken)
        }
    }

    /// Errors of 2026-07-28 with a definition of their own.
    private static let errors: [Int64: String] = [
        -32020: "HeaderMismatchError", -32021: "MissingRequiredClientCapabilityError",
        -32022: "UnsupportedProtocolVersionError",
    ]

    private static func revision(of message: JSONValue, _ method: String) -> WireSchemas.Revision? {
        if method == "initialize" { return .legacy }
        let meta = message["params"]?["_meta"]
        if meta?["io.modelcontextprotocol/protocolVersion"] != nil { return .modern }
        // Notifications carry no envelope in either revision.
        return message["id"] == nil ? nil : .legacy
    }

    private mutating func hold(
        _ value: JSONValue,
        _ definition: String,
        _ message: JSONValue,
        _ sender: WireSide,
        _ revision: WireSchemas.Revision
    ) {
        counts["\(sender.rawValue) \(revision.rawValue) \(definition)", default: 0] += 1
        for problem in schemas.violations(value, definition, revision) {
            find(message, sender, "\(revision.rawValue) \(definition) \(problem)")
        }
    }

    private mutating func find(_ message: JSONValue, _ sender: WireSide, _ problem: String) {
        findings.append(Finding(sender: sender, message: message.text(), problem: problem))
    }
}
