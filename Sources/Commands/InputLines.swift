import Foundation

/// Lines of a file descriptor, as bytes, with a bound on their length.
struct InputLines {
    struct Line {
        /// 1-based.
        var number: Int
        /// Without the line break; empty when the line was too long.
        var bytes: [UInt8] = []
        var isTooLong = false
    }

    private static let chunkSize = 1 << 16

    private let descriptor: Int32
    private let limit: Int
    private var buffer: [UInt8] = []
    private var offset = 0
    private var number = 0
    private var isAtEnd = false

    /// - Parameter limit: bytes of one line.
    init(descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Whether a whole line has been read already.
    var hasMore: Bool { buffer[offset...].contains(0x0A) }

    /// The next line; nil at the end.
    mutating func next() -> Line? {
        var line = Line(number: number + 1)
        var isEmpty = true
        while true {
            if let end = buffer[offset...].firstIndex(of: 0x0A) {
                take(offset..<end, into: &line)
                offset = end + 1
                number += 1
                return line
            }
            if offset < buffer.count {
                isEmpty = false
                take(offset..<buffer.count, into: &line)
                offset = buffer.count
            }
            guard fill() else {
                number += 1
                return isEmpty && line.bytes.isEmpty && !line.isTooLong ? nil : line
            }
        }
    }

    private func take(_ range: Range<Int>, into line: inout Line) {
        guard !line.isTooLong, line.bytes.count + range.count <= limit else {
            line.isTooLong = true
            line.bytes = []
            return
        }
        line.bytes += buffer[range]
    }

    /// Reads more; false at the end.
    private mutating func fill() -> Bool {
        guard !isAtEnd else { return false }
        offset = 0
        buffer = Array(unsafeUninitializedCapacity: Self.chunkSize) { memory, count in
            var result = 0
            repeat { result = read(descriptor, memory.baseAddress, Self.chunkSize) } while result < 0 && errno == EINTR
            count = max(0, result)
        }
        isAtEnd = buffer.isEmpty
        return !isAtEnd
    }
}
