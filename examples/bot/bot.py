#!/usr/bin/env python3
"""A chat bot that draws: its message shows previews while the picture is made, and the picture in the end. Python's standard library alone.

    python3 examples/bot/bot.py

    /draw a red apple    draws
    /cancel              cancels what you have asked for

The room it talks in (room.py) stands in for a chat service. A bot for Discord, Telegram or Slack does the same with theirs: it posts one message, and edits
it at most once a second, which is about what these services allow.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from typing import Any, Iterator

from room import Room, serve

URL = os.environ.get("DARKROOM_URL", "http://127.0.0.1:8080")
KEY = os.environ.get("DARKROOM_KEY")
NAME = "darkroom"
STEPS = 60  # more than most models need, so that there is something to watch
EDIT_EVERY = 1.0  # seconds
ENDS = ("succeeded", "failed", "cancelled", "expired")


class Refused(Exception):
    """The server's words about a request that it cannot serve."""


def call(method: str, address: str, body: object = None, **headers: str) -> http.client.HTTPResponse:
    """Asks Darkroom, for half a minute where it is busy or being restarted. Raises Refused."""
    if KEY:
        headers["Authorization"] = f"Bearer {KEY}"
    data = None
    if body is not None:
        # With the key a request that is sent again is the same job.
        data, headers = json.dumps(body).encode(), {**headers, "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    request = urllib.request.Request(URL + address, data, headers, method=method)
    reason = ""
    for _ in range(30):
        try:
            return urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            reason = words_of(error)
            if error.code not in (429, 502, 503, 504):
                break
        except OSError as error:
            reason = f"{URL} does not answer: {error}"
        time.sleep(1)
    raise Refused(reason)


def fetch(method: str, address: str, body: object = None, **headers: str) -> bytes:
    with call(method, address, body, **headers) as answer:
        return answer.read()


def words_of(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.load(error)  # RFC 9457, unless a proxy answered in the server's place
        return " ".join(fault["message"] for fault in problem.get("errors", [])) or problem["detail"]
    except (ValueError, KeyError):
        return f"HTTP {error.code}"


def events(job: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What happens to a job, to its end. A connection that breaks is made again: the job outlives it, and the server's restart."""
    last, name = "", ""
    while True:
        try:
            with call("GET", f"{job}/events", **({"Last-Event-ID": last} if last else {})) as answer:
                for line in answer:
                    field, _, value = line.decode().rstrip("\n").partition(": ")
                    if field == "id":
                        last = value
                    elif field == "event":
                        name = value
                    elif field == "data":
                        yield name, json.loads(value)
                        if name in ENDS:
                            return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(1)


class Reply:
    """The bot's one message about a picture."""

    def __init__(self, room: Room, text: str) -> None:
        self._room = room
        self._number = room.post(NAME, text)
        self._edited = time.monotonic()
        self._picture: bytes | None = None

    def update(self, text: str, picture: bytes | None = None) -> None:
        """Shows how far it is. What comes too soon after the last edit is left out: something newer follows."""
        self._picture = picture or self._picture
        if time.monotonic() - self._edited >= EDIT_EVERY:
            self._edit(text)

    def finish(self, text: str, picture: bytes | None = None) -> None:
        """Says the last word, which is never left out."""
        time.sleep(max(0.0, self._edited + EDIT_EVERY - time.monotonic()))
        self._picture = picture
        self._edit(text)

    def _edit(self, text: str) -> None:
        self._room.edit(self._number, text, self._picture)
        self._edited = time.monotonic()


class Bot:
    def __init__(self, room: Room) -> None:
        self.room = room
        self._jobs: dict[str, set[str]] = {}  # of each person, those that have not ended
        self._lock = threading.Lock()

    def hear(self, author: str, text: str) -> None:
        """Whatever is said in the room. Drawings take a while, so each has a thread of its own."""
        command, _, rest = text.partition(" ")
        if command == "/draw" and rest.strip():
            threading.Thread(target=self._draw, args=(author, rest.strip()), daemon=True).start()
        elif command == "/cancel":
            threading.Thread(target=self._cancel, args=(author,), daemon=True).start()
        elif command.startswith("/"):
            self.room.post(NAME, "/draw and what to draw, or /cancel")

    def _draw(self, author: str, prompt: str) -> None:
        title = f"{prompt} (for {author})"
        reply = Reply(self.room, f"{title}\n…")
        try:
            order = {"prompt": prompt, "steps": STEPS, "preview_every": 2}
            job = json.loads(fetch("POST", "/v1/txt2img", order, Prefer="respond-async"))
            address = f"/v1/jobs/{job['id']}"
            with self._lock:
                self._jobs.setdefault(author, set()).add(address)
            try:
                self._follow(address, job, title, reply)
            finally:
                with self._lock:
                    self._jobs[author].discard(address)
        except Refused as refused:
            reply.finish(f"{title}\n{refused}")

    def _follow(self, address: str, job: dict[str, Any], title: str, reply: Reply) -> None:
        # The events say the place in the queue once; while others are before it, the job itself is asked.
        while job["status"] == "queued" and job["progress"].get("position"):
            reply.update(f"{title}\nin the queue, {job['progress']['position']} before it")
            time.sleep(EDIT_EVERY)
            job = json.loads(fetch("GET", address))
        for name, data in events(address):
            if name in ("progress", "preview"):
                picture = base64.b64decode(data["data"]) if name == "preview" else None
                reply.update(f"{title}\nstep {data['step']} of {job['progress']['steps']}", picture)
            elif name == "succeeded":
                image = data["images"][0]
                reply.finish(f"{title}\nseed {image['seed']}", fetch("GET", image["url"]))
            elif name in ENDS:
                reply.finish(f"{title}\n{name}: {data['detail']}")

    def _cancel(self, author: str) -> None:
        with self._lock:
            jobs = list(self._jobs.get(author, ()))
        if not jobs:
            self.room.post(NAME, f"{author}, nothing of yours is being drawn")
        for job in jobs:
            try:
                fetch("DELETE", job)  # its last event says the rest
            except Refused as refused:
                self.room.post(NAME, f"{author}, it could not be cancelled: {refused}")


def main() -> None:
    options = argparse.ArgumentParser(description="A chat room with a bot that draws.")
    options.add_argument("--port", type=int, default=8090, help="of the room's page")
    room = Room()
    bot = Bot(room)
    server = serve(room, options.parse_args().port, bot.hear)
    print(f"The room is at http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
