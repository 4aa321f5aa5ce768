"""An unmodified databricks-sdk, configured with Lakegate's address and a session token in place of a PAT."""

from clients import run_sdk


def test_the_sdk_works_as_the_person(lakegate, session_token, certificates):
    seen = run_sdk(lakegate.url, session_token, certificates.authority, megabytes=60)
    assert (seen["me"], seen["clusters"]) == ("ada@example.com", ["trial"])
    assert seen["answer"] == "ada: SELECT 1"
    assert (seen["bytes"], seen["same"]) == (60 << 20, True), seen
