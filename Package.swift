// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// A target of our own: built with the settings above.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(
    _ name: String,
    _ dependencies: [Target.Dependency],
    path: String? = nil,
    excluding: [String] = []
) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: path,
        exclude: excluding,
        swiftSettings: settings
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency], excluding: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: excluding, swiftSettings: settings)
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

// Lowest layer first; an arrow only ever goes to an earlier line. Scripts/check-layers holds this.
let layers: [[Target]] = [
    [
        module("RegularExpressions"),
        .target(name: "CAllocator"),
        .target(name: "CChildProcess"),
        // libcurl, from libcurl4-openssl-dev.
        .target(name: "CHTTPClient", linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
    ],
    [
        module("Diagnostics"),
        module("JSON"),
        module("Checksums", ["CLibCrypto"]),
    ],
    [
        module("GoTemplate", ["JSON", "Diagnostics", "Checksums", "RegularExpressions", "CLibCrypto", "CLibCrypt"]),
        module("SchemaValidation", ["JSON", "RegularExpressions"]),
        module("WorkflowModel", ["JSON", "Diagnostics"]),
        module("MCPProtocol", ["JSON", "Checksums"]),
        module("ToolCatalog", ["JSON"]),
    ],
    [
        module("WorkflowLoading", ["WorkflowModel", "JSON", "Diagnostics", "CLibYAML"]),
        module("Expressions", ["GoTemplate", "WorkflowModel", "JSON"]),
        module("Storage", ["WorkflowModel", "JSON"]),
        module(
            "MCPTransports",
            ["MCPProtocol", "JSON", "Checksums", "CChildProcess", "CHTTPClient", logging] + nio
        ),
    ],
    [
        module(
            "Engine",
            ["Expressions", "GoTemplate", "Storage", "ToolCatalog", "WorkflowModel", "JSON", "Checksums"]
        ),
        module("ServiceManagement", ["Expressions", "GoTemplate", "ToolCatalog", "WorkflowModel", "JSON"]),
        module("SQLiteStorage", ["Storage", "WorkflowModel", "JSON", "CSQLite"]),
    ],
    [
        module(
            "ToolBridges",
            [
                "Engine", "ServiceManagement", "Storage", "ToolCatalog", "WorkflowLoading", "WorkflowModel",
                "Expressions", "GoTemplate", "MCPProtocol", "MCPTransports", "SchemaValidation", "JSON", "Diagnostics",
                "Checksums", logging,
            ]
        )
    ],
    [
        module(
            "Daemon",
            [
                "ToolBridges", "Engine", "ServiceManagement", "SQLiteStorage", "Storage", "ToolCatalog",
                "WorkflowLoading", "WorkflowModel", "GoTemplate", "MCPProtocol", "MCPTransports", "JSON",
                "Diagnostics", logging,
            ]
        )
    ],
    [
        module(
            "Commands",
            [
                "Daemon", "ToolBridges", "Engine", "Storage", "ToolCatalog", "WorkflowLoading", "WorkflowModel",
                "GoTemplate", "MCPTransports", "JSON", "Diagnostics", argumentParser, logging,
            ]
        )
    ],
    [
        program("muster", ["Commands", "CAllocator"]),
        program(
            "example-server",
            ["MCPProtocol", "MCPTransports", "JSON", logging] + nio,
            path: "Examples/Server"
        ),
        program(
            "muster-bench",
            [
                "Engine", "SQLiteStorage", "Storage", "ToolCatalog", "WorkflowModel", "GoTemplate", "SchemaValidation",
                "JSON", "CSQLite",
            ],
            path: "Benchmarks",
            excluding: ["Go", "Python", "Rust", "templates.jsonl"]
        ),
    ],
]

/// An MCP server for tests of the transports.
let fixture = program(
    "mcp-fixture-server",
    ["MCPTransports", "MCPProtocol", "JSON", logging],
    path: "Tests/MCPFixtureServer"
)

let package = Package(
    name: "muster",
    products: [
        .executable(name: "muster", targets: ["muster"]),
        .executable(name: "example-server", targets: ["example-server"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "GoTemplate", targets: ["GoTemplate"]),
        .library(name: "SchemaValidation", targets: ["SchemaValidation"]),
        .library(name: "MCPProtocol", targets: ["MCPProtocol"]),
        .library(name: "RegularExpressions", targets: ["RegularExpressions"]),
    ],
    dependencies: [
        // All come from .deps, which Scripts/toolchain fills: nothing is fetched while building.
        .package(path: ".deps/swift-argument-parser"),
        .package(path: ".deps/swift-log"),
        .package(path: ".deps/swift-nio"),
    ],
    targets: layers.flatMap { $0 } + [
        fixture,
        .target(
            name: "TestSupport",
            dependencies: ["Storage", "ToolCatalog", "WorkflowModel", "JSON"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        // Holds messages of tests against the published schemas of the protocol.
        .target(
            name: "WireChecks",
            dependencies: ["SchemaValidation", "JSON"],
            path: "Tests/WireChecks",
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        tests("JSONTests", ["JSON", "TestSupport"]),
        tests("StorageTests", ["Storage", "SQLiteStorage", "WorkflowModel", "JSON", "TestSupport"]),
        tests("ExpressionsTests", ["Expressions", "GoTemplate", "WorkflowModel", "JSON"]),
        tests(
            "EngineTests",
            [
                "Engine", "Storage", "ToolCatalog", "WorkflowLoading", "WorkflowModel", "Diagnostics", "JSON",
                "TestSupport",
            ]
        ),
        tests(
            "ServiceManagementTests",
            ["ServiceManagement", "ToolCatalog", "WorkflowLoading", "WorkflowModel", "JSON", "TestSupport"]
        ),
        tests(
            "DaemonTests",
            [
                "Daemon", "ToolBridges", "Engine", "ServiceManagement", "Storage", "ToolCatalog", "WorkflowLoading",
                "WorkflowModel", "MCPProtocol", "MCPTransports", "SchemaValidation", "JSON", "TestSupport",
            ]
        ),
        tests(
            "ToolBridgesTests",
            [
                "ToolBridges", "MCPTransports", "MCPProtocol", "ServiceManagement", "ToolCatalog", "WorkflowLoading",
                "WorkflowModel", "JSON", "Diagnostics", "TestSupport", logging,
            ] + nio,
            excluding: ["Fixtures"]
        ),
        tests("ToolCatalogTests", ["ToolCatalog", "JSON", "TestSupport"]),
        tests("MCPProtocolTests", ["MCPProtocol", "JSON", "TestSupport"]),
        tests(
            "MCPTransportsTests",
            ["MCPTransports", "MCPProtocol", "mcp-fixture-server", "WireChecks", "JSON", "TestSupport", logging] + nio,
            excluding: ["Fixtures"]
        ),
        tests("GoTemplateTests", ["GoTemplate", "JSON"], excluding: ["Fixtures"]),
        tests("SchemaValidationTests", ["SchemaValidation", "JSON", "TestSupport"], excluding: ["Goldens"]),
        tests(
            "RegularExpressionsTests",
            ["RegularExpressions", "JSON", "TestSupport"],
            excluding: ["Fixtures", "Reference"]
        ),
        // The built programs from outside.
        tests(
            "ScenarioTests",
            ["muster", "example-server", "SchemaValidation", "WireChecks", "TestSupport", "JSON"],
            excluding: ["Fixtures"]
        ),
        tests(
            "WorkflowLoadingTests",
            ["WorkflowLoading", "WorkflowModel", "JSON", "Diagnostics"],
            excluding: ["Goldens"]
        ),
    ]
)
