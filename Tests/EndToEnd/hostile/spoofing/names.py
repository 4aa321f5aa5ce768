"""Fields that say who somebody is."""

FORGED = "forged-identity"

CREDENTIALS = ["Authorization", "Proxy-Authorization", "X-Databricks-Azure-SP-Management-Token",
               "X-Databricks-GCP-SA-Access-Token"]

"""Only a proxy may say these, so only Lakegate may say them to a workspace."""
FORWARDED = ["Forwarded", "X-Real-IP", "X-Forwarded", *(f"X-Forwarded-{what}" for what in (
    "For", "Host", "Proto", "Port", "Prefix", "Uri", "Method", "User", "Email", "Groups", "Preferred-Username",
    "Access-Token", "Client-Cert"))]

"""Lakegate says nothing in them; whoever believes them must not be Lakegate."""
BELIEVED_ELSEWHERE = ["X-Remote-User", "X-Auth-Request-User", "X-Original-URL", "X-Rewrite-URL",
                      "X-HTTP-Method-Override", "X-Client-IP", "X-Databricks-Org-Id", "X-Databricks-Workspace-Id"]

GUARDED = CREDENTIALS + FORWARDED


def plainly(name):
    """The name as a server reads it that takes any punctuation for a hyphen, as CGI does."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def forged(name):
    return {"Forwarded": f"for={FORGED}", "Authorization": f"Bearer {FORGED}"}.get(name, FORGED)
