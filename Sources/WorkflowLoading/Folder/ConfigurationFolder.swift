import Diagnostics

/// A folder with `config.yaml` and the folders of definitions. See README.md.
package struct ConfigurationFolder: Sendable, Hashable {
    /// Why this folder and no other is used.
    package enum Origin: String, Sendable {
        case flag = "--config-path"
        case project = "./.muster"
        case home = "~/.config/muster"
    }

    /// The file with the settings of the process itself.
    package static let settingsName = "config.yaml"

    private static let sizeLimit = YAMLLimits().size

    package var path: String
    package var origin: Origin

    package init(path: String, origin: Origin = .flag) {
        self.path = path
        self.origin = origin
    }

    /// The folder that is used: `flag`, else `.muster` of the working directory when it is a folder, else the one in
    /// the home directory. The folder need not exist.
    package static func resolve(flag: String?, workingDirectory: String, home: String) -> ConfigurationFolder {
        if let flag, !flag.isEmpty { return ConfigurationFolder(path: trimmed(flag), origin: .flag) }
        let project = trimmed(workingDirectory) + "/.muster"
        if FileSystem.isFolder(project) { return ConfigurationFolder(path: project, origin: .project) }
        return ConfigurationFolder(path: trimmed(home) + "/.config/muster", origin: .home)
    }

    private static func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? trimmed(String(path.dropLast())) : path
    }

    /// Reads everything again. What cannot be read is a finding; the rest loads. Blocks on the disk.
    ///
    /// Files are called by their path inside the folder. Findings beside those of the decoder: `WF0115` a file or
    /// folder that cannot be read, `WF0116` two definitions with one name, `WF05xx` settings.
    package func load() -> ConfigurationSnapshot {
        var snapshot = ConfigurationSnapshot(path: path)
        loadSettings(&snapshot)
        for kind in DefinitionKind.allCases {
            var loaded: [LoadedDefinition] = []
            for name in fileNames(in: kind.folderName, &snapshot.diagnostics) {
                loaded += load(name, kind, &snapshot.diagnostics)
            }
            snapshot.definitions += Self.withoutRepeats(loaded, &snapshot.diagnostics)
        }
        var sorted = DiagnosticBag()
        for diagnostic in snapshot.diagnostics.sorted { sorted.append(diagnostic) }
        snapshot.diagnostics = sorted
        return snapshot
    }

    private func loadSettings(_ snapshot: inout ConfigurationSnapshot) {
        let name = Self.settingsName
        do throws(FileSystem.Failure) {
            let bytes = try FileSystem.read("\(path)/\(name)", limit: Self.sizeLimit)
            let (settings, diagnostics) = SettingsReader.read(SourceFile(name: name, bytes: bytes))
            snapshot.settings = settings
            snapshot.diagnostics.append(contentsOf: diagnostics)
        } catch {
            guard !error.isMissing else { return }
            snapshot.diagnostics.error("WF0115", "\(name) cannot be read: \(error.message)", at: Self.place(name))
        }
    }

    /// The YAML files of a folder, sorted; a missing folder has none.
    private func fileNames(in folder: String, _ diagnostics: inout DiagnosticBag) -> [String] {
        do throws(FileSystem.Failure) {
            return try FileSystem.names(in: "\(path)/\(folder)")
                .filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }
                .map { "\(folder)/\($0)" }
        } catch {
            if !error.isMissing {
                diagnostics.error("WF0115", "\(folder) cannot be read: \(error.message)", at: Self.place(folder))
            }
            return []
        }
    }

    private func load(
        _ name: String,
        _ kind: DefinitionKind,
        _ diagnostics: inout DiagnosticBag
    ) -> [LoadedDefinition] {
        let fileName = name.split(separator: "/").last ?? ""
        let stem = fileName.split(separator: ".").dropLast().joined(separator: ".")
        do throws(FileSystem.Failure) {
            let bytes = try FileSystem.read("\(path)/\(name)", limit: Self.sizeLimit)
            let file = SourceFile(name: name, bytes: bytes)
            let (definitions, findings) = DefinitionDecoder.decode(file: file, kind: kind, defaultName: stem)
            diagnostics.append(contentsOf: findings)
            return definitions
        } catch {
            // A file that vanished since the folder was listed was removed, which is no fault.
            guard !error.isMissing else { return [] }
            let message = "\(name) cannot be read: \(error.message)"
            diagnostics.error("WF0115", message, at: Self.place(name))
            return [.unreadable(kind: kind, name: stem, path: name, errors: [message])]
        }
    }

    /// Sorts by name and keeps the first of each.
    private static func withoutRepeats(
        _ definitions: [LoadedDefinition],
        _ diagnostics: inout DiagnosticBag
    ) -> [LoadedDefinition] {
        var kept: [String: LoadedDefinition] = [:]
        // Without a name a definition can be told about, but not be listed.
        for definition in definitions where !definition.name.isEmpty {
            guard let first = kept[definition.name] else {
                kept[definition.name] = definition
                continue
            }
            let message =
                "\(definition.path) and \(first.path) both define the \(definition.kind.rawValue)"
                + " '\(definition.name)'"
            let range = definition.nameRange ?? place(definition.path)
            diagnostics.error("WF0116", message, at: range, hint: "rename one of them; \(first.path) is used")
        }
        return kept.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The start of a file whose text is not known.
    private static func place(_ name: String) -> SourceRange {
        SourceRange(file: SourceFile(name: name, bytes: []), start: 0, end: 0)
    }
}
