import Foundation
import JSON

/// Parses and writes the documents, with this project's JSON and with Foundation's, one after the other.
struct JSONBenchmark {
    /// Time per document, direction and repetition.
    var milliseconds: Int
    var repetitions: Int

    func run() throws {
        for _ in 0..<repetitions {
            for document in JSONDocuments.make() { try measure(document) }
        }
    }

    /// Writes the documents into `folder`, for a program in another language.
    static func writeDocuments(into folder: String) throws {
        for document in JSONDocuments.make() {
            try Data(document.text).write(to: URL(fileURLWithPath: folder + "/\(document.name).json"))
        }
    }

    private func measure(_ document: JSONDocuments.Document) throws {
        let value = try JSONValue(parsing: document.text)
        guard value.bytes() == document.text else {
            throw BenchmarkError("\(document.name) is not written as it was read")
        }
        let data = Data(document.text)
        let object = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        Report.line([
            "document": .string(document.name), "bytes": .integer(Int64(document.text.count)),
            "parse": .double(try nanoseconds { _ = try JSONValue(parsing: document.text) }),
            "write": .double(try nanoseconds { _ = value.bytes() }),
            "foundation_parse": .double(
                try nanoseconds { _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) }
            ),
            "foundation_write": .double(
                try nanoseconds { _ = try JSONSerialization.data(withJSONObject: object, options: .fragmentsAllowed) }
            ),
        ])
    }

    /// The time of one call, in rounds that double until they are long enough to be measured.
    private func nanoseconds(_ body: () throws -> Void) throws -> Double {
        let clock = ContinuousClock()
        let budget = Duration.milliseconds(milliseconds)
        var rounds = 0
        var batch = 1
        let start = clock.now
        var took = Duration.zero
        while took < budget {
            for _ in 0..<batch { try body() }
            rounds += batch
            batch = min(batch * 2, 256)
            took = clock.now - start
        }
        return took.inSeconds * 1e9 / Double(rounds)
    }
}
