extension SignatureEntry {
    static let math = [
        SignatureEntry("add(numbers: any...) -> integer", examples: [(#"add 1 2 "3""#, "6")]),
        SignatureEntry("add1(number: any) -> integer", examples: [("add1 41", "42")]),
        SignatureEntry("sub(left: any, right: any) -> integer", examples: [("sub 5 3", "2")]),
        SignatureEntry("mul(first: any, others: any...) -> integer", examples: [("mul 2 3 4", "24")]),
        SignatureEntry("div(left: any, right: any) -> integer", examples: [("div 7 2", "3")]),
        SignatureEntry("mod(left: any, right: any) -> integer", examples: [("mod 7 3", "1")]),
        SignatureEntry("max(first: any, others: any...) -> integer", examples: [("max 1 3 2", "3")]),
        SignatureEntry("min(first: any, others: any...) -> integer", examples: [("min 1 3 2", "1")]),
        SignatureEntry("maxf(first: any, others: any...) -> number", examples: [("maxf 1.5 2.5", "2.5")]),
        SignatureEntry("minf(first: any, others: any...) -> number", examples: [("minf 1.5 2.5", "1.5")]),
        SignatureEntry("floor(number: any) -> number", examples: [("floor 2.7", "2")]),
        SignatureEntry("ceil(number: any) -> number", examples: [("ceil 2.1", "3")]),
        SignatureEntry(
            "round(number: any, places: integer, limit: number...) -> number",
            examples: [("round 2.675 2", "2.68")]
        ),
    ]

    static let decimal = [
        SignatureEntry("addf(numbers: any...) -> number", examples: [("addf 0.1 0.2", "0.3")]),
        SignatureEntry("add1f(number: any) -> number", examples: [("add1f 0.1", "1.1")]),
        SignatureEntry("subf(first: any, others: any...) -> number", examples: [("subf 0.3 0.1", "0.2")]),
        SignatureEntry("mulf(first: any, others: any...) -> number", examples: [("mulf 1.1 3", "3.3")]),
        SignatureEntry("divf(first: any, others: any...) -> number", examples: [("divf 1 3", "0.3333333333333333")]),
    ]

    static let date = [
        SignatureEntry("now() -> time", isDeterministic: false),
        SignatureEntry(
            "date(layout: string, time: time | integer | any) -> string",
            examples: [(#"date "2006-01-02 15:04" 1709210096"#, "2024-02-29 12:34")]
        ),
        SignatureEntry(
            "dateInZone(layout: string, time: time | integer | any, zone: string) -> string",
            examples: [(#"dateInZone "2006-01-02 15:04 MST" 1709210096 "Asia/Tokyo""#, "2024-02-29 21:34 JST")]
        ),
        SignatureEntry(
            "htmlDate(time: time | integer | any) -> string",
            examples: [("htmlDate 1709210096", "2024-02-29")]
        ),
        SignatureEntry(
            "htmlDateInZone(time: time | integer | any, zone: string) -> string",
            examples: [(#"htmlDateInZone 1709247600 "Asia/Tokyo""#, "2024-03-01")]
        ),
        SignatureEntry(
            "dateModify(duration: string, time: time) -> time",
            examples: [(#"toDate "2006-01-02" "2024-02-28" | dateModify "36h""#, "2024-02-29 12:00:00 +0000 UTC")]
        ),
        SignatureEntry(
            "mustDateModify(duration: string, time: time) -> time",
            examples: [
                (#"toDate "2006-01-02" "2024-02-28" | mustDateModify "-1h30m""#, "2024-02-27 22:30:00 +0000 UTC")
            ]
        ),
        SignatureEntry(
            "toDate(layout: string, text: string) -> time",
            examples: [
                (#"toDate "2006-01-02" "2024-02-29""#, "2024-02-29 00:00:00 +0000 UTC"),
                (#"(toDate "2006-01-02" "2024-02-29").Weekday"#, "Thursday"),
            ]
        ),
        SignatureEntry(
            "mustToDate(layout: string, text: string) -> time",
            examples: [(#"mustToDate "02.01.2006" "29.02.2024""#, "2024-02-29 00:00:00 +0000 UTC")]
        ),
        SignatureEntry(
            "unixEpoch(time: time) -> string",
            examples: [(#"toDate "2006-01-02" "2024-02-29" | unixEpoch"#, "1709164800")]
        ),
        SignatureEntry("ago(time: time | integer | any) -> string", isDeterministic: false),
        SignatureEntry("duration(seconds: string | integer | any) -> string", examples: [(#"duration "95""#, "1m35s")]),
        SignatureEntry(
            "durationRound(duration: string | integer | time | any) -> string",
            examples: [(#"durationRound "2h10m5s""#, "2h")]
        ),
    ]

    static let version = [
        SignatureEntry(
            "semver(text: string) -> version",
            examples: [(#"semver "v1.2""#, "1.2.0"), (#"(semver "1.2.3-beta.1").Prerelease"#, "beta.1")]
        ),
        SignatureEntry(
            "semverCompare(constraint: string, version: string) -> boolean",
            examples: [(#"semverCompare "^1.2.0" "1.4.7""#, "true")]
        ),
    ]
}
