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
            let constraint = try constraint(call)
            guard let version = VersionBox(parsing: call.text(1)) else { throw .function("invalid semantic version") }
            return .bool(constraint.accepts(version))
        },
    ]

    private static func constraint(_ call: Call) throws(TemplateError) -> VersionConstraint {
        if case .constraint(let constraint)? = call.site.prepared { return constraint }
        guard let constraint = VersionConstraint(call.text(0)) else {
            throw .function("improper constraint: \(call.text(0))")
        }
        return constraint
    }
}
