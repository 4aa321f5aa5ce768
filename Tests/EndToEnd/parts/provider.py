"""Django settings, URLs and seed of a django-oauth-toolkit server: an OAuth provider that none of us wrote.

PKCE is required, refresh tokens rotate, and a replayed one revokes its whole family. Run by gunicorn as
`provider:application`; `python provider.py` makes the tables, three people, two clients and a service principal.
"""

import json
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(os.environ["PROVIDER_FOLDER"])


def lifetime(request):
    """Seconds of an access token: short, so that it is renewed all the time, but not hedy's."""
    return 3600 if request.user and request.user.username == "hedy" else int(os.environ.get("ACCESS_SECONDS", "8"))


settings.configure(
    DEBUG=False, SECRET_KEY="trial", ALLOWED_HOSTS=["*"], ROOT_URLCONF="provider", USE_TZ=True,
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    DATABASES={"default": {
        "ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "provider.sqlite",
        # A transaction that reads first and writes later would be told "locked" at once instead of waiting its turn.
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=OFF"},
    }},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider", "signin",
    ],
    MIDDLEWARE=[
        "provider.Journal", "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }],
    LOGIN_URL="/accounts/login/",
    OAUTH2_PROVIDER={
        "PKCE_REQUIRED": True, "ROTATE_REFRESH_TOKEN": True, "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": int(os.environ.get("GRACE_SECONDS", "0")), "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
        "ACCESS_TOKEN_EXPIRE_SECONDS": lifetime,
        "SCOPES": {"all-apis": "Everything you may do", "offline_access": "Stay signed in"},
    },
)


class Journal:
    """Writes every answer of the token endpoint to a file: what was asked, how it went, which tokens were issued."""

    def __init__(self, respond):
        self.respond = respond

    def __call__(self, request):
        asked = request.POST.dict() if request.path == "/o/token/" else {}
        response = self.respond(request)
        if asked:
            line = {"grant": asked.get("grant_type"), "status": response.status_code, "code": asked.get("code"),
                    "at": time.time()}
            with open(FOLDER / "journal.jsonl", "a") as journal:
                journal.write(json.dumps(line | {"answer": json.loads(response.content)}) + "\n")
        return response


def seed():
    """Reads {"redirects": [...], "secret": ...} from standard input."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    wanted = json.load(sys.stdin)
    call_command("migrate", verbosity=0)
    for name in ("ada", "grace", "hedy"):
        User.objects.create_user(name, f"{name}@example.com", f"{name}-password")
    for client, kind in (("public-client", "public"), ("confidential-client", "confidential")):
        Application.objects.create(
            client_id=client, client_secret=wanted["secret"], client_type=kind, name=client,
            authorization_grant_type="authorization-code", redirect_uris=" ".join(wanted["redirects"]),
        )
    Application.objects.create(client_id="nightly-principal", client_secret=wanted["secret"], client_type="confidential",
                               name="nightly", authorization_grant_type="client-credentials")


def urls():
    from django.contrib.auth.views import LoginView
    from django.urls import include, path

    return [
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
        path("accounts/login/", LoginView.as_view(template_name="signin/login.html", redirect_authenticated_user=True)),
    ]


if __name__ == "__main__":
    sys.modules["provider"] = sys.modules["__main__"]
django.setup()
if __name__ == "__main__":
    seed()
else:
    from django.core.wsgi import get_wsgi_application

    urlpatterns = urls()
    application = get_wsgi_application()
