#!/usr/bin/env python3
"""A picture from a text, with Python's standard library alone.

    python3 examples/python/txt2img.py "red apple, 3d render" --seed 42 --output apple.png
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request

URL = os.environ.get("DARKROOM_URL", "http://127.0.0.1:8080")
KEY = os.environ.get("DARKROOM_KEY")


class Refused(Exception):
    """The server's own words about what is wrong."""


def txt2img(**fields: object) -> tuple[bytes, str]:
    """Waits for one picture.

    Returns its bytes and the seed that was used: sent again, it gives the same picture.
    """
    headers = {"Content-Type": "application/json", "Accept": "image/png"}
    if KEY:
        headers["Authorization"] = f"Bearer {KEY}"
    request = urllib.request.Request(f"{URL}/v1/txt2img", json.dumps(fields).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            return answer.read(), answer.headers["X-Seed"]
    except urllib.error.HTTPError as error:
        problem = json.load(error)  # RFC 9457; "errors" lists every wrong field at once
        faults = [fault["message"] for fault in problem.get("errors", [])]
        raise Refused("\n".join([problem["title"], *(faults or [problem["detail"]])])) from error


def main() -> int:
    options = argparse.ArgumentParser(description="A picture from a text.")
    options.add_argument("prompt")
    options.add_argument("--seed", type=int, help="any, unless given")
    options.add_argument("--steps", type=int, help="the model's own number, unless given")
    options.add_argument("--output", default="txt2img.png")
    given = options.parse_args()

    # A field that is null or absent has the server's default.
    try:
        picture, seed = txt2img(prompt=given.prompt, seed=given.seed, steps=given.steps)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except urllib.error.URLError as error:
        print(f"No server answers at {URL}: {error.reason}", file=sys.stderr)
        return 1
    with open(given.output, "wb") as file:
        file.write(picture)
    print(f"{given.output}, seed {seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
