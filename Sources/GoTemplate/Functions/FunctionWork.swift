/// What functions cost that do more with their arguments than read them once.
///
/// A step is charged for every two bytes of a long text that a function is given. These are charged more, so that a
/// template which has used up its steps has used no more processor time than it may.
struct FunctionWork {
    /// How many times as long a byte takes.
    var perByte = 1
    /// Steps for each element of a list and each member of an object.
    var perElement = 0

    /// Texts below this many bytes and composites below this many elements are not charged.
    static let freeBytes = 4096
    static let freeElements = 256

    static func of(_ name: String) -> FunctionWork {
        switch name {
        case "snakecase", "kebabcase", "camelcase": FunctionWork(perByte: 8)
        case "shuffle": FunctionWork(perByte: 16)
        case "swapcase", "untitle", "regexFindAll", "regexSplit", "initials", "nospace", "js": FunctionWork(perByte: 4)
        case "upper", "lower", "title", "trim", "urlquery", "regexReplaceAll": FunctionWork(perByte: 2)
        case "join", "sortAlpha", "toString", "toJson", "toPrettyJson", "toRawJson", "uniq", "without", "has":
            FunctionWork(perElement: 1)
        default: FunctionWork()
        }
    }

    /// Steps for making a part of a text: an element of a list, or a member of an object, which takes longer.
    static let part = 4
    static let member = 24
    /// Steps for compiling a byte of a pattern while the template runs.
    static let patternByte = 16
}
