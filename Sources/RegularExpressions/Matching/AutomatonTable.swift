#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The transitions of an automaton and what is needed to follow them.
///
/// A row is where a state's transitions start. An entry is the row of the next state, with marks in its upper bits.
struct AutomatonTable {
    /// Entries from here on need a look.
    static let special: UInt32 = 0x8000_0000
    /// The transition has not been made yet.
    static let unknown: UInt32 = 0xFFFF_FFFF
    /// A match ended where the transition starts.
    static let matchBit: UInt32 = 0x4000_0000
    /// The state that is entered is the first one, in which text may be skipped.
    static let skipBit: UInt32 = 0x2000_0000
    static let rowMask: UInt32 = 0x1FFF_FFFF
    static let deadRow = 0

    /// A way through a text.
    struct Walk {
        var position: Int
        var row: Int
        /// Where the last match ended, by the order of reading; -1 without one.
        var match = -1
    }

    let alphabet: Alphabet
    var transitions: [UInt32] = []
    /// First states by the kind of code point before them, anchored and not; -1 for those not made yet.
    var firstRows = [Int](repeating: -1, count: 8)
    /// The row of the first state if it is the same everywhere and bytes can be skipped in it, else -1.
    var skipRow = -1
    /// Bytes that can start a match, for `skipRow`.
    var isCandidate: [Bool] = []

    /// What all matches start with; more than one byte is searched for as a whole.
    private let prefix: [UInt8]

    init(_ alphabet: Alphabet, prefix: [UInt8]) {
        self.alphabet = alphabet
        self.prefix = prefix
    }

    /// Symbols: the classes, then the end of the text.
    var stride: Int { alphabet.classCount + 1 }
    var endSymbol: Int { alphabet.classCount }

    static func index(_ before: Alphabet.Kind, isAnchored: Bool) -> Int {
        Int(before.rawValue) * 2 + (isAnchored ? 1 : 0)
    }

    /// Follows known transitions; the symbol whose transition is not known yet, or -1 at the end.
    func scan(_ text: UnsafeBufferPointer<UInt8>, _ walk: inout Walk, _ stopsAtAny: Bool) -> Int {
        var position = walk.position
        var row = walk.row
        let end = text.count
        defer {
            walk.position = position
            walk.row = row
        }
        return alphabet.ascii.withUnsafeBufferPointer { ascii in
            transitions.withUnsafeBufferPointer { table in
                if row == skipRow { position = candidate(text, from: position) }
                while position < end {
                    let byte = text[position]
                    var width = 1
                    let symbol: Int
                    if byte < 0x80 {
                        symbol = Int(ascii[Int(byte)])
                    } else {
                        let found = Scalars.at(text, position)
                        symbol = Int(alphabet.classOf(found.scalar))
                        width = found.width
                    }
                    let entry = table[row &+ symbol]
                    if entry < Self.special {
                        row = Int(entry)
                        position &+= width
                        continue
                    }
                    if entry == Self.unknown { return symbol }
                    if entry & Self.matchBit != 0 {
                        walk.match = position
                        if stopsAtAny { return -1 }
                    }
                    row = Int(entry & Self.rowMask)
                    if row == Self.deadRow { return -1 }
                    position &+= width
                    if entry & Self.skipBit != 0 { position = candidate(text, from: position) }
                }
                return -1
            }
        }
    }

    /// The same from an end to a start.
    func scanBackward(_ text: UnsafeBufferPointer<UInt8>, _ walk: inout Walk, to start: Int) -> Int {
        var position = walk.position
        var row = walk.row
        defer {
            walk.position = position
            walk.row = row
        }
        return alphabet.ascii.withUnsafeBufferPointer { ascii in
            transitions.withUnsafeBufferPointer { table in
                while position > start {
                    let byte = text[position &- 1]
                    var width = 1
                    let symbol: Int
                    if byte < 0x80 {
                        symbol = Int(ascii[Int(byte)])
                    } else {
                        let found = Scalars.before(text, position)
                        symbol = Int(alphabet.classOf(found.scalar))
                        width = found.width
                    }
                    let entry = table[row &+ symbol]
                    if entry == Self.unknown { return symbol }
                    if entry & (Self.special | Self.matchBit) > Self.special { walk.match = position }
                    row = Int(entry & Self.rowMask)
                    if row == Self.deadRow { return -1 }
                    position &-= width
                }
                return -1
            }
        }
    }

    /// The next place where a match may start, for `skipRow`.
    func candidate(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        if prefix.count > 1 { return prefixPlace(text, from: start) }
        return isCandidate.withUnsafeBufferPointer { isCandidate in
            var position = start
            while position < text.count, !isCandidate[Int(text[position])] { position &+= 1 }
            return position
        }
    }

    /// The next place of the bytes that all matches start with, or the end.
    private func prefixPlace(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = text.baseAddress, start < text.count else { return text.count }
        return prefix.withUnsafeBytes { prefix in
            guard let bytes = prefix.baseAddress,
                let found = memmem(base + start, text.count - start, bytes, prefix.count)
            else { return text.count }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }
}
