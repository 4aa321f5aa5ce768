"""The ground a trial stands on: a temporary folder, free ports, and programs that end with it."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path


class StartFailure(Exception):
    """A program ended, or did not open its port, before the deadline."""


class Program:
    """A running program with its own output file."""

    def __init__(self, name, process, output):
        self.name = name
        self.process = process
        self.output = output

    @property
    def pid(self):
        return self.process.pid

    def text(self):
        return self.output.read_text(errors="replace")

    def end(self):
        """SIGTERM to the program's process group, a second one to end its patience, SIGKILL when that is not enough."""
        for sign, patience in ((signal.SIGTERM, 2), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            try:
                os.killpg(self.pid, sign)
                self.process.wait(patience)
                return
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue


class Ground:
    """Everything started here is stopped, last first, when the `with` block ends."""

    def __init__(self, label, niceness=0):
        self.niceness = niceness
        self.folder = Path(tempfile.mkdtemp(prefix=f"lakegate-{label}-"))
        os.chmod(self.folder, 0o755)  # nginx workers drop to another user
        self.programs = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self.programs):
            program.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, text, mode=0o644):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def start(self, name, argv, port=None, core=None, env=None, cwd=None, patience=20):
        """Starts a program, bound to one core if told, and waits until it listens on `port`."""
        output = self.folder / f"{name}.out"
        program = Program(name, self._spawn(argv, output, core, env, cwd), output)
        self.programs.append(program)
        if port is not None:
            wait_for_port(program, port, patience)
        return program

    def _spawn(self, argv, output, core, env, cwd):
        with open(output, "ab") as sink:
            return subprocess.Popen(
                [str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=lambda: settle(core, self.niceness), cwd=cwd or self.folder,
                env={**own_environment(), **(env or {})},
            )


def own_environment():
    """The environment without the trial's own LAKEGATE_… variables, which `lakegate` would take for settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LAKEGATE_")}


def settle(core=None, niceness=0):
    """Binds the calling process to a core (or a set of them) and sets its weight; for a child with its own session."""
    if core is not None:
        os.sched_setaffinity(0, core if isinstance(core, set) else {core})
    if niceness:
        os.nice(niceness)
        try:  # the kernel weighs sessions first where it groups them, and niceness only within one
            Path("/proc/self/autogroup").write_text(str(niceness))
        except OSError:
            pass


def wait_for_port(program, port, patience):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if program.process.poll() is not None:
            raise StartFailure(f"{program.name} ended with {program.process.returncode}:\n{program.text()[-3000:]}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.03)
    raise StartFailure(f"{program.name} does not listen on {port}:\n{program.text()[-3000:]}")


def free_port():
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raise_file_limit(wanted=20_000):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def start_redis(ground, core=None, port=None):
    """A Redis of our own on loopback that writes nothing to disk unless asked; returns (program, port)."""
    port = port or free_port()
    folder = ground.folder / f"redis-{port}"
    folder.mkdir(exist_ok=True)
    argv = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    return ground.start(f"redis-{port}", argv, port=port, core=core), port
