#!/usr/bin/env python3
"""Validates values by Python's jsonschema-rs, case by case, for Scripts/bench.

    schema_peer.py CASES.jsonl MILLISECONDS

A case is one JSON object per line: name, schema, instance. Prints one JSON object per case: case, nanoseconds. A value is
a Python object, which jsonschema-rs reads anew each time. Exit codes: 0 measured, 3 jsonschema-rs is not installed, 64
wrong use.
"""
import json
import pathlib
import sys

from timing import nanoseconds

try:
    import jsonschema_rs
except ImportError:
    jsonschema_rs = None


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__)
        return 64
    if jsonschema_rs is None:
        print("jsonschema-rs is not installed", file=sys.stderr)
        return 3
    budget = int(sys.argv[2]) * 1_000_000
    for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        validator = jsonschema_rs.Draft202012Validator(case["schema"])
        print(json.dumps({"case": case["name"], "nanoseconds": nanoseconds(validator.is_valid, case["instance"], budget)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
