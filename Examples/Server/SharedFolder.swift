import Glibc

/// The one folder in which the three servers of a user find each other's files.
///
/// `MUSTER_EXAMPLE_DIR`, else `muster-example-<uid>` in the temporary folder. Only its owner can look into it.
struct SharedFolder: Sendable {
    let path: String

    init() throws(ToolFailure) {
        let temporary = Self.variable("TMPDIR") ?? "/tmp"
        path = Self.variable("MUSTER_EXAMPLE_DIR") ?? "\(temporary)/muster-example-\(getuid())"
        try make()
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    func path(of file: String) -> String { "\(path)/\(file)" }

    /// The text of a file; nil when there is none.
    func read(_ file: String) -> String? {
        guard let stream = fopen(path(of: file), "r") else { return nil }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a file as a whole: readers see the old text or the new one. Only its owner can read it.
    func write(_ text: String, to file: String) throws(ToolFailure) {
        try make()
        let temporary = path(of: ".\(file).\(getpid())")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("cannot write \(temporary)") }
        let bytes = Array(text.utf8)
        let count = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard count == bytes.count, rename(temporary, path(of: file)) == 0 else {
            let failure = Self.failure("cannot write \(path(of: file))")
            unlink(temporary)
            throw failure
        }
    }

    /// Removing what is not there is fine.
    func remove(_ file: String) { unlink(path(of: file)) }

    /// The names of the files, in order.
    var files: [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The last server to end takes the folder with it.
    func removeIfEmpty() { rmdir(path) }

    /// Another server that ends may have taken the folder away in the meantime.
    private func make() throws(ToolFailure) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure("cannot make the folder \(path)") }
    }

    private static func failure(_ what: String) -> ToolFailure { ToolFailure("\(what): \(String(cString: strerror(errno)))") }
}
