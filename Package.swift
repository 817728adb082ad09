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

let package = Package(
    name: "muster",
    dependencies: [
        .package(path: ".deps/swift-nio"),
        .package(path: ".deps/swift-log"),
        .package(path: ".deps/swift-atomics"),
        .package(path: ".deps/swift-collections"),
        .package(path: ".deps/swift-system"),
    ],
    targets: [
        .target(name: "JSON", swiftSettings: settings),
        .target(name: "Diagnostics", swiftSettings: settings),
        .target(name: "WorkflowModel", dependencies: ["Diagnostics", "JSON"], swiftSettings: settings),
        .target(name: "MCPProtocol", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "CChildProcess"),
        .target(
            name: "MCPTransports",
            dependencies: [
                "CChildProcess", "JSON", "MCPProtocol",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "mcp-fixture-server",
            dependencies: [
                "JSON", "MCPProtocol", "MCPTransports",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/MCPFixtureServer",
            swiftSettings: settings
        ),
        .testTarget(name: "MCPProtocolTests", dependencies: ["JSON", "MCPProtocol"], swiftSettings: settings),
        .testTarget(
            name: "MCPTransportsTests",
            dependencies: [
                "JSON", "MCPProtocol", "MCPTransports", "mcp-fixture-server",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    ]
)
