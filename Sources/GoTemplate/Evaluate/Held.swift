import JSON

/// Where a value stands in the data of an evaluation, which the evaluator keeps unchanged to its end.
///
/// Most of what templates read is only looked at. In its place that costs nothing, while each copy counts references,
/// atomically.
typealias DataPlace = UnsafePointer<HeldValue>

/// What `.` or a variable holds.
enum Held {
    case value(Value)
    /// Only in templates that change no data.
    case data(DataPlace)

    var value: Value {
        switch self {
        case .value(let value): value
        case .data(let place): place.pointee.copy
        }
    }

    var isTrue: Bool {
        switch self {
        case .value(let value): value.isTrue
        case .data(let place): place.pointee.isTrue
        }
    }
}

extension HeldValue {
    /// The value for functions, which take no places.
    var copy: Value { Value(value, tracks: false) }

    /// As for `Value`.
    var isTrue: Bool {
        switch value {
        case .null: false
        case .bool(let flag): flag
        case .integer(let number): number != 0
        case .double(let number): number != 0
        case .bigNumber: copy.isTrue
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.isEmpty
        }
    }

    var isCollection: Bool {
        switch value {
        case .array, .object: true
        default: false
        }
    }

    /// The elements of a list; nil for other values.
    var elements: UnsafeBufferPointer<HeldValue>? {
        if case .array(let elements) = value { elements.held } else { nil }
    }

    /// The members of an object; nil for other values.
    var members: UnsafeBufferPointer<HeldMember>? { if case .object(let object) = value { object.held } else { nil } }

    /// The positions of an object's members in the order of their keys; nil when they are in that order as they are.
    var positionsByKey: [Int]? { if case .object(let object) = value { object.positionsByKey } else { nil } }

    /// As for `Value`.
    func appendText(to output: inout OutputBuffer) throws(TemplateError) {
        switch value {
        case .null: break
        case .bool(let flag): output.append(flag ? "true" : "false")
        case .integer(let number): output.append(decimal: number)
        case .double(let number): FloatText.append(number, to: &output)
        case .bigNumber: try copy.appendText(to: &output)
        case .string(let text): output.append(text)
        case .array, .object:
            try JSONText.append(to: &output) { (writer: inout JSONText) throws(TemplateError) in try writer.write(value)
            }
        }
    }
}
