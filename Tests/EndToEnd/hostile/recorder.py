"""A workspace that keeps every byte it received, and answers in the way the path asks for."""

import socket
import ssl
import threading
import time

from reading import Faulty, chunk_size, read_head

ME = b'{"id":"1","userName":"ada@example.com","displayName":"Ada","active":true,"emails":[]}'


def answer(status=b"200 OK", body=ME, *lines):
    more = b"".join(line + b"\r\n" for line in lines)
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s" % (
        status, len(body), more, body)


class Connection:
    """One connection from Lakegate: all bytes that came, and who read them how."""

    def __init__(self, recorder, client):
        self.recorder, self.client = recorder, client
        self.received, self.used = bytearray(), 0
        self.fault = None
        self.answered = threading.Event()

    def send(self, data):
        self.client.sendall(data)

    def more(self, patience=30):
        """Waits for bytes; False when no more will come."""
        self.client.settimeout(patience)
        piece = self.client.recv(65536)
        self.received += piece
        return bool(piece)

    def take(self, count):
        while len(self.received) - self.used < count:
            if not self.more():
                raise EOFError
        self.used += count
        return bytes(self.received[self.used - count:self.used])

    def take_until(self, mark):
        while (end := self.received.find(mark, self.used)) < 0:
            if not self.more():
                raise EOFError
        return self.take(end + len(mark) - self.used)

    def take_body(self, request):
        if request.length is not None:
            request.body += self.take(request.length)
        else:
            while size := chunk_size(self.take_until(b"\r\n")):
                request.body += self.take(size)
                if self.take(2) != b"\r\n":
                    raise Faulty("a chunk does not end where it should")
            while (line := self.take_until(b"\r\n")) != b"\r\n":
                request.trailers += line
        request.whole = True

    def serve(self):
        try:
            while True:
                start = self.used
                request = read_head(self.take_until(b"\r\n\r\n"))
                self.recorder.requests.append(request)
                first = request.target.split("?")[0].split("/")[1:2]
                self.recorder.behaviours.get((first or [""])[0], plain)(self, request)
                request.raw = bytes(self.received[start:self.used])
        except Faulty as fault:
            self.fault = fault
        except (EOFError, OSError):
            pass
        finally:
            self.client.close()


def plain(connection, request):
    connection.take_body(request)
    reply = answer()
    connection.send(reply[:reply.index(b"\r\n\r\n") + 4] if request.method == "HEAD" else reply)


class Recorder:
    def __init__(self, certificates):
        self.requests, self.connections = [], []
        """By the first segment of the path: what is done once a head is here."""
        self.behaviours = {}
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificates.certificate, certificates.key)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    @property
    def faults(self):
        return [connection.fault for connection in self.connections if connection.fault]

    def since(self, mark):
        """Requests whose heads came after there were `mark` of them."""
        return self.requests[mark:]

    def _accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._begin, args=[plain], daemon=True).start()

    def _begin(self, plain):
        try:
            plain.settimeout(10)
            client = self.context.wrap_socket(plain, server_side=True)
        except OSError:
            return plain.close()
        connection = Connection(self, client)
        self.connections.append(connection)
        connection.serve()

    def close(self):
        self.listener.close()


def wait_for(what, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited for {what}"
        time.sleep(0.02)
    return found
