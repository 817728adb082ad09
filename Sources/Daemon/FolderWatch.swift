import Dispatch
import Foundation
import Synchronization

/// Looks for changes of definition files a few times a second.
///
/// Looking is a `stat` per file: a thousand files cost some milliseconds, no descriptor, and work on every file system.
final class FolderWatch: Sendable {
    private let seen: Mutex<[String: String]>
    // Dispatch sources may be used from any thread; the type only lacks the mark.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    /// Calls `changed` from a queue of its own after files were added, removed or written.
    init(folders: [String], interval: DispatchTimeInterval, changed: @escaping @Sendable () -> Void) {
        seen = Mutex(Self.look(folders))
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "muster.watch"))
        self.timer = timer
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { [weak self] in
            guard let self else { return }
            let now = Self.look(folders)
            let isDifferent = self.seen.withLock { seen in
                defer { seen = now }
                return seen != now
            }
            if isDifferent { changed() }
        }
        timer.resume()
    }

    deinit { timer.cancel() }

    func stop() { timer.cancel() }

    /// Path → size and time of the last change.
    private static func look(_ folders: [String]) -> [String: String] {
        var files: [String: String] = [:]
        for folder in folders {
            // A folder that is not there has no files.
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { continue }
                var status = stat()
                let path = "\(folder)/\(name)"
                guard stat(path, &status) == 0 else { continue }
                files[path] = "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ino)"
            }
        }
        return files
    }
}
