"""A workspace with a SQL warehouse, over DuckDB: the Thrift dialect of the SQL connector, the statement API, and some REST."""
