"""What a user of an unmodified databricks-connect does. A job as JSON on standard input, what was seen as JSON on the last line."""

import json
import sys
import time

from databricks.connect import DatabricksSession
from databricks.sdk.core import Config


def connect(job):
    who = {"token": {"token": job.get("token")}, "key": {"client_id": job.get("name"), "client_secret": job.get("key")},
           "browser": {"auth_type": "external-browser"}}
    config = Config(host=f"https://localhost:{job['port']}", cluster_id=job.get("cluster", "0101-trial"), **who[job["way"]])
    return DatabricksSession.builder.sdkConfig(config).getOrCreate()


def works(job):
    """A result of 300,000 rows, and an error."""
    spark = connect(job)
    rows = spark.range(300_000).selectExpr("id", "concat('row ', id) AS name").collect()
    seen = {"rows": len(rows), "sum": sum(row.id for row in rows), "version": spark.version}
    try:
        spark.sql("SELECT nope FROM range(3) AS t").collect()
    except Exception as error:
        seen["error"] = f"{type(error).__name__}: {error}"[:500]
    return seen


def waits(job):
    """A query that runs for so many seconds."""
    spark = connect(job)
    spark.range(1).selectExpr(f"java_method('java.lang.Thread', 'sleep', {job['seconds']}000L)").collect()
    return {"after": spark.range(10).count()}


def told(job):
    """The same for who is refused: what is read, and when."""
    began = time.monotonic()
    try:
        seen = {"works": works, "waits": waits}[job["scene"]](job)
    except Exception as error:
        seen = {"text": f"{type(error).__name__}: {error}"}
    return seen | {"seconds": round(time.monotonic() - began, 1)}


if __name__ == "__main__":
    print(json.dumps(told(json.load(sys.stdin))))
