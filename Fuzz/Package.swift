// swift-tools-version: 6.2
import PackageDescription

// A package of its own: it only links with the fuzzer's runtime (-sanitize=fuzzer), as Scripts/fuzz builds it.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "muster", path: "..")],
    targets: [
        .executableTarget(
            name: "muster-fuzz",
            dependencies: ["JSON", "GoTemplate", "SchemaValidation", "RegularExpressions"].map {
                .product(name: $0, package: "muster")
            },
            path: "Sources",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]
        )
    ]
)
