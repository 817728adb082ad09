import Diagnostics
import Glibc
import Testing
import WorkflowLoading
import WorkflowModel

@Suite("Configuration folder")
struct ConfigurationFolderTests {
    private let folder = TemporaryFolder()

    private func load() -> ConfigurationSnapshot { ConfigurationFolder(path: folder.path).load() }

    @Test func aMissingFolderGivesTheDefaults() {
        let snapshot = ConfigurationFolder(path: folder.path + "/nowhere").load()
        #expect(snapshot.diagnostics.isEmpty)
        #expect(snapshot.definitions.isEmpty)
        #expect(snapshot.settings == ServerSettings())
        #expect(snapshot.settings.port == 8090)
    }

    @Test func definitionsOfAllFoldersAreSortedByName() {
        folder.write("workflows/z.yaml", "name: alpha\nsteps: [{id: a, tool: t}]")
        folder.write("workflows/b.yml", "steps: [{id: a, tool: t}]")
        folder.write("workflows/notes.txt", "{")
        folder.write("workflows/.hidden.yaml", "{")
        folder.write("mcpservers/git.server.yaml", "spec: {type: stdio, command: git}")
        folder.write("serviceclasses/c.yaml", "serviceConfig: {lifecycleTools: {start: {tool: a}, stop: {tool: b}}}")
        let snapshot = load()
        #expect(snapshot.diagnostics.isEmpty, "\(snapshot.diagnostics.rendered())")
        #expect(snapshot.workflows.map(\.name) == ["alpha", "b"])
        #expect(snapshot.serviceClasses.map(\.name) == ["c"])
        #expect(snapshot.mcpServers.map(\.name) == ["git.server"])
        #expect(snapshot.definition(.workflow, named: "alpha")?.path == "workflows/z.yaml")
    }

    @Test func oneBadFileDoesNotKeepTheOthersOut() {
        folder.write("workflows/bad.yaml", "{")
        folder.write("workflows/good.yaml", "steps: [{id: a, tool: t}]")
        let snapshot = load()
        #expect(snapshot.definitions.map(\.name) == ["bad", "good"])
        #expect(snapshot.definitions.map(\.isValid) == [false, true])
        #expect(snapshot.diagnostics.hasErrors)
    }

    @Test func namedPipesAreNotWaitedFor() {
        folder.write("workflows/a.yaml", "steps: [{id: a, tool: t}]")
        mkfifo(folder.path + "/workflows/pipe.yaml", 0o644)
        let snapshot = load()
        #expect(snapshot.diagnostics.errors.map(\.code) == ["WF0115"])
        #expect(snapshot.workflows.map(\.name) == ["a"])
    }

    @Test func settingsAreRead() {
        folder.write(
            "config.yaml",
            """
            aggregator:
              port: 9000
              host: 0.0.0.0
              transport: sse
              musterPrefix: m
              enabled: true
              admin: {enabled: true, port: 1, bindAddress: "::1"}
            namespace: team
            kubernetes: false
            durability: relaxed
            events: {keep: 3}
            logging: debug
            """
        )
        let snapshot = load()
        #expect(snapshot.diagnostics.isEmpty, "\(snapshot.diagnostics.rendered())")
        #expect(snapshot.settings.port == 9000)
        #expect(snapshot.settings.host == "0.0.0.0")
        #expect(snapshot.settings.transport == .sse)
        #expect(snapshot.settings.musterPrefix == "m")
        #expect(snapshot.settings.namespace == "team")
        #expect(snapshot.settings.durability == .relaxed)
        #expect(snapshot.settings.admin.isEnabled)
        #expect(snapshot.settings.admin.port == 1)
    }

    @Test func malformedSettingsNameTheLine() {
        folder.write("config.yaml", "aggregator:\n  port: [\n")
        #expect(load().diagnostics.errors.first?.range?.place.hasPrefix("config.yaml:3:") == true)
    }

    @Test func theFlagWinsOverTheProjectAndTheProjectOverHome() {
        func resolve(_ flag: String?) -> ConfigurationFolder {
            .resolve(flag: flag, workingDirectory: folder.path, home: "/home/x/")
        }
        #expect(resolve(nil) == ConfigurationFolder(path: "/home/x/.config/muster", origin: .home))
        folder.write(".muster/config.yaml", "")
        #expect(resolve(nil) == ConfigurationFolder(path: folder.path + "/.muster", origin: .project))
        #expect(resolve("/etc/m/") == ConfigurationFolder(path: "/etc/m", origin: .flag))
    }
}
