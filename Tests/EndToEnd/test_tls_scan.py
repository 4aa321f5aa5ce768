"""The listener's TLS as scanners grade it: sslyze in every run, testssl.sh (two minutes) with LAKEGATE_FULL."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lakegate import start_beside

SSLYZE = Path(sys.executable).parents[2] / "scan" / "bin" / "sslyze"
# What testssl.sh holds against the machine it runs on, and against the trial's own certificate of a few days.
NOT_OURS = {"engine_problem", "cert_expirationStatus", "cert_notAfter", "cert_revocation"}


def scan(lakegate, grade, report):
    if not SSLYZE.exists():
        pytest.skip(f"{SSLYZE} is not installed")
    argv = [SSLYZE, f"--mozilla_config={grade}", f"--certinfo_ca_file={lakegate.authority}", "--resum", "--resum_attempts=5",
            "--early_data", "--http_headers", f"--json_out={report}", f"localhost:{lakegate.port}"]
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, timeout=120)
    return done, json.loads(report.read_text())["server_scan_results"][0]["scan_result"]


def test_mozillas_intermediate_grade(lakegate, tmp_path):
    """T1: sslyze finds 0 deviations from Mozilla's "intermediate" (TLS 1.2 and 1.3), and 0 known weaknesses."""
    done, found = scan(lakegate, "intermediate", tmp_path / "scan.json")
    assert done.returncode == 0 and "OK - Compliant" in done.stdout, done.stdout[-3000:]
    results = {name: each["result"] for name, each in found.items() if each["status"] == "COMPLETED"}
    for old in ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"):
        assert results[f"{old}_cipher_suites"]["accepted_cipher_suites"] == [], old
    assert len(results["tls_1_3_cipher_suites"]["accepted_cipher_suites"]) == 3
    assert results["heartbleed"]["is_vulnerable_to_heartbleed"] is False
    assert results["openssl_ccs_injection"]["is_vulnerable_to_ccs_injection"] is False
    assert results["robot"]["robot_result"].startswith("NOT_VULNERABLE")
    assert results["tls_compression"]["supports_compression"] is False
    assert results["session_renegotiation"]["is_vulnerable_to_client_renegotiation_dos"] is False
    assert results["tls_1_3_early_data"]["supports_early_data"] is False, "a request could be replayed"
    assert results["tls_fallback_scsv"]["supports_fallback_scsv"] is True


def test_mozillas_modern_grade(ground, binary, certificates, redis, workspace, lakegate, tmp_path):
    """T1: with `tls.oldestVersion: 1.3` sslyze finds 0 deviations from Mozilla's "modern", which is TLS 1.3 alone."""
    def change(text):
        return text.replace("tls:\n", "tls:\n  oldestVersion: 1.3\n", 1)

    modern = start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "modern", workspace.url, more=change)
    done, found = scan(modern, "modern", tmp_path / "scan.json")
    modern.program.end()
    assert done.returncode == 0 and "OK - Compliant" in done.stdout, done.stdout[-3000:]
    assert found["tls_1_2_cipher_suites"]["result"]["accepted_cipher_suites"] == []


@pytest.mark.skipif("LAKEGATE_FULL" not in os.environ, reason="LAKEGATE_FULL is not set")
@pytest.mark.skipif(not shutil.which("testssl"), reason="Debian's testssl.sh is not installed")
def test_testssl_finds_nothing(lakegate, tmp_path):
    """T2: testssl.sh has 0 findings of LOW or worse about protocols, suites, weaknesses and header fields."""
    report = tmp_path / "testssl.json"
    argv = ["testssl", "--warnings", "off", "--color", "0", "--quiet", "--nodns", "none", "--add-ca", lakegate.authority,
            "--severity", "LOW", "--jsonfile", report, f"{lakegate.url}/.lakegate/login"]
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, timeout=400)
    found = [each for each in json.loads(report.read_text())
             if each["id"] not in NOT_OURS and each["severity"] not in ("INFO", "OK", "WARN")]
    assert "Done" in done.stdout and found == [], json.dumps(found, indent=1)
