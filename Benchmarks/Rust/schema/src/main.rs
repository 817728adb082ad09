//! Validates values by the Rust crate jsonschema, case by case, for `Scripts/bench` to compare with.
//!
//!     schema CASES.jsonl MILLISECONDS REPETITIONS
//!
//! A case is one JSON object per line: `name`, `schema`, `instance`. Prints one JSON object per case and repetition:
//! `case`, `nanoseconds`; or `error` when the schema is not taken or the instance is not valid.
use std::hint::black_box;
use std::time::{Duration, Instant};

fn nanoseconds(validator: &jsonschema::Validator, instance: &serde_json::Value, budget: Duration) -> f64 {
    let start = Instant::now();
    let mut rounds: u64 = 0;
    let mut batch: u64 = 1;
    while start.elapsed() < budget {
        for _ in 0..batch {
            black_box(validator.is_valid(black_box(instance)));
        }
        rounds += batch;
        batch = (batch * 2).min(256);
    }
    start.elapsed().as_nanos() as f64 / rounds as f64
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.len() != 4 {
        eprintln!("usage: schema CASES.jsonl MILLISECONDS REPETITIONS");
        std::process::exit(64);
    }
    let text = std::fs::read_to_string(&arguments[1]).expect("the cases can be read");
    let budget = Duration::from_millis(arguments[2].parse().expect("milliseconds"));
    let repetitions: usize = arguments[3].parse().expect("repetitions");
    let mut cases = Vec::new();
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case is JSON");
        let name = case["name"].clone();
        match jsonschema::draft202012::new(&case["schema"]) {
            Ok(validator) if validator.is_valid(&case["instance"]) => cases.push((name, validator, case["instance"].clone())),
            Ok(_) => println!("{}", serde_json::json!({"case": name, "error": "the instance is not valid"})),
            Err(error) => println!("{}", serde_json::json!({"case": name, "error": error.to_string()})),
        }
    }
    for _ in 0..repetitions {
        for (name, validator, instance) in &cases {
            let spent = nanoseconds(validator, instance, budget);
            println!("{}", serde_json::json!({"case": name, "nanoseconds": spent}));
        }
    }
}
