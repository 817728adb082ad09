import JSON
import Synchronization

/// Stands in for a Kubernetes client: contexts and health from the kubeconfig files, port-forwards that really listen.
final class KubernetesServer: ExampleServer {
    private let folder: SharedFolder
    private let forwards: PortForwards
    private let current = Mutex<ClusterName?>(nil)

    init(_ folder: SharedFolder) {
        self.folder = folder
        forwards = PortForwards(folder)
    }

    var tools: [ExampleTool] { clusterTools + forwards.tools }

    func stop() async { await forwards.stopAll() }

    private static let cluster = ExampleTool.Parameter.text("cluster", "Name of a cluster with a login")

    private var clusterTools: [ExampleTool] {
        [
            ExampleTool("connect", "Make a cluster the current one", [Self.cluster], .sets) { [self] arguments in
                let config = try Kubeconfig.load(arguments.cluster("cluster"), from: folder)
                current.withLock { $0 = config.cluster }
                return ["cluster": .string("\(config.cluster)"), "context": .string(config.context)]
            },
            ExampleTool("context_current", "Tell the current cluster", [], .reads) { [self] _ in
                guard let cluster = current.withLock({ $0 }) else {
                    throw ToolFailure("no cluster is connected: call connect first")
                }
                let config = try Kubeconfig.load(cluster, from: folder)
                return ["cluster": .string("\(cluster)"), "context": .string(config.context)]
            },
            ExampleTool(
                "check_cilium",
                "Tell whether Cilium runs on every node of a cluster",
                [Self.cluster],
                .reads
            ) { [self] arguments in
                Self.ciliumHealth(try Kubeconfig.load(arguments.cluster("cluster"), from: folder))
            },
        ]
    }

    /// Healthy is a cluster with nodes of which each runs Cilium.
    private static func ciliumHealth(_ config: Kubeconfig) -> JSONObject {
        let troubled = config.nodes.filter { $0.cilium != "running" }
        return [
            "healthy": .bool(!config.nodes.isEmpty && troubled.isEmpty),
            "cluster": .string("\(config.cluster)"),
            "nodes": .integer(Int64(config.nodes.count)),
            "unhealthyNodes": .array(troubled.map { .string($0.name) }),
        ]
    }
}
