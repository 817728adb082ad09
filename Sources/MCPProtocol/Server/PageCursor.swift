import Checksums

/// Where a page of a list goes on: after the item with this key. It stays good when the list changes.
package struct PageCursor: Hashable, Sendable {
    package var key: String
    private static let prefix = "after:"

    package init(after key: String) { self.key = key }

    /// - Throws: `JSONRPCError` for a text that no list of ours gave out.
    package init(_ text: String) throws(JSONRPCError) {
        guard let bytes = Base64Text.bytes(text.utf8, .url), let decoded = String(validating: bytes, as: UTF8.self),
            decoded.hasPrefix(Self.prefix)
        else { throw Self.unknown }
        key = String(decoded.dropFirst(Self.prefix.count))
    }

    package static let unknown = JSONRPCError.invalidParams(
        "Unknown cursor: lists have to be read from the start again"
    )

    package var text: String { Base64Text.encoded(Array((Self.prefix + key).utf8), .url) }

    /// One page of items that are in ascending order of their keys, and the cursor to the next one.
    package static func page<Item>(
        of items: [Item],
        after cursor: String?,
        size: Int,
        key: (Item) -> String
    ) throws(JSONRPCError) -> (items: ArraySlice<Item>, next: String?) {
        var start = 0
        if let cursor {
            let last = try PageCursor(cursor).key
            var end = items.count
            while start < end {
                let middle = (start + end) / 2
                if key(items[middle]) <= last { start = middle + 1 } else { end = middle }
            }
        }
        let page = items[start...].prefix(size)
        let isLast = page.endIndex == items.endIndex
        return (page, isLast ? nil : page.last.map { PageCursor(after: key($0)).text })
    }
}
