import JSON

/// The texts of the JSON measurement: what tools really return, made by arithmetic so that every machine has the same.
enum JSONDocuments {
    struct Document {
        var name: String
        var text: [UInt8]
    }

    static func make() -> [Document] {
        let values: [(String, JSONValue)] = [
            ("message", message), ("rows", rows(500)), ("pods", pods(60)), ("logs", logs(2000)), ("prose", prose(1500)),
            ("series", series(4000)), ("measurements", measurements(4000)), ("deep", deep(40, levels: 100)),
            ("dictionary", dictionary(3000)),
        ]
        return values.map { Document(name: $0, text: $1.bytes()) }
    }

    /// A call of a tool as it comes over the wire, about 200 bytes.
    private static var message: JSONValue {
        [
            "jsonrpc": "2.0", "id": 4711, "method": "tools/call",
            "params": [
                "name": "x_kubernetes_get", "_meta": ["progressToken": 17],
                "arguments": ["namespace": "monitoring", "kind": "Deployment", "name": "prometheus-0", "wide": true],
            ],
        ]
    }

    /// A table: small objects of strings and integers.
    private static func rows(_ count: Int) -> JSONValue { list(count, of: row) }

    private static func row(_ number: Int) -> JSONValue {
        let restarts = Int64(number * 31 % 17)
        let owner = "team-\(words[number % words.count])"
        return [
            "id": .integer(Int64(number)), "name": .string("service-\(number)"), "state": "Running",
            "healthy": .bool(number % 7 != 0), "restarts": .integer(restarts), "zone": "eu-central-1a",
            "owner": .string(owner), "lastError": .null,
        ]
    }

    private static func pods(_ count: Int) -> JSONValue {
        ["apiVersion": "v1", "kind": "PodList", "items": list(count, of: pod)]
    }

    private static func pod(_ number: Int) -> JSONValue {
        let name = "controller-\(hexadecimal(number, 9))-\(hexadecimal(number + 1, 5))"
        let labels: JSONValue = [
            "app.kubernetes.io/name": "controller", "app.kubernetes.io/instance": .string(name),
            "app.kubernetes.io/managed-by": "Helm", "pod-template-hash": .string(hexadecimal(number, 9)),
        ]
        let container: JSONValue = [
            "name": "controller", "image": "registry.example.com/platform/controller:1.27.\(number % 9)",
            "args": ["--leader-elect", "--metrics-bind-address=:8080", "--zap-log-level=info"],
            "env": list(4) { ["name": .string("SETTING_\($0)"), "value": .string("value of \($0) for \(number)")] },
            "resources": [
                "limits": ["cpu": "500m", "memory": "256Mi"], "requests": ["cpu": "100m", "memory": "128Mi"],
            ],
            "terminationMessagePath": "/dev/termination-log", "imagePullPolicy": "IfNotPresent",
        ]
        let conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map { type -> JSONValue in
            [
                "type": .string(type), "status": "True", "lastProbeTime": .null,
                "lastTransitionTime": "2026-03-0\(number % 9 + 1)T10:15:\(number % 50 + 10)Z",
            ]
        }
        return [
            "metadata": [
                "name": .string(name), "namespace": "platform", "labels": labels,
                "uid": "\(hexadecimal(number, 8))-4c1e-4f5e-9d2c-\(hexadecimal(number * 3, 12))",
                "resourceVersion": .string(String(100_000 + number * 37)), "generation": 3,
            ],
            "spec": [
                "containers": [container], "nodeName": "worker-\(number % 12)", "restartPolicy": "Always",
                "priority": 0,
            ],
            "status": [
                "phase": "Running", "podIP": "10.244.\(number % 12).\(number % 250)", "conditions": .array(conditions),
            ],
        ]
    }

    /// A tool's long text: lines of a log, with line breaks and quotes to escape.
    private static func logs(_ count: Int) -> JSONValue {
        let lines = (0..<count).map { number in
            "2026-03-01T10:\(number / 60 % 50 + 10):\(number % 50 + 10)Z INFO msg=\"reconciled \(words[number % words.count])\" duration=\(number % 977)ms"
        }
        return ["content": [["type": "text", "text": .string(lines.joined(separator: "\n"))]], "isError": false]
    }

    /// Long text with letters outside ASCII.
    private static func prose(_ count: Int) -> JSONValue {
        let text = (0..<count).map {
            ["größer als", "naïve façade", "the rest of it", "日本語の文", "Füße 👣", "plain words"][$0 * 7 % 6]
        }
        return ["content": [["type": "text", "text": .string(text.joined(separator: ", "))]]]
    }

    /// Points in time with values of a few decimals.
    private static func series(_ count: Int) -> JSONValue {
        list(count) { number in
            let value = Double(number * 7919 % 100_000) / 100
            return [.integer(Int64(1_772_000_000 + number * 15)), .double(value)]
        }
    }

    /// Values with all the digits that a double has.
    private static func measurements(_ count: Int) -> JSONValue {
        list(count) { number in
            let root = Double(number + 1).squareRoot()
            return .double(number % 5 == 0 ? root * 1e-7 : root)
        }
    }

    private static func deep(_ count: Int, levels: Int) -> JSONValue {
        list(count) { number in
            var value = JSONValue.integer(Int64(number))
            for level in 0..<levels { value = level % 2 == 0 ? ["next": value] : .array([value]) }
            return value
        }
    }

    /// One large object with keys that are all different.
    private static func dictionary(_ count: Int) -> JSONValue {
        var object = JSONObject()
        for number in 0..<count {
            object["namespace-\(number % 40)/\(hexadecimal(number, 10))"] = .integer(Int64(number * 3))
        }
        return .object(object)
    }

    private static func list(_ count: Int, of element: (Int) -> JSONValue) -> JSONValue {
        .array((0..<count).map(element))
    }

    private static let words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india"]

    /// Digits that look random and are not.
    private static func hexadecimal(_ number: Int, _ digits: Int) -> String {
        var state = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 31
        let text = String(state &* 0xBF58_476D_1CE4_E5B9, radix: 16)
        return String((text + "0123456789abcdef").prefix(digits))
    }
}
