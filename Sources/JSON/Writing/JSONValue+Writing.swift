extension JSONValue {
    /// The value as JSON. Infinities and NaN, which JSON has not, are written as null.
    public func text(_ format: JSONFormat = .compact) -> String {
        var writer = JSONWriter(format: format)
        writer.write(self)
        return String(checked: writer.output.bytes, isASCII: writer.isASCII)
    }

    /// The value as JSON in UTF-8.
    public func bytes(_ format: JSONFormat = .compact) -> [UInt8] {
        var writer = JSONWriter(format: format)
        writer.write(self)
        return Array(writer.output.bytes)
    }

    /// Appends the compact form; for writers that build a message around it.
    public func write(to output: inout [UInt8]) {
        var writer = JSONWriter(format: .compact)
        writer.write(self)
        output.append(contentsOf: writer.output.bytes)
    }
}

extension JSONObject {
    public func text(_ format: JSONFormat = .compact) -> String { JSONValue.object(self).text(format) }

    public func bytes(_ format: JSONFormat = .compact) -> [UInt8] { JSONValue.object(self).bytes(format) }
}
