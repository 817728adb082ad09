import JSON
import ServiceManagement
import Synchronization
import TestSupport
import Testing
import ToolCatalog
import WorkflowLoading
import WorkflowModel

@Suite("Service instances", .timeLimit(.minutes(1)))
struct ServiceDirectoryTests {
    private static let spec: JSONObject = [
        "args": ["db": ["type": "string", "required": true], "port": ["type": "integer", "default": 5432]],
        "serviceConfig": [
            "serviceType": "database", "defaultName": "pg-{{ .db }}",
            "lifecycleTools": [
                "start": [
                    "tool": "start", "args": ["name": "{{ .name }}", "db": "{{ .db }}", "port": "{{ port }}"],
                    "outputs": ["containerId": "result.container_id", "gone": "a.b"],
                ],
                "stop": ["tool": "stop", "args": ["id": "{{ .start.containerId }}"]],
                "status": ["tool": "status"],
                "healthCheck": ["tool": "health", "expect": ["jsonPath": ["status": "up"]]],
            ],
            "outputs": ["url": "postgres://localhost:{{ .port }}/{{ .db }}", "id": "{{ .start.containerId }}"],
        ],
    ]

    private let tools: ScriptedTools
    private let services: ServiceDirectory
    private let warnings = WarningBox()

    private final class WarningBox: Sendable {
        let texts = Mutex<[String]>([])
    }

    init() throws {
        try self.init(start: { _ in .json(["container_id": "c-9"]) }, stop: { _ in .text("stopped") })
    }

    private init(
        start: @escaping @Sendable (JSONObject) async throws -> ToolResult,
        stop: @escaping @Sendable (JSONObject) async throws -> ToolResult,
        spec: JSONObject = spec
    ) throws {
        tools = ScriptedTools([
            "start": start, "stop": stop, "status": { _ in .json(["uptime": 5]) },
            "health": { _ in .json(["status": "down"]) },
        ])
        let catalog = ToolCatalog()
        catalog.register(tools)
        let (loaded, _) = DefinitionDecoder.decodeServiceClass(name: "postgres", spec: spec)
        let definition = try #require(loaded)
        let warnings = warnings
        services = ServiceDirectory(
            catalog: catalog,
            classes: { $0 == "postgres" ? definition : nil },
            isNameTaken: { $0 == "static" },
            now: { Timestamp(microseconds: 0) },
            warn: { text in warnings.texts.withLock { $0.append(text) } }
        )
    }

    private func create(
        _ name: String? = "pg-1",
        _ arguments: JSONObject = ["db": "shop"]
    ) async throws -> ServiceInstance {
        try await services.create(className: "postgres", name: name, arguments: arguments, startsAutomatically: false)
    }

    @Test func aCreatedInstanceRunsWithOutputsAndDefaults() async throws {
        let instance = try await create()
        #expect(instance.state == .running)
        #expect(instance.health == .healthy)
        #expect(instance.arguments == ["db": "shop", "port": 5432])
        #expect(instance.serviceData == ["containerId": "c-9"])
        #expect(instance.outputs == ["url": "postgres://localhost:5432/shop", "id": "c-9"])
        #expect(tools.calls.first?.arguments == ["name": "pg-1", "db": "shop", "port": 5432])
    }

