import Glibc

/// The folder in which the servers of one muster find each other's files.
///
/// It is `MUSTER_EXAMPLE_DIR`, or else a session named after the process that started the servers, in the user's own
/// folder `muster-example-<uid>` in the temporary folder: two musters at a time do not see each other's logins. Only
/// its owner can look into it.
struct SharedFolder: Sendable {
    let path: String
    /// The user's folder, if the session's is in it.
    private let parent: String?

    init() throws(ToolFailure) {
        if let path = Self.variable("MUSTER_EXAMPLE_DIR") {
            (self.path, parent) = (path, nil)
        } else {
            let parent = "\(Self.variable("TMPDIR") ?? "/tmp")/muster-example-\(getuid())"
            (path, self.parent) = ("\(parent)/\(getppid())", parent)
            Self.removeDeadSessions(in: parent)
        }
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
    var files: [String] { Self.names(in: path) }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
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
    func removeIfEmpty() {
        rmdir(path)
        if let parent { rmdir(parent) }
    }

    /// Servers that were killed could not clean up: the next one does.
    private static func removeDeadSessions(in parent: String) {
        for name in names(in: parent) {
            guard let process = Int32(name), kill(process, 0) != 0, errno == ESRCH else { continue }
            let session = "\(parent)/\(name)"
            for file in names(in: session) { unlink("\(session)/\(file)") }
            rmdir(session)
        }
    }

    /// Another server that ends may have taken the folder away in the meantime, even between these two lines.
    private func make() throws(ToolFailure) {
        for attempt in 1...3 {
            if let parent { mkdir(parent, 0o700) }
            if mkdir(path, 0o700) == 0 { return }
            if errno == EEXIST { return try checkOwner() }
            if errno != ENOENT || attempt == 3 { throw Self.failure("cannot make the folder \(path)") }
        }
    }

    /// In a folder that all may write to, others may have been first.
    private func checkOwner() throws(ToolFailure) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid() else {
            throw ToolFailure("\(path) is not a folder of ours")
        }
    }

    private static func failure(_ what: String) -> ToolFailure {
        ToolFailure("\(what): \(String(cString: strerror(errno)))")
    }
}
