"""A TCP door in front of a loopback port that can be shut (connections are refused and cut) and opened again."""

import socket
import threading


class Gate:
    def __init__(self, behind):
        self.behind = behind
        self.port = 0
        self.open()

    def open(self):
        """Listens, on the same port as before."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.inside = []
        threading.Thread(target=self._serve, args=(self.listener,), daemon=True).start()

    def shut(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # ends the wait in accept, which close does not
        self.listener.close()
        for each in self.inside:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _serve(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.behind))
            self.inside += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass(source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
