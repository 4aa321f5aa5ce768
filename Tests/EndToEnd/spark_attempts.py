"""One attempt of databricks-connect or of Spark Connect's own client to do something, and what its user gets to read."""

import pyspark.sql.connect.session  # noqa: F401
from outcomes import main
from pyspark.sql import SparkSession

try:
    from databricks.connect import DatabricksSession
except ImportError:  # which is in an environment of its own
    DatabricksSession = None


def connect(job):
    address = f"https://{job['host']}:{job['port']}"
    return DatabricksSession.builder.host(address).token(job["token"]).clusterId("0101-trial").getOrCreate().version


def spark(job):
    where = f"sc://{job['host']}:{job['port']}/;use_ssl=true;token={job['token']}"
    return SparkSession.builder.remote(where).getOrCreate().version


if __name__ == "__main__":
    main({"connect": connect, "spark": spark})
