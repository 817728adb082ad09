import JSON
package import ServiceManagement
import ToolCatalog

/// `core_service_*`: instances of service classes, and the MCP servers as static services. See docs/service-classes.md.
package enum ServiceCoreTools {
    private static let named = CoreTool.Parameter("name", "string", "Name of the service", isRequired: true)

    package static func make(services: ServiceDirectory, servers: ExternalServers) -> [CoreTool] {
        [
            listTool(services, servers), statusTool(services, servers), getTool(services, servers),
            createTool(services), deleteTool(services),
            startTool(services, servers), stopTool(services, servers), restartTool(services, servers),
        ]
    }

    // MARK: Reading

    private static func listTool(_ services: ServiceDirectory, _ servers: ExternalServers) -> CoreTool {
        CoreTool(
            "core_service_list",
            "List all services with their states",
            output: CoreOutput.serviceList,
            annotations: .reading
        ) { _, _ in
            let dynamic = await services.all.map(\.statusJSON)
            let all = (dynamic + servers.all.compactMap(\.serviceJSON)).sorted {
                ($0["name"]?.stringValue ?? "") < ($1["name"]?.stringValue ?? "")
            }
            return .json(["services": .array(all.map { .object($0) }), "total": .integer(Int64(all.count))])
        }
    }

    private static func statusTool(_ services: ServiceDirectory, _ servers: ExternalServers) -> CoreTool {
        CoreTool(
            "core_service_status",
            "Get the status of a service; asks its health check",
            [named],
            output: CoreOutput.service,
            annotations: .reading
        ) { arguments, _ in
            let name = try arguments.requiredText("name")
            if let server = servers.server(name)?.serviceJSON { return .json(.object(server)) }
            do throws(ServiceError) {
                let (instance, metadata) = try await services.refreshedStatus(name)
                var status = instance.statusJSON
                if !metadata.isEmpty { status["metadata"] = .object(metadata) }
                return .json(.object(status))
            } catch {
                throw CoreToolFailure("Failed to get service status: \(error.message)")
            }
        }
    }

    private static func getTool(_ services: ServiceDirectory, _ servers: ExternalServers) -> CoreTool {
        CoreTool(
            "core_service_get",
            "Get a service instance",
            [named],
            output: CoreOutput.serviceInstance,
            annotations: .reading
        ) { arguments, _ in
            let name = try arguments.requiredText("name")
            if let instance = await services.instance(name) { return .json(.object(instance.json)) }
            guard let server = servers.server(name)?.serviceJSON else {
                throw CoreToolFailure("Failed to get service: service \(name) not found")
            }
            var object = server
            object["args"] = .null
            object["serviceData"] = ["service_type": server["service_type"] ?? ""]
            return .json(.object(object))
        }
    }

    // MARK: Creating and deleting

    private static func createTool(_ services: ServiceDirectory) -> CoreTool {
        CoreTool(
            "core_service_create",
            "Create and start an instance of a service class",
            [
                CoreTool.Parameter("serviceClassName", "string", "Name of the service class", isRequired: true),
                CoreTool.Parameter("name", "string", "Name of the instance", isRequired: true),
                CoreTool.Parameter("args", "object", "Arguments of the service class"),
                CoreTool.Parameter("persist", "boolean", "Keep the instance across restarts", defaultValue: false),
                CoreTool.Parameter("autoStart", "boolean", "Start with muster", defaultValue: false),
            ],
            output: CoreOutput.serviceInstance,
            annotations: ToolAnnotations(readOnly: false, destructive: false, idempotent: false)
        ) { arguments, _ in
            let className = try arguments.requiredText("serviceClassName")
            let name = try arguments.text("name")
            let values = try arguments.object("args") ?? JSONObject()
            if try arguments.flag("persist", default: false) {
                throw CoreToolFailure("Failed to create ServiceClass instance: persist is not supported yet")
            }
            let startsAutomatically = try arguments.flag("autoStart", default: false)
            do throws(ServiceError) {
                let instance = try await services.create(
                    className: className,
                    name: name,
                    arguments: values,
                    startsAutomatically: startsAutomatically
                )
                return .json(.object(instance.json))
            } catch {
                throw CoreToolFailure("Failed to create ServiceClass instance: \(error.message)")
            }
        }
    }

    private static func deleteTool(_ services: ServiceDirectory) -> CoreTool {
        CoreTool(
            "core_service_delete",
            "Stop and remove a service instance",
            [named],
            annotations: ToolAnnotations(readOnly: false, destructive: true, idempotent: false)
        ) { arguments, _ in
            let name = try arguments.requiredText("name")
            guard await services.instance(name) != nil else {
                throw CoreToolFailure(
                    "service '\(name)' not found or cannot be deleted (static services cannot be deleted)"
                )
            }
            do throws(ServiceError) {
                let complaint = try await services.delete(name)
                let note = complaint.map { " (its stop tool failed: \($0))" } ?? ""
                return .text("Successfully deleted ServiceClass instance '\(name)'\(note)")
            } catch {
                throw CoreToolFailure("Failed to delete service: \(error.message)")
            }
        }
    }

    // MARK: Starting and stopping

    private static let changing = ToolAnnotations(readOnly: false, destructive: false, idempotent: true)

    private static func startTool(_ services: ServiceDirectory, _ servers: ExternalServers) -> CoreTool {
        CoreTool("core_service_start", "Start a service", [named], annotations: changing) { arguments, _ in
            let name = try arguments.requiredText("name")
            let change: ServiceDirectory.Change
            do {
                change =
                    servers.server(name) != nil ? try await servers.start(name) : try await services.start(name)
            } catch let error as ServiceError {
                throw CoreToolFailure("Failed to start service: \(error.message)")
            }
            return .text(
                change == .alreadySo
                    ? "Service '\(name)' is already running" : "Successfully started service '\(name)'"
            )
        }
    }

    private static func stopTool(_ services: ServiceDirectory, _ servers: ExternalServers) -> CoreTool {
        let stopping = ToolAnnotations(readOnly: false, destructive: true, idempotent: true)
        return CoreTool("core_service_stop", "Stop a service", [named], annotations: stopping) { arguments, _ in
            let name = try arguments.requiredText("name")
            let change: ServiceDirectory.Change
            do {
                change = servers.server(name) != nil ? try await servers.stop(name) : try await services.stop(name)
            } catch let error as ServiceError {
                throw CoreToolFailure("Failed to stop service: \(error.message)")
            }
            return .text(
                change == .alreadySo
                    ? "Service '\(name)' is already stopped" : "Successfully stopped service '\(name)'"
            )
        }
    }

    private static func restartTool(_ services: ServiceDirectory, _ servers: ExternalServers) -> CoreTool {
        CoreTool("core_service_restart", "Restart a service", [named], annotations: changing) { arguments, _ in
            let name = try arguments.requiredText("name")
            do {
                if servers.server(name) != nil {
                    _ = try await servers.stop(name)
                    _ = try await servers.start(name)
                } else {
                    try await services.restart(name)
                }
            } catch let error as ServiceError {
                throw CoreToolFailure("Failed to restart service: \(error.message)")
            }
            return .text("Successfully restarted service '\(name)'")
        }
    }
}
