/// One lexical element of a template; `start` and `end` are UTF-8 offsets in the text.
struct Token: Sendable {
    enum Kind: Sendable, Hashable {
        case text, leftDelimiter, rightDelimiter
        case identifier, field, element, variable, dot, boolean, nilWord, number, character, string, rawString
        case pipe, leftParenthesis, rightParenthesis, comma, assign, declare
        case ifWord, elseWord, endWord, rangeWord, withWord, defineWord, blockWord, templateWord, breakWord,
            continueWord
        case end
    }

    var kind: Kind
    var start: Int
    var end: Int
    /// Whether white space stands directly before it.
    var followsSpace = false
}

extension Token.Kind {
    /// The keyword that a name is, if any.
    static func keyword(_ name: String) -> Token.Kind? {
        switch name {
        case "true", "false": .boolean
        case "nil": .nilWord
        case "if": .ifWord
        case "else": .elseWord
        case "end": .endWord
        case "range": .rangeWord
        case "with": .withWord
        case "define": .defineWord
        case "block": .blockWord
        case "template": .templateWord
        case "break": .breakWord
        case "continue": .continueWord
        default: nil
        }
    }
}
