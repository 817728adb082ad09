import Glibc
import JSON

/// Where the Prometheus stand-in listens: a file that it writes and kubernetes reads.
struct PrometheusAddress: Sendable {
    private static let file = "prometheus.json"

    var port: Int
    /// The process that listens and removes the file at its end.
    var process = getpid()

    func save(in folder: SharedFolder) throws(ToolFailure) {
        let json: JSONObject = ["port": .integer(Int64(port)), "process": .integer(Int64(process))]
        try folder.write(json.text() + "\n", to: Self.file)
    }

    /// - Throws: a sentence when none runs; a file that a killed process left behind does not count.
    static func load(from folder: SharedFolder) throws(ToolFailure) -> PrometheusAddress {
        guard let address = saved(in: folder), kill(address.process, 0) == 0 else {
            throw ToolFailure("no Prometheus runs here: start example-server prometheus, or give a targetPort")
        }
        return address
    }

    /// Removes the file unless another process has written it since.
    func remove(from folder: SharedFolder) {
        if Self.saved(in: folder)?.process == process { folder.remove(Self.file) }
    }

    private static func saved(in folder: SharedFolder) -> PrometheusAddress? {
        // What is no JSON is not from us.
        guard let text = folder.read(file), let json = try? JSONValue(parsing: text),
            let port = json["port"]?.integerValue, let process = json["process"]?.integerValue
        else { return nil }
        return PrometheusAddress(port: Int(port), process: Int32(truncatingIfNeeded: process))
    }
}
