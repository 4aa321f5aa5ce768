"""Spark Connect's own client: a big result, an upload, an error with its class, a query that outlives its streams.

Usage: spark_client.py PORT SECONDS ARTIFACT [CLUSTER], the session token on standard input. The last line of output is JSON.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf


def main(port, seconds, artifact, cluster=None):
    found = {}
    token = sys.stdin.read().strip()
    began = time.monotonic()
    where = f"sc://localhost:{port}/;use_ssl=true;token={token}" + (f";x-databricks-cluster-id={cluster}" if cluster else "")
    spark = SparkSession.builder.remote(where).getOrCreate()
    found["version"] = spark.version
    found["connect"] = time.monotonic() - began

    began = time.monotonic()
    rows = spark.range(300_000).selectExpr("id", "concat('row ', id) AS name").collect()
    found["rows"], found["sum"] = len(rows), sum(row.id for row in rows)
    found["collect"] = time.monotonic() - began

    spark.addArtifacts(artifact, file=True)

    @udf("string")
    def digest(name):
        from pyspark import SparkFiles
        return hashlib.sha256(open(SparkFiles.get(name), "rb").read()).hexdigest()

    found["digest"] = spark.sql(f"SELECT '{Path(artifact).name}' AS name").select(digest("name")).first()[0]

    try:
        spark.sql("SELECT nope FROM range(3) AS t").collect()
    except AnalysisException as error:
        found["error"], found["state"] = error.getCondition(), error.getSqlState()

    @udf("int")
    def after(number):
        time.sleep(number)
        return number

    began = time.monotonic()
    found["slept"] = spark.sql(f"SELECT {seconds} AS number").select(after("number")).first()[0]
    found["slow"] = time.monotonic() - began
    spark.stop()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
