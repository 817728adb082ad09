import CLibYAML
import Diagnostics

/// What libyaml reports, as Swift values.
enum YAMLEvent {
    case documentStart
    case documentEnd
    case scalar(YAMLScalar, anchor: String?, tag: String?)
    case sequenceStart(anchor: String?, tag: String?)
    case mappingStart(anchor: String?, tag: String?)
    case collectionEnd
    case alias(String)
    case streamEnd
    case other
}

/// Why libyaml stopped; offsets are UTF-8 bytes of the file.
struct YAMLSyntaxError: Error {
    var message: String
    var offset: Int
}

/// Pulls events with places out of libyaml.
///
/// libyaml counts places in Unicode scalars; they are turned into UTF-8 offsets here and nowhere else.
final class YAMLEvents {
    private let file: SourceFile
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    /// Byte offset of each Unicode scalar; empty when every byte is one.
    private let scalarOffsets: [Int32]
    /// Bytes of a byte order mark, which libyaml does not get to see.
    private let base: Int

    /// Nil when libyaml cannot be set up (out of memory).
    init?(file: SourceFile) {
        self.file = file
        base = file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: max(file.bytes.count - base, 1))
        _ = input.initialize(from: file.bytes[base...])
        scalarOffsets = Self.offsets(of: file.bytes[base...])
        guard yaml_parser_initialize(parser) == 1 else { return nil }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, file.bytes.count - base)
    }

    deinit {
        // Safe after a failed initialisation too: libyaml leaves zeros behind.
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event and its range.
    ///
    /// - Throws: `YAMLSyntaxError` at the first fault; nothing can be read after it.
    func next() throws(YAMLSyntaxError) -> (event: YAMLEvent, range: SourceRange) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        let start = offset(event.start_mark)
        let range = SourceRange(file: file, start: start, end: max(offset(event.end_mark), start))
        return (Self.convert(event), range)
    }

    private static func convert(_ event: yaml_event_t) -> YAMLEvent {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return .streamEnd
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            return .sequenceStart(anchor: text(data.anchor), tag: text(data.tag))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            return .mappingStart(anchor: text(data.anchor), tag: text(data.tag))
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
            let scalar = YAMLScalar(String(decoding: bytes, as: UTF8.self), style: style(data.style))
            return .scalar(scalar, anchor: text(data.anchor), tag: text(data.tag))
        default: return .other
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer else { return nil }
        return String(cString: pointer)
    }

    private func problem() -> YAMLSyntaxError {
        let fault = parser.pointee
        let text = fault.problem.map { String(cString: $0) } ?? "out of memory"
        let context = fault.context.map { " (\(String(cString: $0)))" } ?? ""
        if fault.error == YAML_READER_ERROR {
            return YAMLSyntaxError(message: text, offset: min(base + Int(fault.problem_offset), file.bytes.count))
        }
        return YAMLSyntaxError(message: text + context, offset: offset(fault.problem_mark))
    }

    private func offset(_ mark: yaml_mark_t) -> Int {
        let index = Int(mark.index)
        guard !scalarOffsets.isEmpty else { return min(base + index, file.bytes.count) }
        return index < scalarOffsets.count ? base + Int(scalarOffsets[index]) : file.bytes.count
    }

    private static func offsets(of bytes: ArraySlice<UInt8>) -> [Int32] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return [] }
        var offsets: [Int32] = []
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 { offsets.append(Int32(offset)) }
        return offsets
    }
}