    @Test(
        arguments: [
            ("nothing", "a", ["db": "x"], "ServiceClass nothing not found"),
            ("postgres", "a", [:], "arg validation failed: missing required argument: db"),
            (
                "postgres", "a", ["db": 1],
                "arg validation failed: invalid type for argument 'db': expected string, got integer"
            ),
            ("postgres", "a", ["db": "x", "y": 1], "arg validation failed: unknown argument: y"),
            ("postgres", "static", ["db": "x"], "static service with name static already exists"),
        ] as [(String, String, JSONObject, String)]
    )
    func aCreationThatCannotBeIsRefused(
        class name: String,
        as instance: String,
        with arguments: JSONObject,
        says: String
    )
        async throws
    {
        let error = await #expect(throws: ServiceError.self) {
            try await services.create(className: name, name: instance, arguments: arguments, startsAutomatically: false)
        }
        #expect(error?.message == says)
        #expect(await services.all.isEmpty)
    }

    @Test func aNameIsGivenOnce() async throws {
        _ = try await create()
        let error = await #expect(throws: ServiceError.self) { try await create() }
        #expect(error?.message == "service with name pg-1 already exists")
    }

    @Test func anInstanceWithoutNameTakesTheDefaultOne() async throws {
        #expect(try await create(nil).name == "pg-shop")
    }

    @Test func afterAFailedStartThereIsNoInstance() async throws {
        let failing = try Self(start: { _ in .failure("port 5432 is in use") }, stop: { _ in .text("") })
        let error = await #expect(throws: ServiceError.self) { try await failing.create() }
        #expect(error?.message == "failed to start ServiceClass instance: start tool failed: port 5432 is in use")
        #expect(await failing.services.all.isEmpty)
    }

    @Test func aReplyThatSaysNoSuccessIsAFailure() async throws {
        let failing = try Self(
            start: { _ in .json(["success": false, "error": "no quota"]) },
            stop: { _ in .text("") }
        )
        let error = await #expect(throws: ServiceError.self) { try await failing.create() }
        #expect(error?.message.hasSuffix("start tool failed: no quota") == true)
    }

    @Test func startingAndStoppingIsIdempotentAndUsesOutputs() async throws {
        _ = try await create()
        #expect(try await services.start("pg-1") == .alreadySo)
        #expect(try await services.stop("pg-1") == .changed)
        #expect(await services.instance("pg-1")?.state == .stopped)
        #expect(try await services.stop("pg-1") == .alreadySo)
        #expect(tools.calls.last?.arguments == ["id": "c-9"])
        #expect(try await services.start("pg-1") == .changed)
        #expect(await services.instance("pg-1")?.state == .running)
        try await services.restart("pg-1")
        #expect(tools.calls.map(\.tool) == ["start", "stop", "start", "stop", "start"])
    }

    @Test func deletingRemovesEvenWhenStoppingFails() async throws {
        let stubborn = try Self(start: { _ in .text("ok") }, stop: { _ in .failure("no way") }, spec: Self.simple)
        _ = try await stubborn.create("x", [:])
        let complaint = try await stubborn.services.delete("x")
        #expect(complaint?.contains("no way") == true)
        #expect(await stubborn.services.all.isEmpty)
    }

    private static let simple: JSONObject = [
        "serviceConfig": ["lifecycleTools": ["start": ["tool": "start"], "stop": ["tool": "stop"]]]
    ]

    @Test func anUnknownNameIsNotFound() async throws {
        let expected = ServiceError(.notFound, "service x not found")
        await #expect(throws: expected) { _ = try await services.start("x") }
        await #expect(throws: expected) { _ = try await services.stop("x") }
        await #expect(throws: expected) { _ = try await services.delete("x") }
        await #expect(throws: expected) { _ = try await services.refreshedStatus("x") }
    }

    @Test func theStatusAsksHealthAndStatusTools() async throws {
        _ = try await create()
        let (instance, metadata) = try await services.refreshedStatus("pg-1")
        #expect(instance.health == .unhealthy)
        #expect(instance.state == .running)
        #expect(metadata["uptime"] == 5)
    }

    @Test func anOutputThatCannotBeRenderedIsLeftOutWithAWarning() async throws {
        var spec = Self.spec
        spec.update("serviceConfig") { config in
            guard case .object(var object) = config else { return }
            object["outputs"] = ["good": "{{ .db }}", "bad": "{{ .nothing }}"]
            config = .object(object)
        }
        let warned = try Self(start: { _ in .text("ok") }, stop: { _ in .text("") }, spec: spec)
        #expect(try await warned.create().outputs == ["good": "shop"])
        #expect(warned.warnings.texts.withLock { $0 }.first?.contains("missing template variables: nothing") == true)
    }

    @Test func shuttingDownStopsTheYoungestFirst() async throws {
        _ = try await create("one")
        _ = try await create("two")
        await services.shutDown()
        #expect(await services.all.allSatisfy { $0.state == .stopped })
        #expect(tools.count(of: "stop") == 2)
    }
}
