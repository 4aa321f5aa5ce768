import json, os, re, subprocess, time
from at_warehouse import before, clients_python, clean_environment
from ground import free_port
from lakegate import start_beside
from login import log_in, make_session_token

CODE = r'''
import sys, json, time
job = json.load(sys.stdin)
def run(name, f):
    t=time.monotonic()
    try: r = f()
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(f"@@ {name} {time.monotonic()-t:.1f} {r}", flush=True)
from databricks import sql
from databricks.sdk import WorkspaceClient
def conn(**kw):
    c = sql.connect(server_hostname=kw.pop("host","localhost"), _port=job["port"], http_path="/sql/1.0/warehouses/abc", access_token=job["token"], _tls_trusted_ca_file=job["authority"], enable_telemetry=False, **kw)
    with c, c.cursor() as k:
        k.execute("SELECT current_user()"); return k.fetchall()
short=dict(_retry_delay_min=1,_retry_delay_max=1,_retry_stop_after_attempts_duration=5)
exec(job["code"])
'''
def play(lakegate, token, code, timeout=100):
    trust = {n: str(lakegate.authority) for n in ("REQUESTS_CA_BUNDLE","SSL_CERT_FILE","GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")}
    job = dict(port=lakegate.port, authority=str(lakegate.authority), token=token, code=code)
    p = subprocess.run([os.environ.get("ADHOC_PY") or clients_python(), "-c", CODE], input=json.dumps(job), capture_output=True, text=True, timeout=timeout, env=clean_environment()|trust)
    print("\n".join(l for l in p.stdout.splitlines() if l.startswith("@@")), p.stderr[-1500:])

def test_it(ground, binary, certificates, redis, workspace, before_warehouse, warehouse, lakegate):
    token = make_session_token(before_warehouse, log_in(before_warehouse, "hedy")[0], "x")
    bad = start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "adhoc", f"https://localhost:{free_port()}", lambda t: t.replace("lakegate-public-client-keyring", "before-warehouse-keyring"))
    for name, lg, tok in (("ok", before_warehouse, token), ("unknown", before_warehouse, "lkg_"+"A"*43), ("down", bad, token)):
        print("=====", name)
        play(lg, tok, os.environ["ADHOC"])
        if name == "ok": print(len(warehouse.notes()), {n["path"] for n in warehouse.notes()})
        if name == "down": print(re.findall(r'"path":"([^"]*)"', bad.access_log.read_text()))
