import RegularExpressions

/// A constant argument in a language of its own, read when the template is compiled.
enum PreparedArgument: Sendable {
    case pattern(RegularExpression)
    case layout([TimeLayout.Element])
    case constraint(VersionConstraint)
    case format([UInt8])

    /// The function's first argument; nil for functions that take none of these. What is wrong fails when the function is
    /// called.
    init?(_ text: String, of function: Function) {
        let name = function.original ?? function.name
        switch name {
        case "date", "dateInZone": self = .layout(TimeLayout.elements(text))
        case "printf": self = .format(Array(text.utf8))
        case "semverCompare":
            guard let constraint = VersionConstraint(text) else { return nil }
            self = .constraint(constraint)
        case _ where RegexFunctions.takesPatternFirst(name):
            do throws(RegularExpressionError) { self = .pattern(try RegularExpression(text)) } catch { return nil }
        default: return nil
        }
    }
}
