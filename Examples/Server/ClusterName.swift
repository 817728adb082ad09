/// The name of a cluster, such as `my-k8s.my-domain.com`: labels of letters, digits and hyphens, joined by dots.
struct ClusterName: Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ text: String) throws(ToolFailure) {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else {
            throw ToolFailure(
                "'\(text)' is not the name of a cluster: lower-case letters, digits and hyphens are, "
                    + "in parts joined by dots, e.g. my-k8s.my-domain.com"
            )
        }
        description = text
    }

    /// Source: RFC 1123, section 2.1.
    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return 1...63 ~= label.count && label.first != hyphen && label.last != hyphen
            && label.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == hyphen
            }
    }
}
