"""Databricks' SQL in DuckDB's words, as far as clients say it."""

import re

REWRITES = [
    (r"(?<![:\w]):(`?)([A-Za-z_]\w*)\1", r"$\2"),  # named parameters
    (r"(`?)(main|hive_metastore)\1\.(`?)default\3\.", ""),  # the one schema there is
    (r"`([^`]*)`", r'"\1"'),
    (r"\bSHOW SCHEMAS\b.*", "SELECT 'default' AS databaseName"),
    (r"\bSHOW TABLES IN\b.*", "SELECT 'default' AS database, table_name AS tableName, false AS isTemporary FROM information_schema.tables"),
    (r"\bSHOW VIEWS IN\b.*", "SELECT 'default' AS namespace, table_name AS viewName, false AS isTemporary, false AS isMaterialized "
                             "FROM information_schema.tables WHERE table_type = 'VIEW'"),
]


def in_words_of_duckdb(text, user):
    """A person's name is known to the workspace alone."""
    for pattern, words in REWRITES:
        text = re.sub(pattern, words, text, flags=re.I)
    return re.sub(r"current_user\(\)", f"'{user}@example.com'", text, flags=re.I)
