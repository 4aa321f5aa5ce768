class LoadFailure(Exception):
    """The load generator could not connect, or answers were not all good."""
