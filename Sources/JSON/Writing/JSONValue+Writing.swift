extension JSONValue {
    /// The value as JSON text; always valid, and the same value when it is parsed again.
    ///
    /// Infinities and NaN, which JSON has not, are written as null. Escaped are only quotes, backslashes and control
    /// characters below U+0020. Doubles are written with the fewest digits that give the same double, and with a point or an
    /// exponent, so that they stay doubles (`1.0`, `1e+16`); the canonical format writes them otherwise. Writes values of
    /// any depth that parsing gives; one made by hand must not be nested much deeper than `JSONLimits.maximumDepth`.
    public func text(_ format: JSONFormat = .compact) -> String {
        var writer = JSONWriter(format: format)
        writer.write(self)
        return String(checked: writer.output.bytes, isASCII: writer.isASCII)
    }

    /// The value as JSON in UTF-8.
    public func bytes(_ format: JSONFormat = .compact) -> [UInt8] {
        let size = format.indentation == nil ? SizeEstimate.bytes(of: self) : nil
        guard let size else {
            var writer = JSONWriter(format: format, output: OutputBuffer(capacity: 4096))
            writer.write(self)
            return Array(writer.output.bytes)
        }
        var overflow: [UInt8]?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, initialized in
            guard let output = OutputBuffer(into: memory) else { return }
            var writer = JSONWriter(format: format, output: output)
            writer.write(self)
            if writer.output.isBorrowed {
                initialized = writer.output.count
            } else {
                overflow = Array(writer.output.bytes)
            }
        }
        return overflow ?? bytes
    }

    /// Appends the compact form; for writers that build a message around it.
    public func write(to output: inout [UInt8]) {
        var writer = JSONWriter(format: .compact)
        writer.write(self)
        output.append(contentsOf: writer.output.bytes)
    }
}

extension JSONObject {
    /// The object as JSON text, as ``JSONValue/text(_:)`` writes it.
    public func text(_ format: JSONFormat = .compact) -> String { JSONValue.object(self).text(format) }

    /// The object as JSON in UTF-8.
    public func bytes(_ format: JSONFormat = .compact) -> [UInt8] { JSONValue.object(self).bytes(format) }
}
