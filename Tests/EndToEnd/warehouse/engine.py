"""Runs statements on DuckDB; a statement has a state, may be cancelled, and its rows are read in slices."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import duckdb
import lz4.frame
import pyarrow

from .words import in_words_of_duckdb

RUNNING, SUCCEEDED, FAILED, CANCELED, CLOSED = "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "CLOSED"
CASTS = {"TINYINT": int, "SMALLINT": int, "INT": int, "BIGINT": int, "FLOAT": float, "DOUBLE": float,
         "BOOLEAN": lambda text: text.lower() == "true"}


class Statement:
    """One statement on a connection of its own."""

    def __init__(self, database, text, parameters, user):
        self.id, self.user = str(uuid.uuid4()), user
        self.state, self.error, self.rows, self.read = RUNNING, None, None, 0
        self.connection = database.cursor()
        self.text = in_words_of_duckdb(text, user)
        self.parameters = parameters

    def run(self):
        try:
            rows = self.connection.execute(self.text, self.parameters or None).to_arrow_table()
            self.rows, self.state = rows.combine_chunks(), SUCCEEDED
        except duckdb.InterruptException:
            self.state = CANCELED
        except duckdb.Error as error:
            self.state, self.error = FAILED, str(error)

    def cancel(self):
        self.connection.interrupt()

    def next_rows(self, most):
        """(offset, rows) of what has not been read yet, at most so many."""
        offset, rows = self.read, self.rows.slice(self.read, most)
        self.read += rows.num_rows
        return offset, rows

    @property
    def has_more(self):
        return self.read < self.rows.num_rows


class Engine:
    def __init__(self):
        self.database = duckdb.connect(config={"threads": 1})
        self.database.execute("CREATE TABLE lakes AS SELECT * FROM (VALUES (1, 'Ladoga'), (2, 'Vänern')) AS lake(id, name)")
        self.pool, self.statements, self.lock = ThreadPoolExecutor(16), {}, threading.Lock()

    def begin(self, text, parameters, user, patience):
        """Begins a statement and waits so many seconds for its end."""
        with self.lock:
            statement = Statement(self.database, text, parameters, user)
        self.statements[statement.id] = statement
        statement.future = self.pool.submit(statement.run)
        wait([statement.future], patience)
        return statement

    def find(self, identity, user):
        """Another person's statement is as unknown as one that never was."""
        found = self.statements.get(identity)
        return found if found and found.user == user else None

    def close(self, statement):
        statement.cancel()
        self.statements.pop(statement.id, None)


def typed(kind, text):
    """A parameter, which comes as text with the name of its type."""
    if text is None or kind == "VOID":
        return None
    if kind == "DATE":
        return datetime.fromisoformat(text).date()
    return datetime.fromisoformat(text) if kind.startswith("TIMESTAMP") else CASTS.get(kind, str)(text)


def gather(parameters):
    """What DuckDB takes, from (name, value) pairs: a list of those without a name, or a dictionary."""
    named = {name: value for name, value in parameters if name}
    return named or [value for _, value in parameters]


def batches(rows):
    """(bytes of one record batch of Arrow's stream, number of rows) each."""
    return [(batch.serialize().to_pybytes(), batch.num_rows) for batch in rows.to_batches()]


def stream(rows, compressed):
    """A whole stream of Arrow, schema first."""
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    data = sink.getvalue().to_pybytes()
    return lz4.frame.compress(data) if compressed else data


def soon():
    """When links end, in seconds since 1970: in a quarter of an hour, as Databricks' do."""
    return int(time.time()) + 900


def written(seconds):
    return datetime.fromtimestamp(seconds, UTC).isoformat()
