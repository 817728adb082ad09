import Foundation
import JSON
import SchemaValidation

/// The official test suite, found beside the project; absent in most checkouts.
struct SchemaSuite {
    struct Group {
        var file: String
        var description: String
        var schema: JSONValue
        var tests: [JSONValue]
    }

    /// How one file fared.
    struct Outcome {
        var file: String
        var passed = 0
        var failures: [String] = []
    }

    let root: URL

    /// Nil, with a printed message, where the suite is not there.
    init?(_ filePath: String = #filePath) {
        var folder = URL(fileURLWithPath: filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        root = folder.deletingLastPathComponent().appendingPathComponent("shared/json-schema-test-suite")
        guard FileManager.default.fileExists(atPath: root.path) else {
            print("skipped: \(root.path) is not there")
            return nil
        }
    }

    /// Documents that the suite expects under http://localhost:1234/.
    func documents() throws -> [String: JSONValue] {
        let remotes = root.appendingPathComponent("remotes")
        var documents: [String: JSONValue] = [:]
        for case let file as URL in FileManager.default.enumerator(at: remotes, includingPropertiesForKeys: nil)
            ?? .init()
        where file.pathExtension == "json" {
            let name = String(file.standardizedFileURL.path.dropFirst(remotes.standardizedFileURL.path.utf8.count + 1))
            documents["http://localhost:1234/" + name] = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        }
        return documents
    }

    /// Names of the files in a folder of the suite, without `.json`, sorted.
    func files(in folder: String) throws -> [String] {
        let place = root.appendingPathComponent("tests/draft2020-12/" + folder)
        return try FileManager.default.contentsOfDirectory(atPath: place.path)
            .filter { $0.hasSuffix(".json") }.map { folder + String($0.dropLast(5)) }.sorted()
    }

    func groups(in file: String) throws -> [Group] {
        let place = root.appendingPathComponent("tests/draft2020-12/\(file).json")
        let json = try JSONValue(parsing: [UInt8](Data(contentsOf: place)))
        return (json.arrayValue ?? []).map { group in
            Group(
                file: file,
                description: group["description"]?.stringValue ?? "",
                schema: group["schema"] ?? .null,
                tests: group["tests"]?.arrayValue ?? []
            )
        }
    }

    /// Runs every case of a file, by the quick answer and by the full one.
    func run(_ file: String, options: SchemaOptions) throws -> Outcome {
        var outcome = Outcome(file: file)
        for group in try groups(in: file) {
            let schema: Schema
            do throws(SchemaError) {
                schema = try Schema(group.schema, options: options)
            } catch {
                outcome.failures.append("\(group.description): \(error)")
                continue
            }
            for test in group.tests {
                let data = test["data"] ?? .null
                let expected = test["valid"]?.boolValue ?? false
                let name = "\(group.description): \(test["description"]?.stringValue ?? "")"
                guard schema.isValid(data) == expected else {
                    outcome.failures.append("\(name): expected \(expected)")
                    continue
                }
                let result = schema.validate(data)
                guard result.isValid == expected else {
                    outcome.failures.append("\(name): the full answer differs from the quick one")
                    continue
                }
                if let vague = result.errors.first(where: { $0.message.hasSuffix("does not satisfy the schema") }) {
                    outcome.failures.append("\(name): no reason found: \(vague)")
                    continue
                }
                outcome.passed += 1
            }
        }
        return outcome
    }
}
