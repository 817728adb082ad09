package import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What one evaluation may use before it is stopped with an error of code `limit`.
package struct TemplateLimits: Sendable {
    /// UTF-8 bytes of the result, and of every text that a function makes on the way.
    package var outputBytes: Int
    /// Actions, loop rounds and list elements made by functions.
    package var steps: Int
    /// Templates that call templates.
    package var callDepth: Int

    package init(outputBytes: Int = 64 << 20, steps: Int = 10_000_000, callDepth: Int = 200) {
        self.outputBytes = outputBytes
        self.steps = steps
        self.callDepth = callDepth
    }
}

/// Data and surroundings of one evaluation.
package struct TemplateContext: Sendable {
    /// The root object, e.g. `input`, `results`, `context`, `vars`.
    package var root: JSONObject
    /// Root keys searched, in this order, for a bare name or a first field that the root lacks.
    ///
    /// The names `args` and `stepResults` stand for `input` and `results` when the root lacks them.
    package var fallbackKeys: [String]
    /// The time in microseconds since 1970.
    package var now: @Sendable () -> Int64
    package var random: @Sendable () -> UInt64
    package var limits: TemplateLimits
    /// Takes the place of `root` where the data is no object.
    package var rootValue: JSONValue?

    package init(
        root: JSONObject,
        fallbackKeys: [String] = ["vars", "results", "input"],
        now: @escaping @Sendable () -> Int64 = TemplateContext.systemNow,
        random: @escaping @Sendable () -> UInt64 = TemplateContext.systemRandom,
        limits: TemplateLimits = TemplateLimits()
    ) {
        self.root = root
        self.fallbackKeys = fallbackKeys
        self.now = now
        self.random = random
        self.limits = limits
        rootValue = nil
    }

    /// The system clock in microseconds since 1970.
    @Sendable package static func systemNow() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    @Sendable package static func systemRandom() -> UInt64 { UInt64.random(in: .min ... .max) }
}
