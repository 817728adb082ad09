/// What the catalogue refuses, on every path: a client's call, `call_tool`, a step, a lifecycle call.
package struct CallPolicy: Sendable {
    /// Whether tools on the list of destructive names may be called.
    package var allowsDestructiveTools: Bool

    package init(allowsDestructiveTools: Bool = false) { self.allowsDestructiveTools = allowsDestructiveTools }

    /// The sentence with which a call is refused; nil when it may go on.
    package func refusal(of tool: ToolDescriptor) -> String? {
        guard !allowsDestructiveTools, let original = tool.originalName, Self.destructiveNames.contains(original) else {
            return nil
        }
        return "tool '\(tool.name)' is blocked as it is destructive. "
            + "Use --yolo flag to allow destructive operations"
    }

    /// See docs/mcp-servers.md.
    private static let destructiveNames: Set<String> = [
        "apply_kubernetes_manifest", "delete_kubernetes_resource", "kubectl_apply", "kubectl_create", "kubectl_delete",
        "kubectl_patch", "kubectl_rollout", "kubectl_scale", "capi_create_cluster", "capi_create_machinedeployment",
        "capi_delete_cluster", "capi_delete_machine", "capi_move_cluster", "capi_pause_cluster",
        "capi_remediate_machine", "capi_resume_cluster", "capi_scale_cluster", "capi_scale_machinedeployment",
        "capi_update_cluster", "capi_upgrade_cluster", "install_helm_chart", "uninstall_helm_chart",
        "upgrade_helm_chart", "reconcile_flux_helmrelease", "reconcile_flux_kustomization",
        "reconcile_flux_resourceset", "reconcile_flux_source", "resume_flux_reconciliation",
        "suspend_flux_reconciliation", "cleanup", "create_incident", "update_dashboard",
    ]
}
