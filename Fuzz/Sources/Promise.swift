import Glibc

/// What must hold for any input.
enum Promise {
    /// Ends the program when `holds` is false; the fuzzer then keeps the input.
    static func check(_ holds: Bool, _ what: @autoclosure () -> String) {
        if holds { return }
        say("broken promise: \(what())")
        abort()
    }

    /// Writes a line to standard error.
    static func say(_ text: String) {
        var line = text + "\n"
        line.makeContiguousUTF8()
        line.utf8.withContiguousStorageIfAvailable { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The input cut at its first NUL byte: two texts from one input.
    static func halves(_ input: [UInt8]) -> (first: ArraySlice<UInt8>, second: ArraySlice<UInt8>) {
        guard let cut = input.firstIndex(of: 0) else { return (input[...], []) }
        return (input[..<cut], input[(cut + 1)...])
    }
}
