#!/usr/bin/env python3
"""Makes a picture of every line of a table, each once, whatever happens on the way. Python's standard library alone.

    python3 examples/batch/batch.py examples/batch/prompts.csv --output pictures

The table is CSV. Its columns are fields of a request (prompt, seed, steps, width, ...); an empty cell has the server's default. A line's name is made
from its content. It is the Idempotency-Key of the line's request and stands in the name of its file, so that
 - a request that is sent again, because the server was busy, went away or was killed, is the same job and not a second one;
 - a second run, after this one was interrupted, asks only for the pictures that are not there yet.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import http.client
import json
import os
import random
import re
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

URL = os.environ.get("DARKROOM_URL", "http://127.0.0.1:8080")
KEY = os.environ.get("DARKROOM_KEY")
PATIENCE = 600  # seconds that a server may be away or busy

# A server that is busy, full or starting, or a proxy that does not reach it. Any other fault would come again: a job that failed stays its key's job.
COME_AGAIN = (429, 502, 503, 504)


class Failed(Exception):
    """Sending this line again would not help."""


@dataclass(frozen=True)
class Line:
    """A picture to make."""

    fields: dict[str, str]

    @property
    def name(self) -> str:
        return hashlib.sha256(json.dumps(self.fields, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def file(self) -> str:
        words = re.sub(r"\W+", "-", self.fields["prompt"]).strip("-").lower()
        return f"{words[:40]}-{self.name}.png"


def read(table: Path) -> list[Line]:
    with table.open(newline="", encoding="utf-8-sig") as file:  # with or without the mark that spreadsheets put first
        rows = csv.DictReader(file)
        lines = []
        for row in rows:
            if None in row or None in row.values() or not row.get("prompt"):
                sys.exit(f"{table}, line {rows.line_num}: a prompt is needed, and as many cells as there are columns.")
            lines.append(Line({name: value for name, value in row.items() if value}))
    return list({line.name: line for line in lines}.values())  # the same line twice is one picture


class Maker:
    """Asks for pictures until it has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stopping = threading.Event()

    def make(self, line: Line) -> None:
        """Writes the line's file. Raises Failed."""
        tries, last_answer = 0, time.monotonic()
        while not self.stopping.is_set():
            delay = min(30.0, 2.0**tries) * random.uniform(0.5, 1)  # not all of them at the same moment
            try:
                picture = self._ask(line)
            except urllib.error.HTTPError as error:
                if error.code not in COME_AGAIN:
                    raise Failed(words_of(error)) from error
                wished = error.headers.get("Retry-After", "")
                if wished.isdigit():
                    delay = int(wished)
                reason = f"HTTP {error.code}"
            except (OSError, http.client.HTTPException) as error:  # refused, cut off, timed out
                reason = str(error)
            else:
                if picture:
                    part = self.folder / f"{line.name}.part"
                    part.write_bytes(picture)
                    part.replace(self.folder / line.file)  # never half a picture under that name
                    return
                tries, last_answer = 0, time.monotonic()
                continue
            if time.monotonic() - last_answer > PATIENCE:
                raise Failed(reason)
            tries += 1
            self.stopping.wait(delay)

    def _ask(self, line: Line) -> bytes | None:
        """The picture; None: it is not ready yet. Which of the two, the next call of the same line is the same job."""
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in line.fields.items()]
        request = urllib.request.Request(f"{URL}/v1/txt2img", f"{''.join(parts)}--{boundary}--\r\n".encode(), {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Accept": "image/png",
            "Idempotency-Key": line.name,
            # Waits ten seconds for the picture. The job goes on after that, and when this program is cut off.
            "Prefer": "respond-async, wait=10",
            **({"Authorization": f"Bearer {KEY}"} if KEY else {}),
        })
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
            return body if answer.status == 200 else None


def words_of(error: urllib.error.HTTPError) -> str:
    """What the server says of a request that it cannot serve: a document by RFC 9457, unless a proxy answered in its place."""
    try:
        problem = json.load(error)
        return " ".join(fault["message"] for fault in problem.get("errors", [])) or problem["detail"]
    except (ValueError, KeyError):
        return f"HTTP {error.code}"


def sheet(lines: list[Line], folder: Path, failures: dict[str, str]) -> str:
    """A page of all pictures, in the table's order."""
    figures = []
    for line in lines:
        text = html.escape(", ".join(value if name == "prompt" else f"{name} {value}" for name, value in line.fields.items()))
        if (folder / line.file).exists():
            figures.append(f'<figure><a href="{line.file}"><img src="{line.file}" alt="{text}" loading="lazy"></a><figcaption>{text}</figcaption></figure>')
        else:
            reason = html.escape(failures.get(line.name, "not made yet"))
            figures.append(f"<figure><div>{reason}</div><figcaption>{text}</figcaption></figure>")
    return SHEET.replace("FIGURES", "\n".join(figures))


SHEET = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pictures</title>
<style>
body { font: 13px system-ui, sans-serif; margin: 16px; color-scheme: light dark; display: grid; gap: 12px;
       grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); }
figure { margin: 0; }
img, div { width: 100%; aspect-ratio: 1; object-fit: contain; background: #8882; }
</style>
FIGURES
</html>
"""


def main() -> int:
    options = argparse.ArgumentParser(description="Makes a picture of every line of a table.")
    options.add_argument("table", type=Path)
    options.add_argument("--output", type=Path, default=Path("pictures"), help="folder of the pictures and of index.html")
    options.add_argument("--at-once", type=int, default=8, help="requests under way at a time")
    given = options.parse_args()

    folder: Path = given.output
    folder.mkdir(parents=True, exist_ok=True)
    lines = read(given.table)
    missing = [line for line in lines if not (folder / line.file).exists()]
    done = len(lines) - len(missing)
    print(f"{len(lines)} pictures, {done} of them are there", flush=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: a service or a container is stopped by it
    maker = Maker(folder)
    failures: dict[str, str] = {}
    pool = ThreadPoolExecutor(given.at_once)
    try:
        making = {pool.submit(maker.make, line): line for line in missing}
        for future in as_completed(making):
            line = making[future]
            try:
                future.result()
                done += 1
                print(f"{done:>3} of {len(lines)}  {line.file}", flush=True)
            except Failed as failed:
                failures[line.name] = str(failed)
                print(f"failed      {line.fields['prompt']}: {failed}", flush=True)
    except KeyboardInterrupt:
        print("Stopping; another run goes on from here.", file=sys.stderr, flush=True)
        maker.stopping.set()
    finally:
        pool.shutdown(cancel_futures=True)
        (folder / "index.html").write_text(sheet(lines, folder, failures), encoding="utf-8")
    print(folder / "index.html")
    return 130 if maker.stopping.is_set() else 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
