import Expressions
package import JSON
package import ToolCatalog
package import WorkflowModel

/// The service instances of this process and their lives.
///
/// Operations on one instance exclude each other by its state: whoever finds it starting or stopping is refused.
package actor ServiceDirectory {
    private var instances: [String: ServiceInstance] = [:]
    /// Order of creation; shut down goes backwards.
    private var order: [String] = []
    private let catalog: ToolCatalog
    private let classes: @Sendable (String) -> ServiceClassDefinition?
    private let isNameTaken: @Sendable (String) -> Bool
    private let now: @Sendable () -> Timestamp
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - classes: the definition of a service class by name.
    ///   - isNameTaken: whether a static service has the name.
    package init(
        catalog: ToolCatalog,
        classes: @escaping @Sendable (String) -> ServiceClassDefinition?,
        isNameTaken: @escaping @Sendable (String) -> Bool,
        now: @escaping @Sendable () -> Timestamp,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.catalog = catalog
        self.classes = classes
        self.isNameTaken = isNameTaken
        self.now = now
        self.warn = warn
    }

    /// All instances, ordered by name.
    package var all: [ServiceInstance] { instances.values.sorted { $0.name < $1.name } }

    package func instance(_ name: String) -> ServiceInstance? { instances[name] }

    // MARK: Creation

    /// Creates and starts an instance. After a failure there is none.
    package func create(
        className: String,
        name givenName: String?,
        arguments: JSONObject,
        startsAutomatically: Bool
    ) async throws(ServiceError) -> ServiceInstance {
        guard let definition = classes(className) else {
            throw ServiceError(.notFound, "ServiceClass \(className) not found")
        }
        let missing = catalog.missing(among: definition.requiredTools)
        guard missing.isEmpty else {
            throw ServiceError(
                .unavailable,
                "ServiceClass \(className) is not available (missing required tools): \(missing.joined(separator: ", "))"
            )
        }
        for dependency in definition.dependencies { try check(dependency, of: className) }
        let bound = try bind(arguments, definition)
        let name = try name(givenName, definition, bound)
        guard instances[name] == nil else {
            throw ServiceError(.alreadyExists, "service with name \(name) already exists")
        }
        guard !isNameTaken(name) else {
            throw ServiceError(.alreadyExists, "static service with name \(name) already exists")
        }
        let moment = now()
        instances[name] = ServiceInstance(
            name: name,
            definition: definition,
            arguments: bound,
            state: .starting,
            health: .unknown,
            extracted: JSONObject(),
            outputs: JSONObject(),
            error: nil,
            startsAutomatically: startsAutomatically,
            createdAt: moment,
            updatedAt: moment
        )
        order.append(name)
        do throws(ServiceError) {
            try await runStart(name)
        } catch {
            remove(name)
            throw ServiceError(error.code, "failed to start ServiceClass instance: \(error.message)")
        }
        guard let instance = instances[name] else { throw Self.notFound(name) }
        return instance
    }

    private func check(_ dependency: String, of className: String) throws(ServiceError) {
        guard let definition = classes(dependency), catalog.missing(among: definition.requiredTools).isEmpty else {
            throw ServiceError(
                .unavailable,
                "ServiceClass \(className) depends on \(dependency), which is not available"
            )
        }
    }

    private func bind(
        _ arguments: JSONObject,
        _ definition: ServiceClassDefinition
    ) throws(ServiceError) -> JSONObject {
        do throws(ArgumentFault) {
            return try ArgumentBinding(definition.arguments, undeclared: .refused).bind(arguments)
        } catch {
            let reason =
                switch error {
                case .missing(let name): "missing required argument: \(name)"
                case .wrongType(let name, let expected, let actual):
                    "invalid type for argument '\(name)': expected \(expected), got \(actual)"
                case .undeclared(let name): "unknown argument: \(name)"
                }
            throw ServiceError(.invalidArguments, "arg validation failed: \(reason)")
        }
    }

    private func name(
        _ given: String?,
        _ definition: ServiceClassDefinition,
        _ arguments: JSONObject
    ) throws(ServiceError) -> String {
        if let given, !given.isEmpty { return given }
        guard let template = definition.defaultName else {
            throw ServiceError(
                .invalidArguments,
                "name is required: ServiceClass \(definition.name) has no defaultName"
            )
        }
        let call = LifecycleCall(tool: "", arguments: ["name": .string(template)])
        let moment = now()
        let nameless = ServiceInstance(
            name: "",
            definition: definition,
            arguments: arguments,
            state: .unknown,
            health: .unknown,
            extracted: JSONObject(),
            outputs: JSONObject(),
            error: nil,
            startsAutomatically: false,
            createdAt: moment,
            updatedAt: moment
        )
        let rendered = try LifecycleTemplates(instance: nameless).arguments(of: call)["name"]
        return rendered?.stringValue ?? rendered?.text() ?? ""
    }

    // MARK: Lifecycle

    package enum Change: Sendable { case changed, alreadySo }

    package func start(_ name: String) async throws(ServiceError) -> Change {
        let instance = try idle(name)
        if instance.state == .running { return .alreadySo }
        change(name) { $0.state = .starting }
        try await runStart(name)
        return .changed
    }

    package func stop(_ name: String) async throws(ServiceError) -> Change {
        let instance = try idle(name)
        if instance.state == .stopped { return .alreadySo }
        try await runStop(name)
        return .changed
    }

    package func restart(_ name: String) async throws(ServiceError) {
        let instance = try idle(name)
        guard let call = instance.definition.restart else {
            if instance.state == .running { try await runStop(name) }
            change(name) { $0.state = .starting }
            return try await runStart(name)
        }
        change(name) { $0.state = .starting }
        try await run(call, as: "restart", name, limit: instance.definition.createTimeout)
        becomeRunning(name)
    }

    /// Removes an instance, stopping it first. A stop tool that fails does not keep it; its complaint is returned.
    package func delete(_ name: String) async throws(ServiceError) -> String? {
        let instance = try idle(name)
        var complaint: String?
        if instance.state == .running {
            do throws(ServiceError) { try await runStop(name) } catch {
                complaint = error.message
                warn("service '\(name)' was deleted although its stop tool failed: \(error.message)")
            }
        }
        remove(name)
        return complaint
    }

    /// The instance with its health and status as they are now, asked from the class's tools.
    package func refreshedStatus(_ name: String) async throws(ServiceError) -> (ServiceInstance, metadata: JSONObject) {
        guard let instance = instances[name] else { throw Self.notFound(name) }
        var metadata = instance.serviceData
        guard instance.state == .running else { return (instance, metadata) }
        if let call = instance.definition.healthCheck { await checkHealth(name, call) }
        if let call = instance.definition.status {
            let arguments = try LifecycleTemplates(instance: instance).arguments(of: call)
            let context = CallContext(timeout: instance.definition.healthCheckTimeout)
            if let result = try? await catalog.call(call.tool, arguments, context),  // a silent status tool adds nothing
                !result.isError, let object = result.value?.objectValue
            {
                for (key, value) in object { metadata[key] = value }
            }
        }
        guard let current = instances[name] else { throw Self.notFound(name) }
        return (current, metadata)
    }

    private func checkHealth(_ name: String, _ call: LifecycleCall) async {
        guard let instance = instances[name] else { return }
        let templates = LifecycleTemplates(instance: instance)
        var reason: String?
        var isHealthy = false
        do {
            let context = CallContext(timeout: instance.definition.healthCheckTimeout)
            let result = try await catalog.call(call.tool, try templates.arguments(of: call), context)
            let succeeded = !result.isError
            if !succeeded { reason = result.errorText }
            isHealthy = try templates.isHealthy(call, succeeded: succeeded, result: result.value)
            if !isHealthy, reason == nil { reason = "the health check's answer is not what was expected" }
        } catch {
            reason = "\(error)"
        }
        guard let current = instances[name], current.state == .running, current.createdAt == instance.createdAt else {
            return
        }
        change(name) {
            $0.health = isHealthy ? .healthy : .unhealthy
            $0.error = isHealthy ? nil : reason
        }
    }

    /// Stops everything that runs, the youngest first.
    package func shutDown() async {
        for name in order.reversed() where instances[name]?.state == .running {
            do throws(ServiceError) { try await runStop(name) } catch {
                warn("service '\(name)' could not be stopped: \(error.message)")
            }
        }
    }

    // MARK: Tool calls

    private func runStart(_ name: String) async throws(ServiceError) {
        guard let instance = instances[name] else { throw Self.notFound(name) }
        try await run(instance.definition.start, as: "start", name, limit: instance.definition.createTimeout)
        becomeRunning(name)
    }

    private func becomeRunning(_ name: String) {
        guard let instance = instances[name] else { return }
        let outputs = LifecycleTemplates(instance: instance).outputs(report: warn)
        change(name) {
            $0.state = .running
            $0.health = .healthy
            $0.error = nil
            $0.outputs = outputs
        }
    }

    private func runStop(_ name: String) async throws(ServiceError) {
        guard let instance = instances[name] else { throw Self.notFound(name) }
        change(name) { $0.state = .stopping }
        try await run(instance.definition.stop, as: "stop", name, limit: instance.definition.deleteTimeout)
        change(name) {
            $0.state = .stopped
            $0.health = .unknown
            $0.error = nil
        }
    }

    /// Calls a lifecycle tool and keeps its outputs. A failure leaves the instance failed.
    private func run(
        _ call: LifecycleCall,
        as phase: String,
        _ name: String,
        limit: Duration
    ) async throws(ServiceError) {
        guard let instance = instances[name] else { throw Self.notFound(name) }
        do throws(ServiceError) {
            let templates = LifecycleTemplates(instance: instance)
            let result = try await answer(call.tool, try templates.arguments(of: call), phase, limit)
            let extracted = try templates.extract(call, from: result)
            change(name) {
                // The latest call stands last, and so wins.
                $0.extracted[phase] = nil
                $0.extracted[phase] = .object(extracted)
            }
        } catch {
            change(name) {
                $0.state = .failed
                $0.health = .unhealthy
                $0.error = error.message
            }
            throw error
        }
    }

    private func answer(
        _ tool: String,
        _ arguments: JSONObject,
        _ phase: String,
        _ limit: Duration
    ) async throws(ServiceError) -> JSONValue? {
        let result: ToolResult
        do throws(ToolCallError) {
            result = try await catalog.call(tool, arguments, CallContext(timeout: limit))
        } catch {
            throw ServiceError(.lifecycleFailed, "\(phase) tool failed: \(error.message)")
        }
        if result.isError { throw ServiceError(.lifecycleFailed, "\(phase) tool failed: \(result.errorText)") }
        if result.value?["success"] == false {
            let reason = result.value?["error"]?.stringValue ?? result.errorText
            throw ServiceError(.lifecycleFailed, "\(phase) tool failed: \(reason)")
        }
        return result.value
    }

    // MARK: State

    private func idle(_ name: String) throws(ServiceError) -> ServiceInstance {
        guard let instance = instances[name] else { throw Self.notFound(name) }
        guard instance.state != .starting, instance.state != .stopping else {
            throw ServiceError(.busy, "service '\(name)' is \(instance.state.rawValue): try again when that is done")
        }
        return instance
    }

    private func change(_ name: String, _ body: (inout ServiceInstance) -> Void) {
        guard var instance = instances[name] else { return }
        body(&instance)
        instance.updatedAt = now()
        instances[name] = instance
    }

    private func remove(_ name: String) {
        instances[name] = nil
        order.removeAll { $0 == name }
    }

    private static func notFound(_ name: String) -> ServiceError {
        ServiceError(.notFound, "service \(name) not found")
    }
}
