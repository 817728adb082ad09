import Foundation
import Logging
import MCPProtocol

/// The secret with which states are sealed that clients carry, kept so that they outlive a restart.
enum SealKey {
    private static let size = 32

    /// The key in `folder`, made at the first time. One that cannot be kept lasts for this process.
    static func load(folder: String, _ logger: Logger) -> [UInt8] {
        let path = folder + "/seal.key"
        if let data = FileManager.default.contents(atPath: path), data.count == size { return Array(data) }
        let key = RequestStateSeal.randomKey()
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: Data(key),
            attributes: [.posixPermissions: 0o600]
        )
        if !isWritten { logger.warning("the key for requests that wait for answers cannot be kept: \(path)") }
        return key
    }
}
