"""A gRPC service by grpcio, over TLS, that knows no protobuf: messages are bytes.

Usage: grpc_workspace.py PORT CERTIFICATE KEY JOURNAL   (one JSON line in JOURNAL for each thing that happened)
"""

import asyncio
import json
import sys
from pathlib import Path

import grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
KEEPALIVE = [("grpc.http2.min_recv_ping_interval_without_data_ms", 100)]
DETAILS = b"\x08\x05\x12\x04gone\x1a\x00\xff\xfe"


class Service(grpc.GenericRpcHandler):
    def __init__(self, journal):
        self.journal = open(journal, "a", buffering=1)

    def note(self, what, **more):
        self.journal.write(json.dumps({"what": what, **more}) + "\n")

    def service(self, details):
        name = details.method.rpartition("/")[2]
        kind, serve = {
            "Unary": (grpc.unary_unary_rpc_method_handler, self.unary),
            "Download": (grpc.unary_stream_rpc_method_handler, self.download),
            "Upload": (grpc.stream_unary_rpc_method_handler, self.upload),
            "Chat": (grpc.stream_stream_rpc_method_handler, self.chat),
            "Fail": (grpc.unary_unary_rpc_method_handler, self.fail),
            "FailLate": (grpc.unary_stream_rpc_method_handler, self.fail_late),
            "Metadata": (grpc.unary_unary_rpc_method_handler, self.metadata),
            "Hang": (grpc.unary_unary_rpc_method_handler, self.hang),
            "Forever": (grpc.unary_stream_rpc_method_handler, self.forever),
        }.get(name, (None, None))
        return kind and kind(serve)

    async def unary(self, message, context):
        return message

    async def download(self, message, context):
        count, size = (int(part) for part in message.split())
        for number in range(count):
            yield number.to_bytes(4) + b"d" * size

    async def upload(self, messages, context):
        count = size = 0
        async for message in messages:
            count, size = count + 1, size + len(message)
        return f"{count} {size}".encode()

    async def chat(self, messages, context):
        async for message in messages:
            yield message[::-1]

    async def fail(self, message, context):
        context.set_trailing_metadata([("grpc-status-details-bin", DETAILS), ("why", "asked")])
        await context.abort(CODES[int(message)], "Ä 100%\n")

    async def fail_late(self, message, context):
        for _ in range(3):
            yield b"some"
        await self.fail(message, context)

    async def metadata(self, message, context):
        sent = [(name, value.hex() if isinstance(value, bytes) else value)
                for name, value in context.invocation_metadata()]
        await context.send_initial_metadata([("first", "1"), ("first-bin", bytes(range(256)))])
        context.set_trailing_metadata([("last", "2"), ("last-bin", b"\x00\xff"), ("last-bin", b"again")])
        return json.dumps({"sent": sent, "left": context.time_remaining()}).encode()

    async def hang(self, message, context):
        await self.until_cancelled(message.decode(), context, asyncio.Event().wait())

    async def forever(self, message, context):
        try:
            while True:
                yield b"f" * 1000
                await asyncio.sleep(0.01)
        except (asyncio.CancelledError, GeneratorExit):
            self.note("cancelled", key=message.decode())
            raise

    async def until_cancelled(self, key, context, waiting):
        self.note("began", key=key, left=context.time_remaining())
        try:
            await waiting
        except asyncio.CancelledError:
            self.note("cancelled", key=key)
            raise


CODES = {code.value[0]: code for code in grpc.StatusCode}


async def main(port, certificate, key, journal):
    server = grpc.aio.server(options=UNLIMITED + KEEPALIVE)
    server.add_generic_rpc_handlers([Service(journal)])
    credentials = grpc.ssl_server_credentials([(Path(key).read_bytes(), Path(certificate).read_bytes())])
    server.add_secure_port(f"127.0.0.1:{port}", credentials)
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
