"""All cases of all tables, each with its name."""

from cases import Case
from corpus import chunks, fields, framing, sequences, targets

TABLES = {"framing": framing, "chunks": chunks, "fields": fields, "targets": targets, "sequences": sequences}
CASES = [Case(label, f"{table}: {name}", sent) for table, module in TABLES.items() for label, name, sent in module.CASES]
