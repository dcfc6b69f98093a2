"""What is said on a stream, encoded once for each way it travels."""

import msgspec

_encode = msgspec.json.Encoder().encode


class Message:
    """An event with its payload, which is JSON or an id; None where there is nothing to say."""

    __slots__ = ("_event", "_frames", "_payload", "_sse", "_text")

    def __init__(self, event: str, payload: bytes | None = None) -> None:
        self._event = event
        self._payload = payload
        self._frames: dict[str, str] = {}
        self._text: str | None = None
        self._sse: bytes | None = None

    def frame(self, label: str) -> str:
        """The text of a WebSocket message, on the stream whose name is the label."""
        made = self._frames.get(label)
        if made is None:
            if self._text is None:
                self._text = self._rest()
            made = self._frames[label] = f'{{"stream":{label},{self._text}'
        return made

    def _rest(self) -> str:
        head = f'"event":"{self._event}"'
        if self._payload is None:
            return head + "}"
        # The payload is text to the outer JSON.
        return f'{head},"payload":{_encode(self._payload.decode()).decode()}}}'

    def sse(self) -> bytes:
        """The lines of a server-sent event."""
        if self._sse is None:
            data = b"undefined" if self._payload is None else self._payload
            self._sse = b"event: " + self._event.encode() + b"\ndata: " + data + b"\n\n"
        return self._sse
