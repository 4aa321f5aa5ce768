"""The real parts by themselves, without Lakegate: what they enforce is what the other tests rely on."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from clients import run_sdk
from login import finish_at_provider
from services import CONFIDENTIAL_SECRET

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture(scope="module")
def direct(certificates):
    client = requests.Session()
    client.trust_env = False
    client.verify = str(certificates.authority)
    return client


def authorize(direct, workspace, ports, client="public-client", **changes):
    """Walks to the redirect back and returns its query."""
    asked = {
        "response_type": "code", "client_id": client, "scope": "all-apis offline_access", "state": "s",
        "redirect_uri": f"https://localhost:{ports['nobody']}/.lakegate/callback", "code_challenge": CHALLENGE,
        "code_challenge_method": "S256", **changes,
    }
    landing = []
    direct.hooks["response"] = [lambda answer, **_: landing.append(answer.headers.get("Location", ""))]
    try:
        asked = {name: value for name, value in asked.items() if value}
        finish_at_provider(direct, direct.get(workspace.login_url, params=asked), "ada")
    except requests.ConnectionError:
        pass  # nobody listens at the redirect URI
    finally:
        direct.hooks["response"] = []
    return {name: values[0] for name, values in parse_qs(urlsplit(landing[-1]).query).items()}


def redeem(direct, workspace, ports, client="public-client", **fields):
    form = {"client_id": client, "redirect_uri": f"https://localhost:{ports['nobody']}/.lakegate/callback", **fields}
    return direct.post(workspace.token_url, data=form)


def test_provider_logs_in_and_workspace_believes_it(direct, workspace, ports):
    code = authorize(direct, workspace, ports)["code"]
    answer = redeem(direct, workspace, ports, grant_type="authorization_code", code=code, code_verifier=VERIFIER)
    token = answer.json()["access_token"]
    me = direct.get(f"{workspace.url}/api/2.0/preview/scim/v2/Me", headers={"Authorization": f"Bearer {token}"})
    assert (me.status_code, me.json()["userName"]) == (200, "ada@example.com")


def test_provider_demands_pkce(direct, workspace, ports):
    refused = authorize(direct, workspace, ports, code_challenge=None, code_challenge_method=None)
    assert refused["error"] == "invalid_request"
    code = authorize(direct, workspace, ports)["code"]
    wrong = redeem(direct, workspace, ports, grant_type="authorization_code", code=code, code_verifier="w" * 43)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")


def test_confidential_client_needs_its_secret(direct, workspace, ports):
    client = "confidential-client"
    code = authorize(direct, workspace, ports, client=client)["code"]
    fields = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    assert redeem(direct, workspace, ports, client, **fields).status_code == 401
    assert redeem(direct, workspace, ports, client, client_secret=CONFIDENTIAL_SECRET, **fields).status_code == 200


def test_replayed_refresh_token_kills_its_family(direct, workspace, ports):
    code = authorize(direct, workspace, ports)["code"]
    first = redeem(direct, workspace, ports, grant_type="authorization_code", code=code, code_verifier=VERIFIER).json()
    second = redeem(direct, workspace, ports, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"] and second["expires_in"] == 8
    replay = redeem(direct, workspace, ports, grant_type="refresh_token", refresh_token=first["refresh_token"])
    after = redeem(direct, workspace, ports, grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert (replay.status_code, after.status_code) == (400, 400)


def test_workspace_says_no_like_databricks(direct, workspace):
    missing = direct.get(f"{workspace.url}/api/2.1/clusters/list")
    wrong = direct.get(f"{workspace.url}/api/2.1/clusters/list", headers={"Authorization": "Bearer wrong"})
    big = direct.get(f"{workspace.url}/big/300m", headers={"Authorization": "Bearer wrong"})
    assert [missing.status_code, missing.json()["error_code"]] == [401, 401]
    for answer in (wrong, big):
        assert [answer.status_code, answer.json()["error_code"]] == [403, 403]


def test_sdk_works_against_the_workspace_itself(direct, workspace, ports, certificates):
    code = authorize(direct, workspace, ports)["code"]
    token = redeem(direct, workspace, ports, grant_type="authorization_code", code=code, code_verifier=VERIFIER).json()
    found = run_sdk(workspace.url, token["access_token"], certificates.authority, megabytes=0)
    assert found["me"] == "ada@example.com" and found["answer"] == "ada: SELECT 1"
