import JSON
import RegularExpressions

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files beside the tests and beside the project.
enum Fixture {
    /// The lines of a file of `Fixtures`.
    static func lines(_ name: String, file: String = #filePath) -> [Substring] {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        return (read("/" + folder + "/Fixtures/" + name) ?? "").split(separator: "\n")
    }

    /// The text of a file of the folder `shared` beside the project, which may be absent.
    static func shared(_ path: String, file: String = #filePath) -> String? {
        let folder = file.split(separator: "/").dropLast(4).joined(separator: "/")
        return read("/" + folder + "/shared/" + path)
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    var number: Int { if case .integer(let value) = self { Int(value) } else { .min } }

    /// Lists of offsets.
    var matches: [[Int]] { (arrayValue ?? []).map { ($0.arrayValue ?? []).map(\.number) } }
}

extension RegularExpression.Match {
    /// Starts and ends, -1 for a group that took no part.
    var offsets: [Int] { ranges.flatMap { $0.map { [$0.lowerBound, $0.upperBound] } ?? [-1, -1] } }
}
