"""What a measurement stands on: the same certificates, workspaces, cores and identity server for every peer."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / ".build-bench"

# As long as the access token that the identity server gives out.
BEARER = "measured" * 100


class Unable(Exception):
    """The peer can't do what a mode needs, or is not installed; the text says why."""


@dataclass(frozen=True)
class Workspace:
    """`kind` is "plain" (HTTP/1.1 and HTTP/2) or "grpc" (HTTP/2 with trailers)."""

    kind: str
    port: int
    pid: int


@dataclass(frozen=True)
class Scene:
    """`proxy_core` and `other_core` are None where nothing is pinned."""

    ground: object
    certificates: object
    identity_port: int
    plain: Workspace
    grpc: Workspace | None
    proxy_core: int | None
    other_core: int | None
    options: object


@dataclass(frozen=True)
class Peer:
    """`beside` has extra programs of this peer whose CPU is shown apart (its Redis): name to pid.

    `credential` is a header field (name, value) of a live session; None where the peer checks nobody.
    """

    name: str
    port: int
    pid: int
    beside: dict = field(default_factory=dict)
    credential: tuple | None = None
    redis_port: int | None = None


@dataclass(frozen=True)
class Task:
    """What a peer is started for: its workspace, what clients speak ("h1", "h2" or "grpc"), large answers or small.

    `upstream` ("h1" or "h2") overrides what a peer speaks to the workspace by its own choice: what is cheaper for it.
    """

    workspace: Workspace
    clients: str
    large: bool
    upstream: str | None = None

    def over_h2(self, *cheaper_for):
        """Whether to speak HTTP/2 to the workspace, given for what that is cheaper ("h2-small"); gRPC needs it."""
        if self.clients == "grpc":
            return True
        kind = f"{self.clients}-{'large' if self.large else 'small'}"
        return self.upstream == "h2" if self.upstream else kind in cheaper_for


def values(scene, task, port):
    """What the peers' configuration templates can name."""
    return {
        "folder": scene.ground.folder, "port": port, "upstream": task.workspace.port, "bearer": BEARER,
        "certificate": scene.certificates.certificate, "key": scene.certificates.key,
        "both": scene.certificates.both, "authority": scene.certificates.authority,
        "identity": scene.identity_port, "suite": scene.options.suite,
    }


@contextmanager
def ending(ground):
    """Ends, last first, whatever was started inside the block."""
    running = len(ground.programs)
    try:
        yield
    finally:
        for program in reversed(ground.programs[running:]):
            program.end()
        del ground.programs[running:]
