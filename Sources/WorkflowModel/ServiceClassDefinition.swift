package import JSON

/// What a service class file says. See docs/service-classes.md.
package struct ServiceClassDefinition: Sendable {
    package var name: String
    package var description: String
    package var version: String?
    /// In the order of the file; names are unique.
    package var arguments: [ArgumentDefinition]
    /// `generic` when not written.
    package var serviceType: String
    /// Template for the name of an instance that is created without one.
    package var defaultName: String?
    /// Names of other service classes.
    package var dependencies: [String]
    package var start: LifecycleCall
    package var stop: LifecycleCall
    package var restart: LifecycleCall?
    package var status: LifecycleCall?
    package var healthCheck: LifecycleCall?
    package var healthPolicy: HealthPolicy
    /// Limit of a creation; 10 s when not written.
    package var createTimeout: Duration
    package var deleteTimeout: Duration
    package var healthCheckTimeout: Duration
    /// Name → template, or a static value.
    package var outputs: JSONObject
    /// The whole `spec` as JSON, in the file's own spelling.
    package var source: JSONObject
    /// The file it was read from; nil for a definition that was made of JSON.
    package var origin: DefinitionOrigin?

    package init(
        name: String,
        description: String = "",
        version: String? = nil,
        arguments: [ArgumentDefinition] = [],
        serviceType: String = "generic",
        defaultName: String? = nil,
        dependencies: [String] = [],
        start: LifecycleCall,
        stop: LifecycleCall,
        restart: LifecycleCall? = nil,
        status: LifecycleCall? = nil,
        healthCheck: LifecycleCall? = nil,
        healthPolicy: HealthPolicy = HealthPolicy(),
        createTimeout: Duration = .seconds(10),
        deleteTimeout: Duration = .seconds(10),
        healthCheckTimeout: Duration = .seconds(10),
        outputs: JSONObject = JSONObject(),
        source: JSONObject = JSONObject()
    ) {
        self.name = name
        self.description = description
        self.version = version
        self.arguments = arguments
        self.serviceType = serviceType
        self.defaultName = defaultName
        self.dependencies = dependencies
        self.start = start
        self.stop = stop
        self.restart = restart
        self.status = status
        self.healthCheck = healthCheck
        self.healthPolicy = healthPolicy
        self.createTimeout = createTimeout
        self.deleteTimeout = deleteTimeout
        self.healthCheckTimeout = healthCheckTimeout
        self.outputs = outputs
        self.source = source
    }

    /// Every tool that must exist for the class to be available, in a fixed order, without repeats.
    package var requiredTools: [String] {
        var tools: [String] = []
        for call in [start, stop, restart, status, healthCheck] {
            if let tool = call?.tool, !tools.contains(tool) { tools.append(tool) }
        }
        return tools
    }
}

/// The call of a tool at one point of a service's life.
package struct LifecycleCall: Sendable {
    package var tool: String
    package var arguments: JSONObject
    /// Output name → path into the tool's result, or a template.
    package var outputs: [(name: String, path: String)]
    /// Only for health checks.
    package var expectations: Expectations

    package init(
        tool: String,
        arguments: JSONObject = JSONObject(),
        outputs: [(name: String, path: String)] = [],
        expectations: Expectations = Expectations()
    ) {
        self.tool = tool
        self.arguments = arguments
        self.outputs = outputs
        self.expectations = expectations
    }
}

/// How often the health of an instance is checked and when it changes.
package struct HealthPolicy: Sendable, Hashable {
    package var isEnabled: Bool
    package var interval: Duration
    package var failureThreshold: Int
    package var successThreshold: Int

    package init(
        isEnabled: Bool = false,
        interval: Duration = .seconds(30),
        failureThreshold: Int = 3,
        successThreshold: Int = 1
    ) {
        self.isEnabled = isEnabled
        self.interval = interval
        self.failureThreshold = failureThreshold
        self.successThreshold = successThreshold
    }
}
