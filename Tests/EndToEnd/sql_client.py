"""What users of an unmodified databricks-sql-connector do. A job as JSON on standard input; what was seen as JSON on the last line."""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

from databricks import sql

ROWS = 300_000


def connect(job, token, **more):
    way = job["way"]
    if way == "kernel":  # which knows no `_port`
        more |= {"server_hostname": f"localhost:{job['port']}", "use_kernel": True}
    else:
        more |= {"server_hostname": "localhost", "_port": job["port"], "use_sea": way == "sea", "use_cloud_fetch": job["linked"]}
    path = "/sql/protocolv1/o/4711/0101-trial" if way == "cluster" else "/sql/1.0/warehouses/abc"
    return sql.connect(http_path=path, access_token=token, _tls_trusted_ca_file=job["authority"],
                       enable_telemetry=False, **more)


def ask(connection, text, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(text, parameters=parameters[0] if parameters else None)
        return [list(row) for row in cursor.fetchall()]


def works(job):
    """A bit of everything."""
    with connect(job, job["token"]) as connection:
        seen = {"me": ask(connection, "SELECT current_user()"), "rows": many(connection), "types": types(connection)}
        seen["named"] = ask(connection, "SELECT :name AS name, :number + 1 AS number", {"name": "ada", "number": 41})
        seen["error"] = error(connection)
        if job["way"] != "sea":
            seen["placed"] = ask(connection, "SELECT ?, ?", ["x", 7])
        if job["way"] in ("thrift", "cluster"):
            seen["metadata"] = metadata(connection)
    return seen


def many(connection):
    """A result of many fetches: how many rows, their sum, and whether they were in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT range AS id, 'row ' || range AS name FROM range({ROWS})")
        names, count, total, ordered = [each[0] for each in cursor.description], 0, 0, True
        while rows := cursor.fetchmany(20_000):
            ordered = ordered and int(rows[0].id) == count and rows[-1].name == f"row {count + len(rows) - 1}"
            count, total = count + len(rows), total + sum(int(row.id) for row in rows)
    return {"names": names, "count": count, "sum": total, "ordered": ordered}


def types(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1.25::DECIMAL(10, 2) AS d, DATE '2026-01-02' AS t, NULL AS n, true AS b, 'é' AS s")
        row = cursor.fetchone()
        right = list(row) == [Decimal("1.25"), date(2026, 1, 2), None, True, "é"]
        return {"kinds": [each[1] for each in cursor.description], "right": right or repr(row)}


def error(connection):
    try:
        ask(connection, "SELECT nope FROM lakes")
    except sql.Error as error:
        return f"{type(error).__name__}: {error}"


def metadata(connection):
    with connection.cursor() as cursor:
        found = [[row[0] for row in cursor.catalogs().fetchall()], [row[0] for row in cursor.schemas().fetchall()],
                 [row[2] for row in cursor.tables(table_name="lakes").fetchall()]]
        return found + [[row[3] for row in cursor.columns(table_name="lakes").fetchall()]]


def cancels(job):
    """A statement that would take hours is cancelled by another thread; the connection goes on."""
    with connect(job, job["token"]) as connection, connection.cursor() as cursor:
        began, ended = time.monotonic(), []

        def run():
            try:
                cursor.execute("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range < 0")
                ended.append("done")
            except sql.Error as error:
                ended.append(f"{type(error).__name__}: {error}")

        thread = threading.Thread(target=run)
        thread.start()
        while not cursor.active_command_id and thread.is_alive() and time.monotonic() < began + 60:
            time.sleep(0.05)
        cursor.cancel()
        thread.join(60)
        return {"ended": ended, "seconds": time.monotonic() - began, "after": ask(connection, "SELECT 1")}


def together(job):
    """Several people at once, each on connections of his own; what each of them was told about himself."""
    def one(name):
        with connect(job, job["tokens"][name], user_agent_entry=name) as connection:
            return [ask(connection, "SELECT current_user()")[0][0] for _ in range(job["times"])]

    names = list(job["tokens"]) * 2
    with ThreadPoolExecutor(len(names)) as pool:
        told = list(pool.map(one, names))
    return [[name, sorted(set(each)), len(each)] for name, each in zip(names, told)]


def fetches_slowly(job):
    """Reads a result over many seconds, on one connection."""
    with connect(job, job["token"]) as connection, connection.cursor() as cursor:
        cursor.arraysize = 10_000
        cursor.execute(f"SELECT range AS id FROM range({ROWS})")
        began, count, total = time.monotonic(), 0, 0
        while rows := cursor.fetchmany(10_000):
            count, total = count + len(rows), total + sum(row.id for row in rows)
            time.sleep(job["pause"])
        return {"count": count, "sum": total, "seconds": time.monotonic() - began}


SCENES = {each.__name__: each for each in (works, cancels, together, fetches_slowly)}


if __name__ == "__main__":
    job = json.load(sys.stdin)
    print(json.dumps(SCENES[job["scene"]](job)))
