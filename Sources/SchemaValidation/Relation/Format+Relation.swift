/// What formats say about each other and about lengths.
extension Format {
    /// Lengths of texts with the format, in code points; everything when they are not known.
    var lengths: ClosedRange<Int> {
        switch self {
        case .date: 10...10
        case .uuid: 36...36
        case .ipv4: 7...15
        case .time: 9...Int.max
        case .dateTime: 20...Int.max
        case .duration: 3...Int.max
        case .email, .idnEmail: 3...Int.max
        case .ipv6: 2...Int.max
        case .uri, .iri: 2...Int.max
        default: 0...Int.max
        }
    }

    /// Whether every text with this format has the other one as well.
    func isKind(of other: Format) -> Bool {
        switch self {
        case .uri: other == .iri || other == .uriReference || other == .iriReference
        case .iri, .uriReference: other == .iriReference
        default: false
        }
    }
}
