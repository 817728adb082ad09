/// A text as a key of sets and dictionaries, equal to others only byte by byte.
///
/// `String` takes all spellings of an accented letter for the same, of which somebody can make as many as they like.
struct ByteText: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ByteText, right: ByteText) -> Bool { isSameText(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
