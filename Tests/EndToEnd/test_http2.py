"""HTTP/2 by clients and workspaces that share no code with Lakegate: the `h2` package, httpx, nginx."""

import asyncio
import http.client
import json
import random
import time
import uuid

import httpx
import pytest
from ground import free_port
from h2_client import Client, tls_context
from lakegate import start_beside
from parts.pattern import digest_of, pieces
from services import start_h2_workspace
from test_streams import rss

HUNDRED = 100 << 20
CANCEL = 8


@pytest.fixture(scope="module")
def session_token(lasting_token):
    return lasting_token


@pytest.fixture(scope="module")
def h2_workspace(ground, certificates):
    return start_h2_workspace(ground, certificates)


@pytest.fixture(scope="module")
def before_h2(ground, binary, certificates, redis, workspace, lakegate, session_token, h2_workspace):
    """A Lakegate before the HTTP/2 workspace, with the sessions of the other one."""
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "http2", h2_workspace.url)


@pytest.fixture(params=["HTTP/1.1", "nginx with HTTP/2"])
def before_trial(request):
    return request.getfixturevalue("lakegate" if request.param == "HTTP/1.1" else "before_nginx")


def test_httpx_works_before_either_workspace(before_trial, session_token):
    with httpx.Client(http2=True, verify=tls_context(before_trial.authority), trust_env=False,
                      headers={"Authorization": f"Bearer {session_token}"}, base_url=before_trial.url) as client:
        me = client.get("/api/2.0/preview/scim/v2/Me")
        assert (me.http_version, me.status_code, me.json()["userName"]) == ("HTTP/2", 200, "hedy@example.com")
        body = random.randbytes(300_000)
        assert client.put("/api/2.0/fs/files/Volumes/h2", content=body).status_code == 204
        assert client.get("/api/2.0/fs/files/Volumes/h2").content == body
        assert client.head("/api/2.0/fs/files/Volumes/h2").headers["content-length"] == "300000"
        assert client.get("/api/2.1/nothing").status_code == 404
        fields = client.post("/api/2.0/echo", json={"a": 1}).json()["fields"]
        assert [value for name, value in fields if name.lower() == "host"] != [f"localhost:{before_trial.port}"]


def test_32_mb_both_ways_before_either_workspace(before_trial, session_token):
    size = 32 << 20

    async def run():
        async with Client(before_trial, session_token) as client:
            path = f"/api/2.0/fs/files/Volumes/{uuid.uuid4()}"
            up = await client.post(path, pieces(1, size), "PUT", [("content-length", str(size))])
            assert up.status == 204, up.body
            down = await client.begin(path, keeps=False).done()
            assert (down.status, down.count, down.digest.hexdigest()) == (200, size, digest_of(1, size))

    asyncio.run(run())


def test_100_mb_both_ways_at_once_to_an_http2_workspace(before_h2, session_token):
    async def run():
        async with Client(before_h2, session_token) as client:
            there = asyncio.create_task(client.post("/sum", pieces(2, HUNDRED)))
            back = await client.begin(f"/bytes/3/{HUNDRED}", keeps=False).done()
            assert (back.count, back.digest.hexdigest()) == (HUNDRED, digest_of(3, HUNDRED))
            assert back.trailers == {"x-digest": digest_of(3, HUNDRED)}
            found = json.loads((await there).body)
            assert (found["bytes"], found["digest"]) == (HUNDRED, digest_of(2, HUNDRED))

    asyncio.run(run())


def test_trailers_go_both_ways(before_h2, session_token):
    async def run():
        async with Client(before_h2, session_token) as client:
            call = await client.post("/echo", b"abc", fields=[("te", "trailers")], trailers=[("x-sum", "7"), ("b", "2")])
            assert (call.status, call.body, call.trailers) == (200, b"abc", {"x-echoed": "yes", "x-sum": "7", "b": "2"})

    asyncio.run(run())


def test_answers_without_a_body(before_h2, session_token):
    async def run():
        async with Client(before_h2, session_token) as client:
            head = await client.begin("/bytes/1/12345", "HEAD").done()
            assert (head.status, head.fields["content-length"], head.count) == (200, "12345", 0)
            for status in (204, 304):
                call = await client.begin(f"/status/{status}").done()
                assert (call.status, call.count, call.fields["etag"]) == (status, 0, '"1"')
            hint = await client.begin("/interim").done()
            assert ([each[":status"] for each in hint.interim], hint.status) == (["103"], 200)
            assert client.goaway is None

    asyncio.run(run())


