"""What reaches the workspace and what does not, and how a caller without a session is answered."""

from lakegate import COOKIE


def echo(lakegate, client, **more):
    answer = client.get(f"{lakegate.url}/api/2.0/echo", **more)
    assert answer.status_code == 200, answer.text
    return [(name.lower(), value) for name, value in answer.json()["fields"]]


def test_secrets_and_spoofed_fields_stay_here(lakegate, session, workspace):
    cookie = session.cookies.get(COOKIE)
    spoofed = {
        "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example", "Connection": "x-nominated, authorization",
        "X-Nominated": "1",
    }
    fields = echo(lakegate, session, headers=spoofed)
    values = [value for _, value in fields]
    assert not any(cookie in value for value in values)
    assert not any("6.6.6.6" in value or "evil.example" in value for value in values)
    assert "x-nominated" not in dict(fields)
    assert dict(fields)["host"] == f"localhost:{workspace.port}"
    assert [name for name, _ in fields].count("authorization") == 1


def test_a_session_token_is_exchanged_for_an_access_token(lakegate, session_token, provider):
    bearer = dict(echo(lakegate, lakegate.client(session_token)))["authorization"]
    assert session_token not in bearer
    assert bearer.removeprefix("Bearer ") in provider.issued()


def test_without_a_session_the_answer_fits_the_asker(lakegate):
    target = f"{lakegate.url}/api/2.1/clusters/list"
    rest = lakegate.client().get(target)
    assert rest.status_code == 401 and "/.lakegate/login" in rest.text and "error_code" in rest.json()
    navigation = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    person = lakegate.client().get(f"{lakegate.url}/explore/data", headers=navigation, allow_redirects=False)
    assert person.status_code == 302 and "/.lakegate/login" in person.headers["Location"]


def test_a_forged_cookie_is_no_session(lakegate):
    forged = {"Cookie": f"{COOKIE}={'A' * 43}"}
    assert lakegate.client().get(f"{lakegate.url}/api/2.1/clusters/list", headers=forged).status_code == 401
