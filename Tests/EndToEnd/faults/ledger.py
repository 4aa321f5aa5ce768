"""What the provider granted, to whom it was told, and what became of it."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Grant:
    family: int
    number: int
    access: str
    refresh: str
    at: float
    expires_at: float
    """The start of the replica that asked for it."""
    holder: object
    """Seconds from the request to the answer. Replicas count a token's life from the request."""
    took: float
    first_use: float = 0


@dataclass
class Spend:
    """A refresh token that reached the provider."""

    refresh: str
    at: float
    holder: object
    status: int
    grant: Grant = None


@dataclass
class Ledger:
    spends: list = field(default_factory=list)
    by_access: dict = field(default_factory=dict)
    by_refresh: dict = field(default_factory=dict)
    families: dict = field(default_factory=dict)
    """Everything that must be found nowhere: codes, tokens, verifiers."""
    secrets: set = field(default_factory=set)
    """Access tokens that came to the workspace after their time, with the family and how much later."""
    too_late: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, asked, status, answer, holder, took):
        """What a token endpoint was asked, what it said and after how many seconds; the grant, if it gave one."""
        with self.lock:
            self.secrets |= {asked[name] for name in ("code", "code_verifier", "refresh_token") if asked.get(name)}
            refresh = asked.get("refresh_token")
            grant = self._grant(self.by_refresh.get(refresh), answer, holder, took) if status == 200 else None
            if refresh:
                self.spends.append(Spend(refresh, time.time(), holder, status, grant))
            return grant

    def _grant(self, former, answer, holder, took):
        now = time.time()
        access, expires_at = answer["access_token"], now + answer["expires_in"]
        self.secrets |= {access, answer["refresh_token"]}
        if access in self.by_access:  # told again, within the provider's grace
            known = self.by_access[access]
            known.expires_at, known.holder, known.at, known.took = expires_at, holder, now, took
            return known
        family = former.family if former else len(self.families)
        chain = self.families.setdefault(family, [])
        grant = Grant(family, len(chain), access, answer["refresh_token"], now, expires_at, holder, took)
        chain.append(grant)
        self.by_access[access] = self.by_refresh[answer["refresh_token"]] = grant
        return grant

    def use(self, access, holder):
        """The family that a bearer belongs to, or `None` if it is unknown or its time is over."""
        grant, now = self.by_access.get(access), time.time()
        if not grant:
            return None
        if now >= grant.expires_at:
            self.too_late.append((grant.family, now - grant.expires_at))
            return None
        grant.first_use = grant.first_use or now
        holder.good_until[grant.family] = max(holder.good_until.get(grant.family, 0), grant.expires_at - grant.took)
        return grant.family

    def last(self, family):
        return self.families[family][-1]

    def granted(self, since):
        return [spend for spend in self.spends if spend.at >= since and spend.status == 200]

    def repeated(self, since=0):
        """(token's second spend, grant of its first) for each token that came again after it was exchanged."""
        first, found = {}, []
        for spend in list(self.spends):
            if spend.refresh in first:
                found += [(spend, first[spend.refresh])] if spend.at >= since else []
            elif spend.grant:
                first[spend.refresh] = spend.grant
        return found
