"""Runs last: what the fault trials have left behind holds no token, code, verifier, cookie or key."""

import base64

from faults.window import Monitor
from search import files_with


def test_nothing_secret_is_left_behind(hard_setting):
    """S1: in the logs, the metrics, the failed answers, Redis's RDB and AOF files, and what `MONITOR` tells."""
    setting = hard_setting
    with Monitor(setting.redis.master()) as monitor:
        setting.log_in(3)
    (setting.ground.folder / "monitor.seen").write_bytes(monitor.text)
    traces, secrets = setting.traces(), setting.secrets()
    kinds = {path.suffix for path in traces if path.stat().st_size > 0}
    size = sum(path.stat().st_size for path in traces)
    print(f"\n    {len(secrets)} secrets in {len(traces)} files of {size / 1e6:.1f} MB")
    assert kinds >= {".out", ".log", ".metrics", ".seen", ".rdb", ".aof"} and len(secrets) > 100
    assert files_with(secrets, traces, setting.ground.folder) == []


def test_the_search_finds_what_is_planted(hard_setting):
    folder, secrets = hard_setting.ground.folder, hard_setting.secrets()
    planted = secrets[len(secrets) // 2]
    raw = planted.encode()
    for number, bytes in enumerate([raw, raw.hex().encode(), base64.b64encode(b"?" + raw)]):
        path = folder / f"planted-{number}.seen"
        path.write_bytes(b"\0\xff before " + bytes + b" behind\n")
        assert files_with(secrets, [path], folder) == [str(path)]
        path.unlink()
