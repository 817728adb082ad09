package import JSON
package import WorkflowModel

/// See docs/service-classes.md.
package enum ServiceState: String, Sendable, Hashable {
    case unknown, waiting, starting, running, stopping, stopped, failed
}

package enum ServiceHealth: String, Sendable, Hashable {
    case unknown, healthy, unhealthy, checking
}

/// One living instance of a service class. It keeps the definition that it was created with.
package struct ServiceInstance: Sendable {
    package var name: String
    package var definition: ServiceClassDefinition
    /// Arguments after defaults.
    package var arguments: JSONObject
    package var state: ServiceState
    package var health: ServiceHealth
    /// What the lifecycle tools gave: lifecycle word (`start`, `stop`, `restart`) → output name → value.
    package var extracted: JSONObject
    /// The class's outputs, rendered.
    package var outputs: JSONObject
    package var error: String?
    package var startsAutomatically: Bool
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    /// All extracted outputs together, the latest call winning.
    package var serviceData: JSONObject {
        var data = JSONObject()
        for (_, outputs) in extracted {
            for (key, value) in outputs.objectValue ?? JSONObject() { data[key] = value }
        }
        return data
    }

    /// The whole instance. See docs/service-classes.md.
    package var json: JSONObject {
        var object: JSONObject = [
            "name": .string(name), "serviceClassName": .string(definition.name), "serviceClassType": "serviceclass",
            "args": .object(arguments), "enabled": .bool(startsAutomatically), "state": .string(state.rawValue),
            "health": .string(health.rawValue), "serviceData": .object(serviceData), "outputs": .object(outputs),
            "createdAt": .string(createdAt.rfc3339), "updatedAt": .string(updatedAt.rfc3339),
        ]
        if let error { object["error"] = .string(error) }
        return object
    }

    /// The line of a list, and the answer of `core_service_status`.
    package var statusJSON: JSONObject {
        var object: JSONObject = [
            "name": .string(name), "service_type": .string(definition.serviceType), "state": .string(state.rawValue),
            "health": .string(health.rawValue),
        ]
        if let error { object["error"] = .string(error) }
        if !serviceData.isEmpty { object["metadata"] = .object(serviceData) }
        if !outputs.isEmpty { object["outputs"] = .object(outputs) }
        return object
    }
}

/// Why a service could not do what it was asked; the message is a whole sentence without prefix.
package struct ServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable {
        case notFound, alreadyExists, unavailable, invalidArguments, lifecycleFailed, busy
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
