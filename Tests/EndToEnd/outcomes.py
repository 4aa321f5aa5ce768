"""Attempts of clients to do something, and what their users get to read; of jobs as JSON on standard input.

Each attempt is a process of its own, so that whoever retries for minutes can be ended: then the text is `null`.
"""

import json
import multiprocessing
import sys
import time


def attempt(client, job, way):
    began = time.monotonic()
    try:
        told = {"text": client(job), "failed": False}
    except BaseException as error:
        told = {"text": f"{type(error).__name__}: {error}", "failed": True}
    way.send(told | {"seconds": round(time.monotonic() - began, 1)})


def outcomes(clients, jobs, patience):
    """One after the other begins, so that a crowd does not slow each of them down."""
    context, running = multiprocessing.get_context("fork"), []
    for job in jobs:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=attempt, args=(clients[job["client"]], job, there))
        process.start()
        running.append((job, process, here, time.monotonic() + patience))
        time.sleep(0.15)
    for job, process, way, deadline in running:
        told = way.recv() if way.poll(max(0, deadline - time.monotonic())) else {"text": None, "failed": True, "seconds": patience}
        process.kill()
        yield {"trouble": job["trouble"], "client": job["client"], **told}


def main(clients):
    """Of a job {"jobs": …, "patience": …}, where each client is a function by its name."""
    told = json.load(sys.stdin)
    print(json.dumps(list(outcomes(clients, told["jobs"], told["patience"]))))
