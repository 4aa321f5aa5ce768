"""Programs without a browser: an IDE's backend is handed a session, and `lakegate login` gets a token."""

import os
import re
import shlex
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from certificates import sign_program
from clients import run_sdk
from ground import free_port, own_environment
from lakegate import COOKIE, start_lakegate
from selenium.webdriver.common.keys import Keys
from test_browser import browser, home, log_in, sign_in_at_provider  # noqa: F401
from login import ALLOW, CONTINUE

ME = "/api/2.0/preview/scim/v2/Me"
HANDOFFS = "/.lakegate/handoffs"
OURS, DENY = r"^allow$", r"^deny$"


@pytest.fixture(scope="module")
def keys(ground, binary):
    """Key files of programs, by name."""
    made = {name: ground.folder / f"handing-{name}.key" for name in ("ide-backend", "other-ide", "scheduler")}
    for path in made.values():
        subprocess.run([*shlex.split(binary), "keys", "client", "--output", str(path)], check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def replicas(ground, binary, certificates, redis, workspace, ports, keys, lakegate):
    """Two with the same programs; people log in at the first."""
    def change(text):
        programs = "".join(
            f"      - name: {name}\n        keyFile: {path}\n        mayAskForSessions: {str(name != 'scheduler').lower()}\n"
            for name, path in keys.items())
        programs += "      - {name: certified-ide, certificateName: program.example, mayAskForSessions: true}\n"
        text = text.replace("tls:\n", f"tls:\n  clientAuthorityFile: {certificates.authority}\n")
        return text.replace("handing-2-keyring", "handing-keyring") + f"    clients:\n{programs}"

    made = [start_lakegate(ground, binary, certificates, redis[1], workspace, port, name=name, change=change)
            for port, name in ((ports["handoff"], "handing"), (free_port(), "handing-2"))]
    for each in made:
        each.secrets = lakegate.secrets  # looked for by the last test
    return made


@pytest.fixture
def backend(replicas, keys):
    return Backend(replicas, keys["ide-backend"])


class Backend:
    """Asks at the first replica and looks at the second one."""

    def __init__(self, replicas, key):
        self.first, self.second = replicas
        self.key = key.read_text().strip()

    def ask(self, **wish):
        answer = self.first.client(self.key).post(self.first.url + HANDOFFS, json=wish)
        assert answer.status_code == 201, answer.text
        self.first.secrets.append(answer.json()["handle"])
        return answer.json()

    def look(self, asked, wait=0):
        answer = self.second.client(self.key).get(f"{self.second.url}{HANDOFFS}/{asked['id']}?wait={wait}", timeout=90)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def end(self, asked):
        return self.first.client(self.key).delete(f"{self.first.url}{HANDOFFS}/{asked['id']}").json()


def who(lakegate, token):
    answer = lakegate.client(token).get(lakegate.url + ME)
    return answer.status_code, answer.json().get("userName")


def test_a_backend_is_handed_a_session(browser, backend, replicas, certificates, pictures):
    asked = backend.ask(label="Query editor")
    assert who(replicas[0], asked["handle"])[0] == 401
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(backend.look, asked, 60)
        browser.open(asked["login_url"])
        browser.press(CONTINUE)
        sign_in_at_provider(browser, "ada")
        browser.press(ALLOW)
        browser.wait_for("/.lakegate/handoff")
        for part in (asked["code"], "ide-backend", "Query editor", "ada@example.com"):
            assert part in browser.text
        browser.picture(pictures / "20-confirm.png")
        assert not answer.done()
        browser.press(OURS)
        browser.picture(pictures / "21-confirmed.png")
        told = answer.result(timeout=60)
    assert (told["state"], told["user"]) == ("confirmed", "ada@example.com")
    for replica in replicas:
        assert who(replica, asked["handle"]) == (200, "ada@example.com")
    seen = run_sdk(replicas[0].url, asked["handle"], certificates.authority, megabytes=1)
    assert seen["me"] == "ada@example.com"
    take_back(browser, backend, asked, replicas, pictures)


def take_back(browser, backend, asked, replicas, pictures):
    browser.open(f"{replicas[0].url}/.lakegate/session")
    assert "ide-backend: Query editor" in browser.text
    browser.picture(pictures / "22-session-with-handle.png")
    browser.press("^end$")
    assert "ide-backend: Query editor" not in browser.text
    assert backend.look(asked)["state"] == "ended"
    browser.wait("the handle's end", lambda _: who(replicas[0], asked["handle"])[0] == 401)
    browser.open(f"{replicas[0].url}/explore/data")
    assert "Hello ada" in browser.text


def test_only_its_program_sees_a_handoff(backend, replicas, keys):
    asked = backend.ask()
    assert (who(replicas[0], backend.key)[0]) in (401, 403), "a program may do nothing by itself"
    assert Backend(replicas, keys["other-ide"]).ask()["id"] != asked["id"]
    for name, status in (("other-ide", 404), ("scheduler", 403)):
        client = replicas[1].client(keys[name].read_text().strip())
        assert client.get(f"{replicas[1].url}{HANDOFFS}/{asked['id']}").status_code == status
    assert replicas[1].client().get(f"{replicas[1].url}{HANDOFFS}/{asked['id']}").status_code == 401
    assert backend.end(asked)["state"] == backend.look(asked)["state"] == "ended"


def test_a_certificate_is_as_good_as_a_key(browser, replicas, certificates):
    program = replicas[1].client()
    program.cert = tuple(map(str, sign_program(certificates)))
    asked = program.post(replicas[1].url + HANDOFFS, json={"label": "mTLS"}).json()
    address = f"{replicas[1].url}{HANDOFFS}/{asked['id']}"
    assert replicas[1].client().get(address).status_code == 401
    assert program.get(address, headers={"Origin": "https://other.example"}).status_code == 401
    log_in(browser, replicas[0], "ada", "/explore/certified")
    browser.open(f"{replicas[0].url}/.lakegate/handoff?code={asked['code']}")
    assert "certified-ide" in browser.text
    browser.press(OURS)
    told = program.get(f"{address}?wait=60", timeout=90).json()
    assert (told["state"], told["user"]) == ("confirmed", "ada@example.com")
    assert who(replicas[1], asked["handle"]) == (200, "ada@example.com")
    replicas[0].secrets.append(asked["handle"])
    assert program.delete(address).json()["state"] == "ended" and who(replicas[1], asked["handle"])[0] == 401


def test_attack_23_confused_deputy(browser, backend, replicas, pictures):
    """Nobody gets at a person's session by a link or a page of another site, nor in the place of whom the program expects."""
    log_in(browser, replicas[0], "ada", "/explore/victim")
    asked = backend.ask()
    browser.open(f"{asked['login_url']}&answer=allow")
    assert backend.look(asked)["state"] == "pending"
    form = "".join(f"<input name={name} value={value}>" for name, value in (("code", asked["code"]), ("answer", "allow")))
    page = f"<form method=post action={replicas[0].url}/.lakegate/handoff>{form}<button>Win a prize</button></form>"
    browser.open(f"data:text/html,{page}")
    browser.press("prize")
    assert "did not come from a page of this site" in browser.text
    assert backend.look(asked)["state"] == "pending"
    expected = backend.ask(**{"for": "grace@example.com"})
    browser.open(expected["login_url"])
    assert "meant for somebody else" in browser.text and not browser.find(OURS)
    browser.picture(pictures / "23-somebody-else.png")
    browser.open(asked["login_url"])
    browser.press(DENY)
    browser.picture(pictures / "24-denied.png")
    assert backend.look(asked)["state"] == "denied" and who(replicas[0], asked["handle"])[0] == 401


class Login:
    """`lakegate login`, waiting for somebody to confirm."""

    def __init__(self, binary, lakegate, folder, *options):
        self.file = folder / "databrickscfg"
        self.process = subprocess.Popen(
            [*shlex.split(binary), "login", "--host", lakegate.url, "--ca", str(lakegate.authority), *options],
            env={**own_environment(), "DATABRICKS_CONFIG_FILE": str(self.file)}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.shown = ""
        while "Waiting" not in self.shown:
            line = self.process.stderr.readline()
            assert line, f"it ended: {self.shown}"
            self.shown += line
        self.code = re.search(r"code:\s+([A-Z]{4}-[A-Z]{4})", self.shown)[1]

    def end(self):
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, self.shown + err


def test_lakegate_login_writes_a_profile(browser, binary, replicas, tmp_path, certificates, pictures):
    file = tmp_path / "databrickscfg"
    file.write_text("[other]\nhost = https://other.example\ntoken = dapi-1\n")
    login = Login(binary, replicas[0], tmp_path, "--profile", "trial")
    log_in(browser, replicas[0], "hedy", "/explore/device")  # whose tokens last: a rejection passes when so much was sent
    browser.open(f"{replicas[0].url}/.lakegate/device")
    browser.picture(pictures / "25-device.png")
    browser.fill("code", login.code.lower().replace("-", " "))
    browser.press("^go on$")
    assert login.code in browser.text and os.uname().nodename in browser.text
    browser.picture(pictures / "26-device-confirm.png")
    browser.press(OURS)
    code, out, told = login.end()
    assert (code, out) == (0, ""), told
    text = file.read_text()
    token = re.search(r"\[trial\]\nhost = (\S+)\ntoken = (\S+)\n", text)
    assert token[1] == replicas[0].url and text.startswith("[other]\nhost = https://other.example\ntoken = dapi-1\n")
    replicas[0].secrets.append(token[2])
    assert token[2] not in told and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run_sdk(replicas[0].url, token[2], certificates.authority, megabytes=1)["me"] == "hedy@example.com"
    browser.open(f"{replicas[0].url}/.lakegate/session")
    assert f"lakegate login on {os.uname().nodename}" in browser.text


def test_lakegate_login_that_is_denied(browser, binary, replicas, tmp_path):
    login = Login(binary, replicas[0], tmp_path, "--print")
    log_in(browser, replicas[0], "ada", "/explore/denied")
    browser.open(re.search(r"https://\S+", login.shown)[0])
    browser.press(DENY)
    code, out, told = login.end()
    assert (code, out, login.file.exists()) == (1, "", False) and "denied" in told


def test_the_keyboard_is_enough_to_confirm(browser, backend, replicas):
    log_in(browser, replicas[0], "ada", "/explore/keys")
    asked = backend.ask()
    browser.open(asked["login_url"])
    browser.keys(Keys.TAB)
    assert browser.focus_outline() == ("Allow", "solid", "3px")
    browser.keys(Keys.ENTER)
    browser.wait("the confirmation", lambda now: "can work as you" in now.text)
    assert backend.look(asked)["state"] == "confirmed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_right_on_a_telephone(browser, backend, replicas, pictures, scheme):
    log_in(browser, replicas[0], "ada", f"/explore/{scheme}")
    browser.narrow(width=320, height=640)
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    asked = backend.ask(label="A-rather-long-name-without-any-space-in-it-and-more")
    widths = {}
    for name, address in (("confirm", asked["login_url"]), ("device", f"{replicas[0].url}/.lakegate/device"),
                          ("session", f"{replicas[0].url}/.lakegate/session"),
                          ("login", f"{replicas[0].url}/.lakegate/login"),
                          ("wrong", f"{replicas[0].url}/.lakegate/device?code=hello"),
                          ("missing", f"{replicas[0].url}/.lakegate/nothing")):
        browser.open(address)
        browser.picture(pictures / f"30-{scheme}-{name}.png")
        widths[name] = browser.content_width()
        assert browser.driver.execute_script(UNNAMED) == []
        assert browser.driver.execute_script(LANDMARKS) == ["en", 1, 1, 1, 1]
        assert browser.driver.execute_script(FAINT) == []
    assert max(widths.values()) <= 320, widths
    assert browser.cookie(COOKIE)


LANDMARKS = """return [document.documentElement.lang, ...["header", "main", "footer", "h1"].map(
    name => document.querySelectorAll(name).length)]"""
# Fields and buttons that a screen reader would have no name for.
UNNAMED = """return [...document.querySelectorAll("input:not([type=hidden]), select, button")].filter(each =>
    !(each.labels?.length || each.innerText?.trim() || each.getAttribute("aria-label"))).map(each => each.outerHTML)"""
# Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3).
FAINT = """
const parts = text => text.match(/[\\d.]+/g).map(Number);
const light = color => parts(color).slice(0, 3).map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
const behind = element => { for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (parts(color)[3] !== 0) return color; } return "rgb(255, 255, 255)"; };
return [...document.querySelectorAll("body *")].filter(each => [...each.childNodes].some(
    node => node.nodeType === 3 && node.data.trim())).map(each => {
    const [a, b] = [light(getComputedStyle(each).color), light(behind(each))].sort((x, y) => y - x);
    return [each.outerHTML.slice(0, 80), (a + 0.05) / (b + 0.05)]; }).filter(each => each[1] < 4.5)"""
