"""The setting of the fault trials: provider, Redis with Sentinels, three replicas, and people who are logged in."""

import base64
import json
import os
import shutil
from dataclasses import dataclass

from background import Background
from certificates import make_certificates
from ground import Ground, free_port
from keyring import make_keyring
from lakegate import COOKIE
from login import CONTINUE, finish_at_provider, press
from services import start_provider

from .ledger import Ledger
from .redis_group import RedisGroup
from .replicas import Replica

ANSWER_TIME = int(os.environ.get("LAKEGATE_FAULT_ANSWER_TIME", "4"))


@dataclass(frozen=True)
class Login:
    cookie: str
    family: int

    @property
    def session(self):
        """The part of its token that names the session: the first sixteen bytes."""
        text = self.cookie.removeprefix("lkg_")
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return base64.urlsafe_b64encode(whole[:16]).rstrip(b"=").decode()


class Setting:
    def __init__(self, ground, binary, access_seconds=20, grace=0, answer_time=ANSWER_TIME, staleness=2, environments=({}, {}, {})):
        """`grace`: for how many seconds the provider takes a spent token again, and Lakegate is told so."""
        self.ground, self.binary, self.grace = ground, binary, grace
        self.access_seconds, self.answer_time, self.staleness = access_seconds, answer_time, staleness
        self.certificates = make_certificates(ground.folder)
        ports = [free_port() for _ in range(3)]
        redirects = [f"https://localhost:{port}/.lakegate/callback" for port in ports]
        self.provider = start_provider(ground, redirects, access_seconds, grace, threads=1)
        self.keyring = make_keyring(binary, ground.folder / "faults-keyring.json")
        self.background, self.ledger, self.redis = Background(), Ledger(), RedisGroup(ground)
        self.replicas = [Replica(number, port, self) for number, port in enumerate(ports)]
        for replica, environment in zip(self.replicas, environments):
            replica.environment = environment
            replica.start()
        for replica in self.replicas:
            replica.wait_until_ready()
        self.logins, self.browser = [], None
        """How logs and Redis name the session of a family."""
        self.names = {}
        """What was answered to calls that failed."""
        self.seen = bytearray()

    @property
    def patience(self):
        """After so many seconds a token whose spender has not told is tried again (README)."""
        return 1.9 * self.answer_time

    def log_in(self, count):
        """So many more people, all of them ada, who signs in at the provider once."""
        lakegate = self.replicas[0].lakegate
        if self.browser is None:
            self.browser = lakegate.client()
            self.browser.headers.update({"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
        fresh = [self._log_in(lakegate) for _ in range(count)]
        self.logins += fresh
        return fresh

    def _log_in(self, lakegate):
        browser = self.browser
        for cookie in [each for each in browser.cookies if each.name == COOKIE]:
            browser.cookies.clear(cookie.domain, cookie.path, cookie.name)
        page = press(browser, browser.get(lakegate.url + "/explore/data"), CONTINUE)
        finish_at_provider(browser, page, "ada")
        cookie = browser.cookies[COOKIE]
        self.ledger.secrets.add(cookie)
        login = Login(cookie, len(self.ledger.families) - 1)
        self.names[login.family] = login.session
        return login

    def secrets(self):
        """All that must be found nowhere."""
        keys = [each["key"] for each in json.loads(self.keyring.read_text())["keys"]]
        return sorted({*self.ledger.secrets, *keys})

    def traces(self):
        """Files with all that was written, told or stored: logs, metrics, answers, and what Redis has on its disks."""
        folder, redis = self.ground.folder, self.redis
        (folder / "answers.seen").write_bytes(self.seen)
        for replica in self.replicas:
            page = replica.lakegate.client().get(f"http://127.0.0.1:{replica.admin}/metrics", timeout=10)
            (folder / f"replica-{replica.number}.metrics").write_bytes(page.content)
        redis.save()
        found = [path for path in folder.iterdir() if path.suffix in (".out", ".log", ".metrics", ".seen")]
        found += [path for port in redis.nodes for path in redis.folder(port).rglob("*") if path.suffix in (".rdb", ".aof")]
        return [path for path in found if not path.name.startswith("provider")]

    def close(self):
        for replica in self.replicas:
            replica.close()
        self.background.end()


def open_setting(binary, **options):
    """For a fixture: a setting with LAKEGATE_FAULT_LOGINS people logged in, 20 unless said.

    LAKEGATE_FAULT_ANSWER_TIME is `sessions.refreshAnswerTime`, 4 s unless said: many logins on a busy machine want more.
    """
    with Ground("faults") as ground:
        setting = Setting(ground, binary, **options)
        try:
            setting.log_in(int(os.environ.get("LAKEGATE_FAULT_LOGINS", "20")))
            yield setting
        finally:
            keep = os.environ.get("LAKEGATE_KEEP_LOGS")
            for trace in ground.folder.glob("*.out") if keep else []:
                shutil.copy(trace, keep)
            setting.close()