def test_an_early_answer_ends_the_upload(before_h2, session_token):
    async def run():
        async with Client(before_h2, session_token) as client:
            call = await client.post("/early", pieces(4, HUNDRED))
            assert (call.status, json.loads(call.body)) == (409, {"error_code": "ALREADY_EXISTS"})
            assert (await client.begin("/bytes/1/10").done()).count == 10

    asyncio.run(run())


def test_an_early_answer_arrives_whole_however_slowly_it_is_read(before_h2, session_token):
    """The upload goes on beside it for longer than it is read and dropped."""
    async def run():
        async with Client(before_h2, session_token) as client:
            call = client.begin("/early/100000", "POST", end=False, reads=False)
            sending = asyncio.create_task(client.send(call, b"u" * (5 << 20)))
            await asyncio.wait({sending}, timeout=3)
            call.reads = True
            client.h2.acknowledge_received_data(call.unread, call.number)
            client.flush()
            await call.done()
            assert (call.status, call.count) == (409, 100_000), call.reset

    asyncio.run(run())


def test_a_clients_reset_reaches_the_workspace(before_h2, session_token, h2_workspace):
    async def run():
        async with Client(before_h2, session_token) as client:
            for path in ("/forever", "/hang"):
                key = f"{path}?{uuid.uuid4()}"
                call = client.begin(key, keeps=False)
                if path == "/forever":
                    await asyncio.wait_for(call.headed.wait(), 20)
                else:
                    await h2_workspace.eventually(lambda note: key in str(note.get("fields")))
                client.cancel(call)
                note = await h2_workspace.eventually(lambda note: note.get("path") == key)
                assert (note["what"], note["code"]) == ("reset", CANCEL)
            assert (await client.begin("/bytes/1/10").done()).count == 10

    asyncio.run(run())


def test_a_client_that_vanishes_is_noticed_by_the_workspace(before_h2, session_token, h2_workspace):
    async def run():
        keys = [f"/forever?{uuid.uuid4()}" for _ in range(20)]
        async with Client(before_h2, session_token) as client:
            for call in [client.begin(key, keeps=False) for key in keys]:
                await asyncio.wait_for(call.headed.wait(), 20)
        for key in keys:
            await h2_workspace.eventually(lambda note: note["what"] == "reset" and note["path"] == key)

    asyncio.run(run())


def test_the_workspaces_break_reaches_the_client(before_h2, session_token):
    """Nobody may take a part for the whole."""
    async def run():
        async with Client(before_h2, session_token) as client:
            for code in (1, 2, 8, 11):
                cut = await client.begin(f"/break/{code}/1000").done()
                assert cut.reset is not None
                refused = await client.begin(f"/break/{code}/-1").done()
                assert refused.status == 502 and json.loads(refused.body)["error_code"] == "BAD_GATEWAY"

    asyncio.run(run())


def test_unread_answers_take_no_memory(before_h2, session_token, h2_workspace):
    async def run():
        async with Client(before_h2, session_token, window=2**31 - 65_536) as client:
            await client.begin("/bytes/1/1000000").done()
            before = rss(before_h2)
            calls = [client.begin(f"/bytes/{seed}/{HUNDRED}", keeps=False, reads=False) for seed in range(50)]
            await asyncio.sleep(2)
            early = rss(before_h2)
            await asyncio.sleep(2)
            late = rss(before_h2)
            print(f"50 unread answers of 100 MB: RSS +{(late - before) >> 10} KiB, of it late {(late - early) >> 10} KiB")
            assert late - before < 50 * (640 << 10) and late - early < 2 << 20
            other = await client.begin("/bytes/9/5000000").done()
            assert other.count == 5_000_000, "the others must not stand in its way"
            for call in calls:
                client.cancel(call)

    asyncio.run(run())


