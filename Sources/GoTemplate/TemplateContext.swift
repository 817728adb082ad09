public import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What one evaluation may use before it is stopped with an error of code `limit`.
public struct TemplateLimits: Sendable {
    /// UTF-8 bytes of the result, and of every text that a function makes on the way.
    public var outputBytes: Int
    /// Actions, loop rounds and list elements made by functions.
    public var steps: Int
    /// Templates that call templates.
    public var callDepth: Int
    /// Processor time of the evaluating thread, so that a busy machine stops nobody; looked at every thousand steps.
    public var time: Duration

    public init(
        outputBytes: Int = 64 << 20,
        steps: Int = 10_000_000,
        callDepth: Int = 200,
        time: Duration = .milliseconds(500)
    ) {
        self.outputBytes = outputBytes
        self.steps = steps
        self.callDepth = callDepth
        self.time = time
    }
}

/// Clock, chance and bounds of evaluations: what the data does not say.
public final class TemplateEnvironment: Sendable {
    /// Root keys searched, in this order, for a bare name or a first field that the root lacks.
    ///
    /// The names `args` and `stepResults` stand for `input` and `results` when the root lacks them.
    public let fallbackKeys: [String]
    /// The time in microseconds since 1970.
    public let now: @Sendable () -> Int64
    public let random: @Sendable () -> UInt64
    public let limits: TemplateLimits

    public init(
        fallbackKeys: [String] = ["vars", "results", "input"],
        now: @escaping @Sendable () -> Int64 = TemplateEnvironment.systemNow,
        random: @escaping @Sendable () -> UInt64 = TemplateEnvironment.systemRandom,
        limits: TemplateLimits = TemplateLimits()
    ) {
        self.fallbackKeys = fallbackKeys
        self.now = now
        self.random = random
        self.limits = limits
    }

    /// The system's clock and random numbers, and the usual bounds.
    public static let system = TemplateEnvironment()

    /// The system clock in microseconds since 1970.
    @Sendable public static func systemNow() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// Processor time that the current thread has used.
    static func threadNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    @Sendable public static func systemRandom() -> UInt64 { UInt64.random(in: .min ... .max) }
}

/// Data and surroundings of one evaluation.
public struct TemplateContext: Sendable {
    /// The data, usually an object.
    var data: JSONValue
    public var environment: TemplateEnvironment

    /// The root object, e.g. `input`, `results`, `context`, `vars`; empty where the data is no object.
    public var root: JSONObject {
        get { data.objectValue ?? JSONObject() }
        _modify {
            var object = root
            // Nothing else may hold the object while it changes, or it would be copied.
            data = .null
            defer { data = .object(object) }
            yield &object
        }
    }

    /// Data that is no object; nil otherwise. Setting nil leaves the root object as it is.
    public var rootValue: JSONValue? {
        get { if case .object = data { nil } else { data } }
        set { data = newValue ?? .object(root) }
    }

    public init(root: JSONObject, environment: TemplateEnvironment = .system) {
        self.init(.object(root), environment: environment)
    }

    /// Any JSON as the data.
    public init(_ data: JSONValue, environment: TemplateEnvironment = .system) {
        self.data = data
        self.environment = environment
    }
}
