import Glibc
import JSON

/// What a benchmark says: one JSON object per line on standard output.
enum Report {
    static func line(_ object: JSONObject) {
        var bytes = JSONValue.object(object).bytes()
        bytes.append(UInt8(ascii: "\n"))
        write(bytes, to: STDOUT_FILENO)
    }

    static func complain(_ text: String) { write(Array((text + "\n").utf8), to: STDERR_FILENO) }

    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    return (clock.now - start).inSeconds
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
