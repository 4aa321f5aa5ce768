"""curl -u and netrc say `token` and the token by Basic (RFC 7617), as Databricks takes a personal access token."""

import pytest
from login import log_in, make_session_token

ME = "/api/2.0/preview/scim/v2/Me"


@pytest.mark.parametrize("kind", ["session token", "key"])
def test_a_token_by_basic_counts_and_is_not_shown_to_the_workspace(at_443, warehouse, program_key, kind):
    token = program_key[1] if kind == "key" else make_session_token(at_443, log_in(at_443, "hedy")[0], "basic")
    noted = len(warehouse.notes())
    answer = at_443.client().get(f"{at_443.url}{ME}", auth=("token", token), timeout=20)
    assert not [note for note in warehouse.notes()[noted:] if any("Basic" in value for _, value in note["headers"])]
    assert answer.status_code == 200
