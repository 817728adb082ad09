import Engine
import WorkflowLoading
import WorkflowModel

/// What is known of tools without starting anything.
enum CoreToolNames {
    /// The core's tools, the workflows, and every name with the prefix of external tools: those are known only to their
    /// servers.
    static func offline(_ snapshot: ConfigurationSnapshot) -> Set<String> {
        var names = Set(core)
        names.formUnion(snapshot.definitions(of: .workflow).map { WorkflowDefinition.toolPrefix + $0.name })
        let prefix = snapshot.settings.musterPrefix + "_"
        for workflow in snapshot.workflows { names.formUnion(workflow.requiredTools.filter { $0.hasPrefix(prefix) }) }
        for definition in snapshot.serviceClasses {
            names.formUnion(definition.requiredTools.filter { $0.hasPrefix(prefix) })
        }
        return names
    }

    private static let core = [
        "core_workflow_list", "core_workflow_get", "core_workflow_available", "core_workflow_execution_list",
        "core_workflow_execution_get", "core_workflow_execution_cancel", "core_workflow_execution_resume",
        "core_serviceclass_list", "core_serviceclass_get", "core_serviceclass_available", "core_service_list",
        "core_service_status", "core_service_get", "core_service_create", "core_service_delete", "core_service_start",
        "core_service_stop", "core_service_restart", "core_mcpserver_list", "core_mcpserver_get",
        "core_mcpserver_create", "core_mcpserver_update", "core_mcpserver_validate", "core_mcpserver_delete",
        "core_auth_login", "core_auth_logout",
    ]
}
