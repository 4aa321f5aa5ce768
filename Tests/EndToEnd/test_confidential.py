"""The same login as a confidential client, without a browser."""

from lakegate import COOKIE
from login import log_in, make_session_token, session_page


def test_confidential_client_logs_in_and_calls(confidential_lakegate, provider):
    before = len(provider.journal())
    browser, page = log_in(confidential_lakegate, user="grace", path="/explore/data?x=1")
    assert page.url == f"{confidential_lakegate.url}/explore/data?x=1" and "Hello grace" in page.text
    assert "grace@example.com" in session_page(confidential_lakegate, browser).text
    client = confidential_lakegate.client(make_session_token(confidential_lakegate, browser))
    me = client.get(f"{confidential_lakegate.url}/api/2.0/preview/scim/v2/Me").json()
    assert me["userName"] == "grace@example.com"
    grants = [(each["grant"], each["status"]) for each in provider.journal()[before:]]
    assert ("authorization_code", 200) in grants and COOKIE in browser.cookies
