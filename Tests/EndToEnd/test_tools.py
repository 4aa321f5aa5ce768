"""Unmodified programs upon the SDK and the SQL connector: SQLAlchemy, MLflow; and the old CLI in Python, which knows port 443 only."""

import pytest
from at_warehouse import play
from login import log_in, make_session_token
from test_oauth_clients import walker  # noqa: F401


@pytest.fixture(scope="module")
def before_warehouse(at_443):
    return at_443


def people(warehouse, noted):
    """Whose bearers the workspace saw since."""
    return {note["user"] for note in warehouse.notes()[noted:]} - {None}


SEEN = {
    "sqlalchemy": lambda who: {"me": f"{who}@example.com", "rows": [[1, "Ladoga"], [2, "Vänern"]]},
    "mlflow": lambda who: {"me": f"{who}@example.com"},
    "old_cli": lambda who: {"clusters": ["0101-trial"]},
}


@pytest.mark.parametrize("tool", SEEN)
def test_with_a_session_token(before_warehouse, warehouse, tool):
    token = make_session_token(before_warehouse, log_in(before_warehouse)[0], tool)
    noted = len(warehouse.notes())
    assert play("tool_client.py", tool, before_warehouse, way="token", token=token) == SEEN[tool]("ada")
    assert people(warehouse, noted) == {"ada"}


@pytest.mark.parametrize("tool", ["sqlalchemy", "mlflow"])
def test_with_a_programs_key(before_warehouse, warehouse, program_key, tool):
    noted = len(warehouse.notes())
    seen = play("tool_client.py", tool, before_warehouse, way="key", name="scheduler", key=program_key[1])
    assert seen == SEEN[tool]("nightly-principal")
    assert people(warehouse, noted) == {"nightly-principal"}


@pytest.mark.parametrize("tool", ["mlflow", "old_cli"])
def test_with_a_login_in_a_browser(before_warehouse, warehouse, walker, tool):  # noqa: F811
    noted = len(warehouse.notes())
    assert play("tool_client.py", tool, before_warehouse, way="browser") == SEEN[tool]("ada")
    assert people(warehouse, noted) == {"ada"}
