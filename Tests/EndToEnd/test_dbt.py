"""An unmodified dbt-databricks, which knows port 443 only, before the warehouse.

Too big for every run (500 MB): LAKEGATE_HEAVY=1 with the environment `dbt` that `Tests/EndToEnd/install.sh heavy` makes.
"""

import os
import subprocess

import pytest
from at_warehouse import clean_environment, heavy
from login import log_in, make_session_token
from test_oauth_clients import walker  # noqa: F401
from test_tools import before_warehouse, people  # noqa: F401

PROFILE = """\
trial:
  target: trial
  outputs:
    trial: {{type: databricks, host: localhost, http_path: /sql/1.0/warehouses/abc, catalog: hive_metastore, schema: default, threads: 1, {who}}}
"""


@pytest.fixture
def project(request, tmp_path):
    """With one model, a view upon a table of the warehouse; its name is the folder's."""
    folder = tmp_path / request.node.name
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("{name: trial, profile: trial, model-paths: [models], models: {+materialized: view}}\n")
    (folder / "models" / f"{folder.name}.sql").write_text("SELECT id, name, current_user() AS by FROM lakes WHERE id > 1\n")
    return folder


def dbt(project, lakegate, who, *words):
    (project / "profiles.yml").write_text(PROFILE.format(who=who))
    trust = {name: str(lakegate.authority) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    command = [heavy("dbt").with_name("dbt"), "--no-use-colors", *words, "--project-dir", project, "--profiles-dir", project]
    environment = clean_environment() | trust | {"DO_NOT_TRACK": "1", "HOME": os.environ["HOME"]}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, cwd=project)
    return done.returncode, done.stdout + done.stderr


def works(project, lakegate, who):
    for words in (["debug"], ["run"], ["show", "--inline", f"SELECT * FROM {project.name}"]):
        code, told = dbt(project, lakegate, who, *words)
        print(told)
        assert code == 0, told
    return told


def test_with_a_session_token(before_warehouse, warehouse, project):  # noqa: F811
    token = make_session_token(before_warehouse, log_in(before_warehouse)[0], "dbt")
    noted = len(warehouse.notes())
    assert "Vänern" in works(project, before_warehouse, f"token: {token}")
    assert people(warehouse, noted) == {"ada"}


def test_with_a_programs_key(before_warehouse, warehouse, project, program_key):  # noqa: F811
    noted = len(warehouse.notes())
    works(project, before_warehouse, f"auth_type: oauth, client_id: scheduler, client_secret: {program_key[1]}")
    assert people(warehouse, noted) == {"nightly-principal"}


def test_with_a_login_in_a_browser(before_warehouse, warehouse, project, walker):  # noqa: F811
    noted = len(warehouse.notes())
    works(project, before_warehouse, "auth_type: oauth")
    assert people(warehouse, noted) == {"ada"}
