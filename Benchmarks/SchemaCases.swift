import JSON

/// A schema and a value that satisfies it, both made here so that every run measures the same.
struct SchemaCase {
    var name: String
    var schema: JSONValue
    var instance: JSONValue

    static let all: [SchemaCase] = [
        SchemaCase(name: "tool arguments", schema: toolSchema, instance: toolArguments),
        SchemaCase(name: "deployment object", schema: deploymentSchema, instance: deployment),
        SchemaCase(
            name: "1000 records",
            schema: ["type": "array", "items": recordSchema, "maxItems": 5000],
            instance: .array((0..<1000).map(record))
        ),
        SchemaCase(
            name: "60 members of a union",
            schema: ["type": "array", "items": ["oneOf": .array((0..<6).map(shapeSchema))]],
            instance: .array((0..<60).map(shape))
        ),
        SchemaCase(name: "tree of 255 nodes", schema: treeSchema, instance: tree(depth: 8)),
        SchemaCase(
            name: "50 rows of patterns",
            schema: ["type": "array", "items": patternSchema],
            instance: .array((0..<50).map(patternRow))
        ),
    ]

    // MARK: Tool arguments

    private static let toolSchema: JSONValue = [
        "type": "object",
        "properties": [
            "cluster": ["type": "string", "minLength": 1, "maxLength": 63],
            "namespace": ["type": "string", "default": "default"],
            "replicas": ["type": "integer", "minimum": 0, "maximum": 1000],
            "dryRun": ["type": "boolean"],
            "strategy": ["type": "string", "enum": ["rolling", "recreate", "canary"]],
            "labels": ["type": "object", "additionalProperties": ["type": "string"]],
            "ports": ["type": "array", "items": ["type": "integer", "minimum": 1, "maximum": 65535]],
            "timeout": ["type": "number", "exclusiveMinimum": 0],
            "note": ["type": ["string", "null"]],
        ],
        "required": ["cluster", "replicas"],
        "additionalProperties": false,
    ]

    private static let toolArguments: JSONValue = [
        "cluster": "production-eu-1", "namespace": "monitoring", "replicas": 3, "dryRun": false, "strategy": "rolling",
        "labels": ["app": "prometheus", "team": "observability", "tier": "backend"], "ports": [80, 443, 9090],
        "timeout": 12.5, "note": .null,
    ]

    // MARK: A deployment

    private static let deploymentSchema: JSONValue = [
        "$defs": [
            "meta": [
                "type": "object",
                "properties": [
                    "name": ["type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 253],
                    "namespace": ["type": "string"],
                    "labels": ["type": "object", "additionalProperties": ["type": "string", "maxLength": 63]],
                    "annotations": ["type": "object", "additionalProperties": ["type": "string"]],
                ],
                "required": ["name"],
            ],
            "container": [
                "type": "object",
                "properties": [
                    "name": ["type": "string"], "image": ["type": "string", "minLength": 1],
                    "args": ["type": "array", "items": ["type": "string"]],
                    "env": [
                        "type": "array",
                        "items": [
                            "type": "object",
                            "properties": ["name": ["type": "string"], "value": ["type": "string"]],
                            "required": ["name"], "additionalProperties": false,
                        ],
                    ],
                    "ports": [
                        "type": "array",
                        "items": [
                            "type": "object",
                            "properties": [
                                "containerPort": ["type": "integer", "minimum": 1, "maximum": 65535],
                                "protocol": ["enum": ["TCP", "UDP", "SCTP"]],
                            ],
                            "required": ["containerPort"],
                        ],
                    ],
                    "resources": [
                        "type": "object",
                        "properties": [
                            "limits": ["$ref": "#/$defs/quantities"], "requests": ["$ref": "#/$defs/quantities"],
                        ],
                    ],
                ],
                "required": ["name", "image"],
            ],
            "quantities": ["type": "object", "additionalProperties": ["type": ["string", "integer"]]],
            "podMeta": ["type": "object", "properties": ["labels": ["type": "object"]]],
        ],
        "type": "object",
        "properties": [
            "apiVersion": ["const": "apps/v1"], "kind": ["const": "Deployment"], "metadata": ["$ref": "#/$defs/meta"],
            "spec": [
                "type": "object",
                "properties": [
                    "replicas": ["type": "integer", "minimum": 0],
                    "selector": ["type": "object", "properties": ["matchLabels": ["type": "object"]]],
                    "template": [
                        "type": "object",
                        "properties": [
                            "metadata": ["$ref": "#/$defs/podMeta"],
                            "spec": [
                                "type": "object",
                                "properties": [
                                    "containers": [
                                        "type": "array", "items": ["$ref": "#/$defs/container"], "minItems": 1,
                                    ],
                                    "restartPolicy": ["enum": ["Always", "OnFailure", "Never"]],
                                ],
                                "required": ["containers"],
                            ],
                        ],
                    ],
                ],
                "required": ["selector", "template"],
            ],
        ],
        "required": ["apiVersion", "kind", "metadata", "spec"],
    ]

    private static let deployment: JSONValue = [
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": [
            "name": "api-server", "namespace": "production", "labels": ["app": "api", "version": "v2", "team": "core"],
            "annotations": ["owner": "core@example.org", "change": "2025-11-03 rollout of the new cache"],
        ],
        "spec": [
            "replicas": 5, "selector": ["matchLabels": ["app": "api"]],
            "template": [
                "metadata": ["labels": ["app": "api"]],
                "spec": ["restartPolicy": "Always", "containers": .array((0..<3).map(container))],
            ],
        ],
    ]

