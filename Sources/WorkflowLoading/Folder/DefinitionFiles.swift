import Glibc

/// Writes and removes the files of definitions. Blocks on the disk.
package enum DefinitionFiles {
    /// Why a file could not be changed: a sentence.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package var message: String
        package var description: String { message }
    }

    /// Longest name of a definition that we write, in bytes.
    package static let nameLimit = 100

    /// Why a name cannot be a file's; nil when it can. Nothing that passes leads out of the folder.
    package static func problem(withName name: String) -> String? {
        guard !name.isEmpty else { return "name is required" }
        guard name.utf8.count <= nameLimit else { return "name is longer than \(nameLimit) bytes" }
        let isSafe = name.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || "._-".utf8.contains(byte)
        }
        guard isSafe, name.utf8.first != UInt8(ascii: "."), name.utf8.first != UInt8(ascii: "-") else {
            return "name '\(name)' may only have letters, digits, '.', '_' and '-', and begin with none of '.' and '-'"
        }
        return nil
    }

    /// Puts the text of a definition into its file: all of it or nothing, also when the machine stops meanwhile.
    ///
    /// - Parameter path: inside the folder, e.g. `mcpservers/git.yaml`; its folder is made when it is missing.
    package static func write(_ text: String, to path: String, in folder: ConfigurationFolder) throws(Failure) {
        let target = "\(folder.path)/\(path)"
        try makeFolders(of: target)
        let temporary = "\(target).new-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw last(path) }
        let error = fill(descriptor, Array(text.utf8))
        close(descriptor)
        guard error == 0, rename(temporary, target) == 0 else {
            let failure = Failure(message: "\(path): \(String(cString: strerror(error == 0 ? errno : error)))")
            unlink(temporary)
            throw failure
        }
    }

    /// A file that is gone already is no failure.
    package static func remove(_ path: String, in folder: ConfigurationFolder) throws(Failure) {
        guard unlink("\(folder.path)/\(path)") == 0 || errno == ENOENT else { throw last(path) }
    }

    private static func last(_ path: String) -> Failure {
        Failure(message: "\(path): \(String(cString: strerror(errno)))")
    }

    private static func makeFolders(of target: String) throws(Failure) {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for count in 1...max(1, parts.count) {
            let path = parts.prefix(count).joined(separator: "/")
            guard !path.isEmpty, !FileSystem.isFolder(path) else { continue }
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw last(path) }
        }
    }

    /// 0 or an errno.
    private static func fill(_ descriptor: CInt, _ bytes: [UInt8]) -> CInt {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { return errno }
                continue
            }
            written += count
        }
        return fsync(descriptor) == 0 ? 0 : errno
    }
}
