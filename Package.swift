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
        .target(name: "GoTemplate", dependencies: ["Diagnostics", "JSON"], swiftSettings: settings),
        .testTarget(name: "GoTemplateTests", dependencies: ["GoTemplate", "JSON"], swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    ]
)
