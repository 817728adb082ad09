import Glibc

// muster-fuzz TARGET [options of libFuzzer] [folders of inputs]
//
// TARGET is one of those below. libFuzzer makes inputs, guided by what code they reach, and each target checks what must
// hold for any input. A crash, a broken promise or an input that takes too long ends the program; the input is kept.

/// One target has to be known before the first input, and the fuzzer calls a C function without any context.
nonisolated(unsafe) var target: @Sendable ([UInt8]) -> Void = { _ in }

let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "json": JSONTarget.check,
    "template": TemplateTarget.check,
    "schema": SchemaTarget.check,
    "regex": RegularExpressionTarget.check,
]

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

// The runtime's own `main` wants this name, although it is never called.
@_cdecl("LLVMFuzzerTestOneInput")
func checkInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

guard CommandLine.argc > 1, let chosen = targets[CommandLine.arguments[1]] else {
    Promise.say("usage: muster-fuzz \(targets.keys.sorted().joined(separator: "|")) [libFuzzer options] [folders]")
    exit(64)
}
target = chosen
// The fuzzer sees the program's name and what follows the target.
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
arguments?[0] = CommandLine.unsafeArgv[0]
var count = CommandLine.argc - 1
exit(runDriver(&count, &arguments, checkInput))
