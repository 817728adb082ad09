import Glibc

/// A login to a cluster: the file that teleport writes and kubernetes reads.
struct Kubeconfig: Sendable {
    struct Node: Sendable {
        var name: String
        /// State of the node's Cilium agent; anything but `running` is trouble.
        var cilium: String
    }

    var cluster: ClusterName
    var user: String
    var nodes: [Node]
    /// The process that wrote the file and removes it at its end.
    var writer: Int32

    init(cluster: ClusterName, user: String) {
        self.cluster = cluster
        self.user = user
        nodes = ["control-plane-0", "worker-0", "worker-1"].map { Node(name: $0, cilium: "running") }
        writer = getpid()
    }

    var context: String { "teleport-\(cluster)" }

    static func file(of cluster: ClusterName) -> String { "kubeconfig-\(cluster).yaml" }

    /// The nodes are what a real cluster would be asked for; here they stand in the file, where you may change them.
    var yaml: String {
        let nodes = nodes.map { "  - { name: \($0.name), cilium: \($0.cilium) }" }.joined(separator: "\n")
        return """
            # Written by example-server teleport.
            apiVersion: v1
            kind: Config
            current-context: \(context)
            clusters:
              - { name: \(cluster), cluster: { server: "https://\(cluster):6443" } }
            contexts:
              - { name: \(context), context: { cluster: \(cluster), user: \(user) } }
            users:
              - { name: \(user), user: {} }
            nodes:
            \(nodes)
            writer: \(writer)

            """
    }

    func save(in folder: SharedFolder) throws(ToolFailure) {
        try folder.write(yaml, to: Self.file(of: cluster))
    }

    /// - Throws: a sentence that says how to log in when there is no login.
    static func load(_ cluster: ClusterName, from folder: SharedFolder) throws(ToolFailure) -> Kubeconfig {
        guard let yaml = folder.read(file(of: cluster)) else {
            throw ToolFailure("not logged in to cluster '\(cluster)': call teleport's kube_login first")
        }
        var config = Kubeconfig(cluster: cluster, user: "")
        config.nodes = []
        for line in yaml.split(separator: "\n") {
            if let node = node(line) { config.nodes.append(node) }
            if let user = value(after: "user: ", in: line), !line.contains("user: {}") { config.user = user }
            if let pid = value(after: "writer: ", in: line).flatMap({ Int32($0) }) { config.writer = pid }
        }
        return config
    }

    /// Every login in the folder, ordered by cluster.
    static func all(in folder: SharedFolder) -> [Kubeconfig] {
        folder.files.compactMap { file in
            guard file.hasPrefix("kubeconfig-"), file.hasSuffix(".yaml") else { return nil }
            // Not ours, or gone since it was listed.
            return try? load(ClusterName(String(file.dropFirst(11).dropLast(5))), from: folder)
        }
    }

    private static func node(_ line: Substring) -> Node? {
        guard let name = value(after: "{ name: ", in: line), let cilium = value(after: "cilium: ", in: line) else {
            return nil
        }
        return Node(name: name, cilium: cilium)
    }

    /// The word that follows `key`, up to a comma, a space or the end.
    private static func value(after key: String, in line: Substring) -> String? {
        guard let start = line.firstRange(of: key)?.upperBound else { return nil }
        let word = line[start...].prefix { $0 != "," && $0 != " " }
        return word.isEmpty ? nil : String(word)
    }
}
