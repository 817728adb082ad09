import Diagnostics
import Glibc
import Testing

enum Golden {
    static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Goldens"

    /// Compares `text` with `Goldens/<name>.txt`; with `RECORD_GOLDENS=1` writes the file and fails.
    static func check(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let path = "\(folder)/\(name).txt"
        if let flag = getenv("RECORD_GOLDENS"), String(cString: flag) == "1" {
            write(path, text + "\n")
            Issue.record("recorded \(name).txt", sourceLocation: sourceLocation)
            return
        }
        #expect(read(path) == text + "\n", sourceLocation: sourceLocation)
    }

    static func write(_ path: String, _ text: String) {
        guard let file = fopen(path, "w") else { return }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        fwrite(bytes, 1, bytes.count, file)
    }

    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names in a folder, sorted.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// A folder under the system's temporary folder, removed with the value.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/muster-loading-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
        }
    }

    deinit {
        guard path != "/tmp" else { return }
        remove(path)
    }

    private func remove(_ path: String) {
        for name in Golden.names(in: path) { remove(path + "/" + name) }
        _ = Glibc.remove(path)
    }

    func write(_ name: String, _ text: String) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        Golden.write(path + "/" + name, text)
    }
}

/// SplitMix64, so that a failing seed repeats.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

let seedExample = """
    apiVersion: muster.giantswarm.io/v1alpha1
    kind: Workflow
    metadata:
      name: connect-monitoring
    spec:
      description: "Connect to monitoring in a Giant Swarm installation"
      args:
        cluster: { type: "string", description: "Cluster domain (e.g., 'my-k8s.my-domain.com')", required: true }
        localPort: { type: "string", default: "18000", description: "Local port for forwarding" }
      steps:
        - id: "login-cluster"
          tool: "x_teleport_kube_login"
          args: { kubeCluster: "{{.input.cluster}}" }
        - id: "setup-prometheus-access"
          tool: "core_service_create"
          args:
            serviceClassName: "prometheus-port-forward"
            name: "prometheus-port-forward-{{.input.cluster}}"
            args: { cluster: "{{.input.cluster}}", localPort: "{{.input.localPort}}" }

    """
