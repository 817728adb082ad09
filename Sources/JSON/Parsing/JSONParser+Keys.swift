extension JSONParser {
    /// Parses a key and the colon after it, and finds out whether the object already has it.
    @inline(__always)
    mutating func parseKey() throws(JSONError) {
        guard peek() == UInt8(ascii: "\"") else { throw noKey() }
        let start = offset &+ 1
        let scan = try scanString(from: start)
        let key: String
        let hash: UInt64
        if scan.hasEscape {
            key = try parseEscapedString(from: start, isASCII: scan.isASCII)
            hash = key.withBytes { KeyCache.Signature($0, from: 0, count: $0.count).hash }
        } else {
            let count = offset &- start
            let signature = KeyCache.Signature(bytes, from: start, count: count)
            hash = signature.hash
            let place = cache.place(of: hash)
            // Keys of an object with very many members are data: they hardly come again.
            if !cache.isThere || frame.index != nil {
                key = try makeString(from: start, isASCII: scan.isASCII)
            } else if let known = cache.key(at: place, signature, bytes, from: start) {
                key = known
            } else {
                key = try makeString(from: start, isASCII: scan.isASCII)
                cache.remember(key, at: place, signature, from: start)
            }
            offset &+= 1
        }
        skipSpace()
        guard peek() == UInt8(ascii: ":") else { throw unexpectedCharacter(expected: "':'") }
        offset &+= 1
        addKey(key, hash: hash, at: start &- 1)
    }

    @inline(__always)
    private mutating func addKey(_ key: String, hash: UInt64, at place: Int) {
        let bit = 1 &<< (hash >> 58)
        let count = keys.count &- frame.firstKey
        if frame.seenKeys & bit != 0 || count >= JSONObject.linearLimit, let position = position(ofEarlier: key) {
            frame.replaced = position
            if let isFull = duplicates?.isFull {
                let member = isFull ? nil : pointer(to: key)
                duplicates?.note(member, at: place, in: bytes)
            }
            return
        }
        frame.seenKeys |= bit
        keys.push(key)
    }

    /// The position of a member of the innermost object with this key; nil when there is none yet.
    @inline(never)
    private mutating func position(ofEarlier key: String) -> Int? {
        let known = keys.elements(from: frame.firstKey)
        if known.count < JSONObject.linearLimit { return known.firstIndex { $0.hasSameBytes(as: key) } }
        if frame.index == nil { frame.index = KeyIndex(known) }
        if let position = frame.index?.position(of: key, keyAt: { known[$0] }) { return position }
        // The caller adds it next.
        frame.index?.insert(key, at: known.count)
        return nil
    }

    /// Puts the value that was parsed last in the place of an earlier one with the same key.
    @inline(never)
    mutating func replaceMember(at position: Int) {
        values[frame.firstValue + position] = values.pop()
        frame.replaced = nil
    }

    /// The pointer to the member `key` of the innermost object.
    private func pointer(to key: String) -> JSONPointer {
        // The first frame is what is around the text: nothing.
        var tokens = (1..<max(1, frames.count)).map { level in
            let outer = frames[level]
            let inner = level + 1 < frames.count ? frames[level + 1] : frame
            guard outer.isObject else { return String(inner.firstValue - outer.firstValue) }
            return keys[outer.replaced.map { outer.firstKey + $0 } ?? inner.firstKey - 1]
        }
        tokens.append(key)
        return JSONPointer(tokens: tokens)
    }
}
