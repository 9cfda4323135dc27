"""A bad network: a proxy in front of the server that cuts the connection of every POST, where it is told to."""

import socket
import threading

CUTS = ("before", "middle", "after")


class Proxy:
    """`cut` is None, or where each POST breaks: before a byte is sent on, in its middle, after the server answered."""

    def __init__(self, target):
        self.host, _, self.port = target.removeprefix("http://").partition(":")
        self.cut, self.broken = None, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        """One request a connection is enough: the answer says so by closing."""
        with client, socket.create_connection((self.host, int(self.port))) as server:
            client.settimeout(20)
            server.settimeout(20)
            try:
                request = self._read_request(client)
                if not request:
                    return
                cut = self.cut if request.startswith(b"POST") else None
                if cut:
                    self.broken += 1
                if cut == "before":
                    return
                head, blank, body = request.partition(b"\r\n\r\n")
                head = (
                    b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:"))
                    + b"\r\nConnection: close"
                )
                if cut == "middle":
                    server.sendall(head + blank + body[: len(body) // 2])
                    return
                server.sendall(head + blank + body)
                answer = b""
                while piece := server.recv(65536):
                    answer += piece
                if cut != "after":
                    client.sendall(answer)
            except OSError:
                return

    def _read_request(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = client.recv(65536)
            if not piece:
                return data
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            piece = client.recv(65536)
            if not piece:
                break
            body += piece
        return head + b"\r\n\r\n" + body
