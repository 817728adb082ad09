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
    ],
    targets: [
        .target(name: "JSON", swiftSettings: settings),
        .target(name: "Diagnostics", swiftSettings: settings),
        .target(name: "WorkflowModel", dependencies: ["Diagnostics", "JSON"], swiftSettings: settings),
        .target(name: "ToolCatalog", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "Storage", dependencies: ["JSON", "WorkflowModel"], swiftSettings: settings),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "SQLiteStorage",
            dependencies: ["CSQLite", "JSON", "Storage", "WorkflowModel"],
            swiftSettings: settings
        ),
        .target(name: "GoTemplate", dependencies: ["Diagnostics", "JSON"], swiftSettings: settings),
        .target(
            name: "Expressions",
            dependencies: ["GoTemplate", "JSON", "WorkflowModel"],
            swiftSettings: settings
        ),
        .target(
            name: "Engine",
            dependencies: ["Expressions", "GoTemplate", "JSON", "Storage", "ToolCatalog", "WorkflowModel"],
            swiftSettings: settings
        ),
        .target(
            name: "ServiceManagement",
            dependencies: ["Expressions", "GoTemplate", "JSON", "ToolCatalog", "WorkflowModel"],
            swiftSettings: settings
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    ]
)