def test_a_hundred_streams_of_mixed_sizes_at_once(before_h2, session_token):
    sizes = [random.choice([0, 1, 100, 16_384, 65_535, 300_000, 2_000_000]) for _ in range(50)]

    async def run():
        async with Client(before_h2, session_token) as client:
            down = [client.begin(f"/bytes/{number}/{size}") for number, size in enumerate(sizes)]
            up = [client.post("/sum", list(pieces(number, size))) for number, size in enumerate(sizes)]
            for number, call in enumerate(await asyncio.gather(*up)):
                assert json.loads(call.body)["digest"] == digest_of(number, sizes[number])
            for number, call in enumerate(down):
                assert (await call.done()).digest.hexdigest() == digest_of(number, sizes[number])

    asyncio.run(run())


def test_pings_are_answered_without_streams(before_h2, session_token):
    async def run():
        async with Client(before_h2, session_token) as client:
            for _ in range(20):
                client.ping()
                await asyncio.sleep(0.1)
            assert (client.pongs, client.goaway) == (20, None)

    asyncio.run(run())


def test_what_a_goaway_left_out_is_sent_again(before_h2, session_token):
    """Streams in flight are answered on the old connection, later ones on another."""
    async def run():
        for _ in range(5):
            key = uuid.uuid4().hex
            async with Client(before_h2, session_token) as client:
                older = [client.begin(f"/later/{key}") for _ in range(10)]
                marked = client.begin(f"/goaway/{key}")
                younger = [client.begin(f"/bytes/{n}/1000") for n in range(10)]
                uploads = [client.post("/sum", b"z" * 5000) for _ in range(5)]
                for call in [*older, marked, *younger]:
                    assert (await call.done(30)).status == 200, call
                for call in await asyncio.gather(*uploads):
                    assert json.loads(call.body)["bytes"] == 5000

    asyncio.run(run())


def test_a_refused_stream_is_sent_again(before_h2, session_token):
    async def run():
        async with Client(before_h2, session_token) as client:
            calls = [client.post(f"/refuse/{uuid.uuid4().hex}/{times}", b"q" * 5000) for times in (1, 2, 3) * 5]
            for call in await asyncio.gather(*calls):
                assert call.status == 200 and json.loads(call.body)["bytes"] == 5000
            last = await client.post(f"/refuse/{uuid.uuid4().hex}/9", b"q" * 5000)
            assert last.status == 503 and "retry-after" in last.fields

    asyncio.run(run())


def test_more_streams_than_the_workspace_takes_wait_their_turn(before_h2, session_token):
    """Four connections of a hundred streams for each event loop; what comes beyond waits and is served."""
    async def run():
        clients = [Client(before_h2, session_token) for _ in range(10)]
        for client in clients:
            await client.__aenter__()
        held = [(client, client.begin("/hang")) for client in clients for _ in range(100)]
        await asyncio.sleep(1)
        behind = [client.begin("/bytes/1/1000") for client in clients for _ in range(20)]
        await asyncio.sleep(1)
        for client, call in held:
            client.cancel(call)
        for call in behind:
            assert (await call.done(30)).count == 1000
        for client in clients:
            await client.__aexit__()

    asyncio.run(run())


def test_an_http1_client_before_an_http2_capable_workspace(before_nginx, session_token):
    connection = http.client.HTTPSConnection("localhost", before_nginx.port,
                                             context=tls_context(before_nginx.authority, "http/1.1"))
    for _ in range(3):
        connection.request("GET", "/api/2.0/preview/scim/v2/Me", headers={"Authorization": f"Bearer {session_token}"})
        answer = connection.getresponse()
        assert (answer.status, answer.version, json.loads(answer.read())["userName"]) == (200, 11, "hedy@example.com")
    connection.close()


def test_an_http1_client_before_a_workspace_without_http1_is_told(before_h2, session_token):
    answer = before_h2.client(session_token).get(f"{before_h2.url}/bytes/1/10")
    assert answer.status_code == 502 and answer.json()["error_code"] == "BAD_GATEWAY"


def test_the_login_page_over_http2(before_h2):
    with httpx.Client(http2=True, verify=tls_context(before_h2.authority), trust_env=False,
                      base_url=before_h2.url) as client:
        page = client.get("/x?y=1", headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
        assert (page.status_code, page.headers["location"]) == (302, "/.lakegate/login?return_to=%2Fx%3Fy%3D1")
        assert client.get(page.headers["location"]).status_code == 200
        told = client.get("/api/2.1/clusters/list")
        assert told.status_code == 401 and "/.lakegate/login" in told.text
