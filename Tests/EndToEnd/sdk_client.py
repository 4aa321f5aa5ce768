"""What an unmodified databricks-sdk user does. Usage: sdk_client.py HOST MEGABYTES; the token on standard input."""

import hashlib
import io
import json
import random
import sys
import time

from databricks.sdk import WorkspaceClient


def main(host, megabytes):
    client = WorkspaceClient(host=host, token=sys.stdin.read().strip())
    seen = {
        "me": client.current_user.me().user_name,
        "clusters": [each.cluster_name for each in client.clusters.list()],
        "answer": client.statement_execution.execute_statement("SELECT 1", "warehouse").result.data_array[0][0],
    }
    if megabytes:
        seen |= up_and_down(client, megabytes)
    print(json.dumps(seen))


def up_and_down(client, megabytes):
    data = random.Random(7).randbytes(megabytes << 20)
    path, started = "/Volumes/main/default/trial/file.bin", time.monotonic()
    client.files.upload(path, io.BytesIO(data), overwrite=True)
    up = time.monotonic() - started
    back = client.files.download(path).contents.read()
    return {
        "bytes": len(back), "same": hashlib.sha256(back).digest() == hashlib.sha256(data).digest(),
        "up_seconds": round(up, 2), "down_seconds": round(time.monotonic() - started - up, 2),
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
