#!/usr/bin/env python3
"""Parses and writes JSON documents with Python's orjson, for Scripts/bench.

    json_peer.py FOLDER MILLISECONDS

Measures every *.json of FOLDER, MILLISECONDS per direction, and prints one JSON object per document: name, and
nanoseconds of one parse and of one write. Exit codes: 0 measured, 3 orjson is not installed, 64 wrong use.
"""
import json
import pathlib
import sys

from timing import nanoseconds

try:
    import orjson
except ImportError:
    orjson = None


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__)
        return 64
    if orjson is None:
        print("orjson is not installed", file=sys.stderr)
        return 3
    budget = int(sys.argv[2]) * 1_000_000
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        text = path.read_bytes()
        value = orjson.loads(text)
        print(json.dumps({
            "document": path.stem,
            "parse": nanoseconds(orjson.loads, text, budget),
            "write": nanoseconds(orjson.dumps, value, budget),
        }))
    return 0


if __name__ == "__main__":
    sys.exit(main())
