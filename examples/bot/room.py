"""A chat room in a browser, in the place of Discord, Telegram or Slack: bots post messages into it and edit them. It knows nothing of Darkroom."""

from __future__ import annotations

import json
import queue
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Callable, Iterator, Optional

PAGE = Path(__file__).with_name("room.html")
LONGEST = 10_000  # bytes of a message


@dataclass
class Message:
    author: str
    text: str
    picture: Optional[bytes]
    edits: int = 0

    def shown(self, number: int) -> str:
        """As the page gets it. A picture's address changes with each edit, so that the page shows the new one."""
        picture = f"/pictures/{number}?{self.edits}" if self.picture else None
        return json.dumps({"id": number, "author": self.author, "text": self.text, "picture": picture})


class Room:
    """What was said, and who listens. Any thread may call it."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._readers: set[queue.Queue[str]] = set()
        self._lock = threading.Lock()

    def post(self, author: str, text: str, picture: bytes | None = None) -> int:
        """Says something. Returns the number that edits it."""
        with self._lock:
            self._messages.append(Message(author, text, picture))
            self._tell(len(self._messages) - 1)
            return len(self._messages) - 1

    def edit(self, number: int, text: str, picture: bytes | None = None) -> None:
        """Says something else in the place of a message."""
        with self._lock:
            message = self._messages[number]
            message.text, message.picture, message.edits = text, picture, message.edits + 1
            self._tell(number)

    def picture(self, number: int) -> bytes | None:
        with self._lock:
            return self._messages[number].picture if number < len(self._messages) else None

    def listen(self) -> Iterator[str]:
        """All messages so far, and each that comes or is edited; an empty string when nothing did for a while."""
        mine: queue.Queue[str] = queue.Queue()
        with self._lock:
            for number, message in enumerate(self._messages):
                mine.put(message.shown(number))
            self._readers.add(mine)
        try:
            while True:
                try:
                    yield mine.get(timeout=15)
                except queue.Empty:
                    yield ""
        finally:
            with self._lock:
                self._readers.discard(mine)

    def _tell(self, number: int) -> None:
        for reader in self._readers:
            reader.put(self._messages[number].shown(number))


def serve(room: Room, port: int, heard: Callable[[str, str], None]) -> ThreadingHTTPServer:
    """The room's page. What people say there is posted and given to heard(author, text)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are used again

        def do_GET(self) -> None:
            if self.path == "/":
                self._answer(200, "text/html; charset=utf-8", PAGE.read_bytes())
            elif self.path == "/messages":
                self._stream()
            else:
                asked = re.fullmatch(r"/pictures/(\d{1,9})\?\d+", self.path)
                picture = room.picture(int(asked[1])) if asked else None
                self._answer(200 if picture else 404, "image/png", picture or b"")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            # Pages of other sites may send forms and text, but no JSON.
            if self.path != "/messages" or self.headers.get_content_type() != "application/json" or not length.isdigit() or int(length) > LONGEST:
                self.close_connection = True  # the body was not read
                return self._answer(400, "text/plain", b"")
            try:
                said = json.loads(self.rfile.read(int(length)))
                author, text = str(said["author"]).strip()[:40], str(said["text"]).strip()
            except (ValueError, TypeError, KeyError):
                return self._answer(400, "text/plain", b"")
            if author and text:
                room.post(author, text)
                heard(author, text)
            self._answer(200, "text/plain", b"")

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")  # its end is the end of the stream
            self.end_headers()
            try:
                for message in room.listen():
                    self.wfile.write((f"data: {message}\n\n" if message else ":\n\n").encode())
            except OSError:
                pass  # the reader has left

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server
