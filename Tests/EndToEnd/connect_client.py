"""What a user of an unmodified databricks-connect does. A job as JSON on standard input, what was seen as JSON on the last line."""

import json
import sys
import time

from databricks.connect import DatabricksSession


def main(job):
    began = time.monotonic()
    spark = DatabricksSession.builder.host(f"https://localhost:{job['port']}").token(job["token"]).clusterId("0101-trial").getOrCreate()
    rows = spark.range(300_000).selectExpr("id", "concat('row ', id) AS name").collect()
    seen = {"rows": len(rows), "sum": sum(row.id for row in rows), "version": spark.version}
    try:
        spark.sql("SELECT nope FROM range(3) AS t").collect()
    except Exception as error:
        seen["error"] = f"{type(error).__name__}: {error}"
    return seen | {"seconds": round(time.monotonic() - began, 1)}


def told(job):
    """The same for who is refused: what is read, and when."""
    began = time.monotonic()
    try:
        return main(job)
    except Exception as error:
        return {"text": f"{type(error).__name__}: {error}", "seconds": round(time.monotonic() - began, 1)}


if __name__ == "__main__":
    print(json.dumps(told(json.load(sys.stdin))))
