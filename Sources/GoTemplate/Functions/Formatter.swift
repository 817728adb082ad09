/// `printf`: a format with its arguments.
struct Formatter {
    init(_ format: String, _ arguments: [Value], limit: Int) {}
    mutating func run() throws(TemplateError) -> String { "" }
}
