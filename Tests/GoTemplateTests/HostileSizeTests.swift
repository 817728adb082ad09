import Dispatch
import Foundation
import GoTemplate
import JSON
import Testing

/// Functions with huge texts, numbers and lists: an error, or a result within the bounds, in the small stack that tasks
/// have.
@Suite("Hostile sizes")
struct HostileSizeTests {
    private static let limits = TemplateLimits(outputBytes: 1 << 18, steps: 60_000)
    private static let numbers = ["1000000000", "9223372036854775807", "-9223372036854775808", "1000000", "-1"]
    /// Calls with `N` for a number and `T` for a long text.
    private static let calls = [
        "repeat N T", "repeat N \"\"", "indent N T", "nindent N T", "title T", "untitle T", "swapcase T", "snakecase T",
        "camelcase T", "kebabcase T", "upper T", "lower T", "splitList \"\" T", "splitList \"a\" T", "split \"\" T",
        "splitn \"\" N T", "contains T T", "replace \"a\" T T", "replace \"\" T T", "quote T", "squote T", "wrap N T",
        "wrap 1 T", "wrapWith N T T", "wrapWith 1 T T", "abbrev N T", "abbrevboth N N T", "trunc N T", "substr N N T",
        "substr 0 N T", "until N", "untilStep N 0 1", "untilStep 0 N 1", "untilStep 0 N N", "seq N", "seq 0 N",
        "seq 0 1 N",
        "seq N 1 0", "list T T T | toJson", "chunk N (until 10)", "chunk 1 (splitList \"\" T)", "slice (until 3) N",
        "slice (until 3) 0 N", "round 1.5 N", "round 1e300 N", "printf (printf \"%%%dd\" N) 1", "printf \"%*d\" N 1",
        "printf \"%.*f\" N 1.5", "printf \"%[N]d\" 1", "printf \"%1000000000d\" 1", "printf \"%.1000000000f\" 1.5",
        "printf \"%x\" T", "printf \"%q\" T", "printf \"%+q\" T", "printf T 1", "regexMatch T T",
        "regexFind \"(a*)*b\" T",
        "regexFindAll \".\" T N", "regexFindAll \"\" T -1", "regexReplaceAll \"\" T T",
        "regexReplaceAll \"a\" T \"$0$0\"",
        "regexSplit \"\" T N", "regexFind \"a{1000}{1000}\" T", "regexFind (repeat 100000 \"(\") \"a\"",
        "regexQuoteMeta T", "toJson T", "toPrettyJson (splitList \"\" T)", "fromJson T",
        "fromJson (repeat 100000 \"[\")",
        "mustFromJson (repeat 100000 \"[\")", "mustFromJson (repeat 50000 \"{\\\"a\\\":\")", "date T (now)",
        "toDate T T", "dateModify T now", "dateInZone \"2006\" now T", "duration N", "durationRound T", "unixEpoch now",
        "date \"2006\" N", "semver T", "semverCompare T \"1.2.3\"", "semverCompare \"^1\" T", "urlParse T", "html T",
        "js T",
        "urlquery T", "b64enc T", "b64dec T", "b32enc T", "b32dec T", "sha256sum T", "sha512sum T", "sha1sum T",
        "adler32sum T", "randAlpha N", "randAlphaNum N", "randBytes N", "randInt 0 N", "randInt N 0", "shuffle T",
        "sortAlpha (splitList \"\" T)", "uniq (splitList \"\" T)", "reverse (splitList \"\" T)",
        "join T (splitList \"\" T)",
        "without (splitList \"\" T) \"a\"", "has \"b\" (splitList \"\" T)",
        "concat (splitList \"\" T) (splitList \"\" T)",
        "genPrivateKey T", "genPrivateKey \"dsa\"", "derivePassword N \"long\" T \"u\" \"s\"",
        "htpasswd T T \"bcrypt\"",
        "addf T T", "divf 1 \"1e-1000000\"", "mulf \"1e1000000\" \"1e1000000\"", "addf \"1e999999999\" 1",
        "toDecimal T", "float64 T", "int T", "atoi T", "cat T T T", "print T T", "nospace T", "initials T",
        "trimAll T T",
        "trim T", "clean T", "base T", "ext T", "encryptAES T T", "decryptAES T T", "bcrypt T", "plural T T N",
        "deepEqual (splitList \"\" T) (splitList \"\" T)", "deepCopy (splitList \"\" T)", "toString (splitList \"\" T)",
    ]

    /// Processor time of the current thread.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test(arguments: calls) func aCallEndsWithAnErrorOrAResultWithinTheBounds(call: String) {
        let variants = call.contains("N") ? Self.numbers : [""]
        LittleStackTests.onLittleStack {
            let start = Self.processorSeconds
            defer {
                if Self.processorSeconds - start > 5 { Issue.record("\(call): what it does is not charged") }
            }
            for number in variants {
                for word in call.contains("T") ? ["aB é_", "a\n"] : ["a\n"] {
                    let text =
                        "{{ $t := repeat \(6000 / word.utf8.count) \"\(word == "a\n" ? "a\\n" : word)\" }}{{ "
                        + call.split(separator: " ", omittingEmptySubsequences: false)
                        .map { $0.replacing("T", with: "$t").replacing("N", with: number) }.joined(separator: " ")
                        + " }}"
                    do throws(TemplateError) {
                        let context = TemplateContext(
                            root: JSONObject(),
                            environment: TemplateEnvironment(limits: Self.limits)
                        )
                        let size = try Template(text).render(context).utf8.count
                        if size > Self.limits.outputBytes { Issue.record("\(text.suffix(80)): \(size) bytes") }
                    } catch {
                        if error.message.utf8.count > 500_000 { Issue.record("\(text.suffix(80)): a huge message") }
                    }
                }
            }
        }
    }
}
