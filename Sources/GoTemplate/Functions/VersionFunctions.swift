/// Semantic versions.
enum VersionFunctions {
    static let table: [Function] = [
        Function("semver", [.text], "Parses a version; gives Major, Minor, Patch, Prerelease, Metadata, Original.") {
            call throws(TemplateError) in
            guard let version = VersionBox(parsing: call.text(0)) else { throw .function("invalid semantic version") }
            return .version(version)
        },
        Function("semverCompare", [.text, .text], "Whether the version satisfies the constraint.") {
            call throws(TemplateError) in
            guard let constraint = VersionConstraint(call.text(0)) else {
                throw .function("improper constraint: \(call.text(0))")
            }
            guard let version = VersionBox(parsing: call.text(1)) else { throw .function("invalid semantic version") }
            return .bool(constraint.accepts(version))
        },
    ]
}
