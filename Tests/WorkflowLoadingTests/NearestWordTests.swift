import Diagnostics
import Testing
import WorkflowLoading

@Suite("Nearest word")
struct NearestWordTests {
    private let words = ["tool", "steps", "allowFailure", "x_git_status", "id"]

    @Test(arguments: [
        ("tol", "tool"), ("step", "steps"), ("allow_failure", "allowFailure"), ("ALLOWFAILURE", "allowFailure"),
        ("x_git_stauts", "x_git_status"), ("di", "id"),
    ])
    func slipsAreCorrected(word: String, expected: String) {
        #expect(NearestWord.find(word, in: words) == expected)
    }

    @Test(arguments: ["scaling", "", "xyz", "monitoring"])
    func otherWordsAreLeftAlone(word: String) {
        #expect(NearestWord.find(word, in: words) == nil)
    }
}
