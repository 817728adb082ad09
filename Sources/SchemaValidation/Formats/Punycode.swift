/// Labels beyond ASCII written in ASCII. Source: RFC 3492.
enum Punycode {
    private static let base = 36
    private static let smallest = 1
    private static let largest = 26

    /// The code points that a text without its `xn--` stands for; nil when it stands for none.
    static func decoded(_ text: some Collection<UInt8>) -> [UInt32]? {
        let bytes = Array(text)
        var output: [UInt32] = []
        var position = 0
        if let dash = bytes.lastIndex(of: 0x2D) {
            output = bytes[..<dash].map(UInt32.init)
            position = dash + 1
        }
        var code = 128
        var index = 0
        var bias = 72
        while position < bytes.count {
            let old = index
            var weight = 1
            var step = base
            while true {
                guard position < bytes.count, let digit = digit(bytes[position]) else { return nil }
                position += 1
                index += digit * weight
                guard index <= 0x7FFF_FFFF else { return nil }
                let threshold = min(max(step - bias, smallest), largest)
                if digit < threshold { break }
                weight *= base - threshold
                guard weight <= 0x7FFF_FFFF else { return nil }
                step += base
            }
            bias = adapted(index - old, output.count + 1, isFirst: old == 0)
            code += index / (output.count + 1)
            index %= output.count + 1
            guard code <= 0x10FFFF, output.count < 256 else { return nil }
            output.insert(UInt32(code), at: index)
            index += 1
        }
        return output
    }

    /// The text without `xn--`.
    static func encoded(_ scalars: [UInt32]) -> [UInt8] {
        var output = scalars.filter { $0 < 128 }.map { UInt8(truncatingIfNeeded: $0) }
        let basic = output.count
        if basic > 0 { output.append(0x2D) }
        var handled = basic
        var code = 128
        var delta = 0
        var bias = 72
        while handled < scalars.count {
            guard let next = scalars.lazy.map(Int.init).filter({ $0 >= code }).min() else { break }
            delta += (next - code) * (handled + 1)
            code = next
            for scalar in scalars.map(Int.init) {
                if scalar < code { delta += 1 }
                guard scalar == code else { continue }
                append(delta, bias, to: &output)
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return output
    }

    private static func append(_ delta: Int, _ bias: Int, to output: inout [UInt8]) {
        var rest = delta
        var step = base
        while true {
            let threshold = min(max(step - bias, smallest), largest)
            if rest < threshold { break }
            output.append(letter(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            step += base
        }
        output.append(letter(rest))
    }

    private static func letter(_ digit: Int) -> UInt8 { UInt8(digit < 26 ? digit + 0x61 : digit - 26 + 0x30) }

    private static func digit(_ byte: UInt8) -> Int? {
        if byte.isLetter { return Int((byte | 0x20) - 0x61) }
        return byte.isDigit ? Int(byte - 0x30) + 26 : nil
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var step = 0
        while delta > ((base - smallest) * largest) / 2 {
            delta /= base - smallest
            step += base
        }
        return step + (base - smallest + 1) * delta / (delta + 38)
    }
}
