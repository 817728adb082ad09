/// Finds the key that was probably meant.
enum NearestKey {
    /// Members that are looked at, and bytes of a key that is compared: a hint must not cost more than the search.
    private static let memberLimit = 1000
    private static let sizeLimit = 100

    /// The first key that differs from `word` in the case of ASCII letters only, or by one byte more, less or other, or by two
    /// neighbours that changed places; nil when there is none.
    static func find(_ word: String, in object: JSONObject) -> String? {
        let wanted = lowercased(word)
        guard wanted.count > 1, wanted.count <= sizeLimit else { return nil }
        return object.prefix(memberLimit).first { isSlip(wanted, lowercased($0.0)) }?.0
    }

    private static func lowercased(_ word: String) -> [UInt8] {
        word.utf8.prefix(sizeLimit + 2).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    private static func isSlip(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard abs(left.count - right.count) <= 1 else { return false }
        // What is left between the common beginning and the common end is the slip.
        var start = 0
        while start < min(left.count, right.count), left[start] == right[start] { start += 1 }
        var end = 0
        while end < min(left.count, right.count) - start,
            left[left.count - 1 - end] == right[right.count - 1 - end]
        { end += 1 }
        let (a, b) = (left[start..<(left.count - end)], right[start..<(right.count - end)])
        return a.count <= 1 && b.count <= 1 || a.count == 2 && b.elementsEqual(a.reversed())
    }
}