    private static func container(_ number: Int) -> JSONValue {
        [
            "name": .string("container-\(number)"),
            "image": .string("registry.example.org/team/image-\(number):1.4.\(number)"),
            "args": ["--listen", "0.0.0.0:8080", "--verbose"],
            "env": .array((0..<6).map { ["name": .string("VARIABLE_\($0)"), "value": .string("value \($0)")] }),
            "ports": [["containerPort": 8080, "protocol": "TCP"], ["containerPort": 9090, "protocol": "TCP"]],
            "resources": ["limits": ["cpu": "500m", "memory": "512Mi"], "requests": ["cpu": 1, "memory": "256Mi"]],
        ]
    }

    // MARK: Records

    private static let recordSchema: JSONValue = [
        "type": "object",
        "properties": [
            "id": ["type": "integer", "minimum": 0], "name": ["type": "string", "maxLength": 100],
            "email": ["type": "string"], "score": ["type": "number", "minimum": 0, "maximum": 100],
            "active": ["type": "boolean"], "tags": ["type": "array", "items": ["type": "string"], "maxItems": 10],
        ],
        "required": ["id", "name", "score"],
        "additionalProperties": false,
    ]

    private static func record(_ number: Int) -> JSONValue {
        [
            "id": .integer(Int64(number)), "name": .string("Person Number \(number)"),
            "email": .string("person.\(number)@example.org"), "score": .double(Double(number % 1000) / 10 + 0.05),
            "active": .bool(number % 3 == 0), "tags": ["alpha", "beta", .string("tag-\(number % 17)")],
        ]
    }

    // MARK: A union

    private static func shapeSchema(_ number: Int) -> JSONValue {
        [
            "type": "object",
            "properties": [
                "kind": ["const": .string("kind-\(number)")], "color": ["enum": ["red", "green", "blue"]],
                "field\(number)": ["type": "number", "minimum": 0],
            ],
            "required": ["kind", .string("field\(number)")],
        ]
    }

    private static func shape(_ number: Int) -> JSONValue {
        [
            "kind": .string("kind-\(number % 6)"), "color": "green", "field\(number % 6)": .integer(Int64(number)),
        ]
    }

    // MARK: A tree

    private static let treeSchema: JSONValue = [
        "$defs": [
            "node": [
                "type": "object",
                "properties": [
                    "value": ["type": "integer"], "left": ["$ref": "#/$defs/node"], "right": ["$ref": "#/$defs/node"],
                ],
                "required": ["value"],
            ]
        ],
        "$ref": "#/$defs/node",
    ]

    private static func tree(depth: Int) -> JSONValue {
        var node: JSONObject = ["value": .integer(Int64(depth))]
        if depth > 1 {
            node["left"] = tree(depth: depth - 1)
            node["right"] = tree(depth: depth - 1)
        }
        return .object(node)
    }

    // MARK: Patterns

    private static let patternSchema: JSONValue = [
        "type": "object",
        "properties": [
            "version": ["type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$"],
            "name": ["type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"],
            "role": ["type": "string", "pattern": "^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_-]+$"],
            "color": ["type": "string", "pattern": "^#[0-9a-fA-F]{6}$"],
            "path": ["type": "string", "pattern": "^(/[A-Za-z0-9._-]+)+$"],
        ],
        "patternProperties": ["^x-": ["type": "string"]],
        "additionalProperties": false,
    ]

    private static func patternRow(_ number: Int) -> JSONValue {
        [
            "version": .string("1.\(number).\(number * 7)-rc.\(number)"), "name": .string("service-\(number)-worker"),
            "role": .string("arn:aws:iam::123456789012:role/deploy-\(number)"), "color": "#a0B1c2",
            "path": .string("/srv/data/\(number)/current"), "x-note": "anything",
        ]
    }
}
