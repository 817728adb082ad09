import Glibc
import JSON

/// Stands in for Teleport: a login is a kubeconfig file in the shared folder.
struct TeleportServer: ExampleServer {
    private let folder: SharedFolder

    init(_ folder: SharedFolder) { self.folder = folder }

    private static let cluster = ExampleTool.Parameter.text(
        "kubeCluster",
        "Name of the cluster, e.g. my-k8s.my-domain.com"
    )

    var tools: [ExampleTool] {
        let folder = folder
        return [
            ExampleTool(
                "kube_login",
                "Log in to a Kubernetes cluster; writes a kubeconfig file",
                [Self.cluster],
                .sets
            ) { arguments in
                let config = Kubeconfig(cluster: try arguments.cluster("kubeCluster"), user: Self.user)
                try config.save(in: folder)
                return Self.login(config, folder, message: "Logged in to \(config.cluster) as \(config.user)")
            },
            ExampleTool(
                "kube_logout",
                "Log out of a Kubernetes cluster; removes its kubeconfig file",
                [Self.cluster],
                .removes
            ) { arguments in
                let cluster = try arguments.cluster("kubeCluster")
                let file = Kubeconfig.file(of: cluster)
                let wasLoggedIn = folder.read(file) != nil
                folder.remove(file)
                let message = wasLoggedIn ? "Logged out of \(cluster)" : "Was not logged in to \(cluster)"
                return [
                    "cluster": .string("\(cluster)"), "wasLoggedIn": .bool(wasLoggedIn), "message": .string(message),
                ]
            },
            ExampleTool("kube_list", "List the clusters with a login", [], .reads) { _ in
                let logins = Kubeconfig.all(in: folder).map { JSONValue.object(Self.login($0, folder)) }
                return ["clusters": .array(logins), "total": .integer(Int64(logins.count))]
            },
        ]
    }

    /// Removes the logins that this process made; those of another one are its own business.
    func stop() async {
        for config in Kubeconfig.all(in: folder) where config.writer == getpid() {
            folder.remove(Kubeconfig.file(of: config.cluster))
        }
    }

    private static func login(_ config: Kubeconfig, _ folder: SharedFolder, message: String? = nil) -> JSONObject {
        var login: JSONObject = [
            "cluster": .string("\(config.cluster)"), "context": .string(config.context),
            "kubeconfig": .string(folder.path(of: Kubeconfig.file(of: config.cluster))), "user": .string(config.user),
        ]
        if let message { login["message"] = .string(message) }
        return login
    }

    /// A name of the system's users, or the number of a user without a name.
    private static var user: String {
        guard let entry = getpwuid(getuid()) else { return "uid-\(getuid())" }
        return String(cString: entry.pointee.pw_name)
    }
}
