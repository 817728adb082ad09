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
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(
            name: "WorkflowLoading",
            dependencies: ["CLibYAML", "Diagnostics", "JSON", "WorkflowModel"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WorkflowLoadingTests",
            dependencies: ["Diagnostics", "JSON", "WorkflowLoading", "WorkflowModel"],
            exclude: ["Goldens"],
            swiftSettings: settings
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    ]
)
