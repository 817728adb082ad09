import Foundation
package import JSON
import SchemaValidation
import Synchronization

/// The published schemas of the protocol's revisions.
///
/// There are two. Messages of older sessions are held against that of 2025-11-25, which has everything that the older
/// ones had.
package final class WireSchemas: Sendable {
    package enum Revision: String, Sendable, Hashable, CaseIterable {
        case legacy = "2025-11-25"
        case modern = "2026-07-28"
    }

    private struct Published: Sendable {
        var document: JSONValue
        /// The definition of each method's message.
        var messages: [String: String]
        var names: Set<String>
    }

    /// nil when `../shared/mcp` is not there, which is said once.
    package static let published: WireSchemas? = {
        do {
            return try WireSchemas()
        } catch {
            print(
                "skipped: messages are not held against the published schemas, ../shared/mcp cannot be read (\(error))"
            )
            return nil
        }
    }()

    private let revisions: [Revision: Published]
    private let compiled = Mutex<[String: Schema]>([:])

    private init() throws {
        let project = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var revisions: [Revision: Published] = [:]
        for revision in Revision.allCases {
            let text = try String(
                contentsOfFile: "/\(project)/shared/mcp/schema-\(revision.rawValue).json",
                encoding: .utf8
            )
            let document = try JSONValue(parsing: text)
            var messages: [String: String] = [:]
            let definitions = document["$defs"]?.objectValue ?? [:]
            for (name, definition) in definitions {
                // An alias of the only notification that clients send.
                guard name != "ClientNotification" else { continue }
                if let method = definition["properties"]?["method"]?["const"]?.stringValue { messages[method] = name }
            }
            revisions[revision] = Published(document: document, messages: messages, names: Set(definitions.keys))
        }
        self.revisions = revisions
    }

    /// The definition of requests or notifications with this method; nil for a method that the revision does not have.
    package func message(_ method: String, _ revision: Revision) -> String? { revisions[revision]?.messages[method] }

    /// The definition of what answers a method.
    package func result(of method: String, _ revision: Revision) -> String {
        guard let request = message(method, revision), request.hasSuffix("Request") else { return "EmptyResult" }
        let name = request.dropLast("Request".utf8.count) + "Result"
        return revisions[revision]?.names.contains(String(name)) == true ? String(name) : "EmptyResult"
    }

    /// What is wrong with a value that should satisfy a definition; empty if nothing is.
    package func violations(_ value: JSONValue, _ definition: String, _ revision: Revision) -> [String] {
        do throws(SchemaError) {
            let schema = try schema(definition, revision)
            // Most values are right, and this way is quick.
            if schema.isValid(value) { return [] }
            return schema.validate(value).errors.map { "\($0.instanceLocation): \($0.message)" }
        } catch {
            return ["the schema itself: \(error)"]
        }
    }

    private func schema(_ definition: String, _ revision: Revision) throws(SchemaError) -> Schema {
        let key = "\(revision.rawValue)#/$defs/\(definition)"
        if let schema = compiled.withLock({ $0[key] }) { return schema }
        let base = "https://schemas.test/"
        let document = revisions[revision]?.document ?? .null
        let schema = try Schema(
            ["$ref": .string(base + key)],
            options: SchemaOptions(documents: [base + revision.rawValue: document])
        )
        compiled.withLock { $0[key] = schema }
        return schema
    }
}
