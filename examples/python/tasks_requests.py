#!/usr/bin/env python3
"""The five tasks, a job that is followed, and what a wrong request is told, with the package requests.

    python3 examples/python/tasks_requests.py

Pictures are sent as files and come back as files: neither is ever base64.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO, Iterator, Mapping

import requests

MASK = Path(__file__).parents[2] / "docs" / "task-mask.png"  # white is repainted: here, all but a disc

ENDS = ("succeeded", "failed", "cancelled", "expired")


class Problem(Exception):
    """What the server says of a request that it cannot serve (RFC 9457).

    errors: every wrong field at once, each with "field", "message", "value" and "limit".
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.status: int = document["status"]
        self.errors: list[dict[str, Any]] = document.get("errors", [])
        super().__init__("\n".join([document["title"], *(f"  {error['message']}" for error in self.errors)]))


class Darkroom:
    """Calls one server."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        if key:
            self.session.headers["Authorization"] = f"Bearer {key}"

    def make(self, task: str, files: Mapping[str, Path] | None = None, **fields: object) -> bytes:
        """Waits for the picture of one task: txt2img, img2img, inpaint, outpaint or upscale."""
        return self._post(task, files, fields, {"Accept": "image/png"}).content

    def begin(self, task: str, files: Mapping[str, Path] | None = None, **fields: object) -> str:
        """Has a job accepted, and does not wait. Returns its address."""
        return self._post(task, files, fields, {"Prefer": "respond-async"}).headers["Location"]

    def events(self, job: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """A job's events as they come, to its end: names, and what they say. A connection that breaks is made again, and no end is missed."""
        last, name, broken = "", "", 0
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with self._send("GET", f"{job}/events", headers=headers, stream=True, timeout=60) as answer:
                    for line in answer.iter_lines(chunk_size=1):  # each as it comes
                        field, _, value = line.decode().partition(": ")
                        if field == "id":
                            last, broken = value, 0
                        elif field == "event":
                            name = value
                        elif field == "data":
                            yield name, json.loads(value)
                            if name in ENDS:
                                return
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                broken += 1
                if broken == 10:
                    raise
                time.sleep(1)

    def picture(self, address: str) -> bytes:
        """A picture that a job has made."""
        return self._send("GET", address).content

    def _post(self, task: str, files: Mapping[str, Path] | None, fields: Mapping[str, object], headers: Mapping[str, str]) -> requests.Response:
        opened: dict[str, BinaryIO] = {name: path.open("rb") for name, path in (files or {}).items()}
        try:
            # Text, numbers and pictures are parts of one form; null and objects stand in it as JSON.
            parts = {name: (None, value if isinstance(value, str) else json.dumps(value)) for name, value in fields.items()}
            return self._send("POST", f"/v1/{task}", files={**parts, **opened}, headers=headers)
        finally:
            for file in opened.values():
                file.close()

    def _send(self, method: str, address: str, **options: Any) -> requests.Response:
        options.setdefault("timeout", 600)
        answer = self.session.request(method, self.url + address, **options)
        if not answer.ok:
            raise Problem(answer.json())
        return answer


def main() -> int:
    server = Darkroom(os.environ.get("DARKROOM_URL", "http://127.0.0.1:8080"), os.environ.get("DARKROOM_KEY"))

    def save(name: str, picture: bytes) -> Path:
        print(name)
        path = Path(name)
        path.write_bytes(picture)
        return path

    # A model may enlarge what it draws, as the starter does; None declines that, {} asks for it.
    apple = save("apple.png", server.make("txt2img", prompt="red apple, 3d render, on a white background", seed=42, upscale=None))
    save("orange.png", server.make(
        "img2img", {"image": apple}, prompt="orange, 3d render, on a light blue background", strength=0.7, seed=3, upscale={}))
    save("inpainted.png", server.make(
        "inpaint", {"image": apple, "mask": MASK}, prompt="red apple, 3d render, on a yellow background", strength=1, seed=11, upscale={}))
    save("wide.png", server.make(
        "outpaint", {"image": apple}, prompt="red apple, 3d render, on a white background", left=32, right=32, feather=8, seed=5, upscale={}))
    save("large.png", server.make("upscale", {"image": apple}, scale=4))

    job = server.begin("txt2img", prompt="fox, 3d render, on a light blue background", seed=7, steps=50)
    for name, data in server.events(job):
        if name == "progress":
            print(f"\rstep {data['step']} of {data['steps']}, {data.get('eta') or 0:.1f} s left ", end="", flush=True)
        elif name == "succeeded":
            print()
            save("fox.png", server.picture(data["images"][0]["url"]))
        elif name in ENDS:
            print(f"\n{name}: {data.get('detail', '')}")
            return 1

    try:
        server.make("txt2img", prompt="fox", steps=1000, width=50)
    except Problem as problem:
        for error in problem.errors:
            print(f"refused: {error['field']} = {error['value']}, may be {error['limit']}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        sys.exit(str(problem))
    except requests.ConnectionError as error:
        sys.exit(f"No server answers: {error}")
