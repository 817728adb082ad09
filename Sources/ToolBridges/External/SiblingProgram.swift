import Glibc

/// Programs that are installed beside muster are found without being on PATH.
enum SiblingProgram {
    /// The path beside our own executable for a bare name that PATH does not know; else the command as it is.
    static func resolve(_ command: String) -> String {
        guard !command.isEmpty, !command.utf8.contains(UInt8(ascii: "/")) else { return command }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let isOnPath = path.split(separator: ":").contains { access("\($0)/\(command)", X_OK) == 0 }
        guard !isOnPath, let folder = ownFolder else { return command }
        let sibling = "\(folder)/\(command)"
        return access(sibling, X_OK) == 0 ? sibling : command
    }

    private static var ownFolder: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
