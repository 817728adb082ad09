import Foundation
import JSON

/// Standard output is data, standard error is talk.
enum Output {
    static func data(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

    static func talk(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes all of it; a reader that is gone takes nothing more.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == ENOSPC || errno == EIO {
                // Data that is lost must not look like success.
                if descriptor == STDOUT_FILENO {
                    talk("Error: standard output cannot be written: \(String(cString: strerror(errno)))")
                    Foundation.exit(1)
                }
                return
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }

    /// The text without control characters, except line breaks and tabs: what a tool says must not steer the terminal.
    static func printable(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
        }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { shown, scalar in
            if isControl(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns padded to the widest cell, two spaces between; the last column is not padded.
    static func table(_ header: [String], _ rows: [[String]], showsHeader: Bool = true) -> String {
        let all = showsHeader ? [header] + rows : rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
