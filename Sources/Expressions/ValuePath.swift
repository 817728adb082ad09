package import JSON

/// A path into a JSON value: `a.b.c`, `items[1].name`, `items.1.name`.
///
/// A key that contains the whole path, or its rest, as it stands wins over its segments. See
/// docs/workflows.md.
package struct ValuePath: Sendable, Hashable {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// The value at the path; nil when there is none.
    package func value(in root: JSONValue) -> JSONValue? { Self.find(text[...], in: root) }

    private static func find(_ path: Substring, in value: JSONValue) -> JSONValue? {
        if path.isEmpty { return value }
        if let exact = value[String(path)] { return exact }
        if path.first == "[" {
            guard let close = path.firstIndex(of: "]"),
                let index = Int(path[path.index(after: path.startIndex)..<close])
            else { return nil }
            return value[index].flatMap { find(afterDot(path[path.index(after: close)...]), in: $0) }
        }
        let end = path.firstIndex { $0 == "." || $0 == "[" } ?? path.endIndex
        let segment = String(path[..<end])
        let rest = afterDot(path[end...])
        if let member = value[segment] { return find(rest, in: member) }
        if let index = Int(segment), let element = value[index] { return find(rest, in: element) }
        return nil
    }

    private static func afterDot(_ path: Substring) -> Substring { path.first == "." ? path.dropFirst() : path }
}
