"""The statement execution API: rows inline, or as links to the bucket."""

import asyncio
import base64
import uuid

import pyarrow
from aiohttp import web

from . import engine
from .dialect import SIMPLE

CHUNK_ROWS, MOST_PATIENCE = 50_000, 2
NAMES = {"TINYINT": "BYTE", "SMALLINT": "SHORT", "BIGINT": "LONG"}


def add_routes(router, warehouse):
    for method, path, serve in (
        ("POST", "/sessions", open_session), ("DELETE", "/sessions/{id}", close_session), ("POST", "/statements", execute),
        ("GET", "/statements/{id}", poll), ("GET", "/statements/{id}/result/chunks/{chunk}", chunk),
        ("POST", "/statements/{id}/cancel", cancel), ("DELETE", "/statements/{id}", close),
    ):
        for path in (path, path + "/") if method == "POST" else (path,):
            router.add_route(method, "/api/2.0/sql" + path, bound(warehouse, serve))


def bound(warehouse, serve):
    async def handle(request):
        return await serve(warehouse, request)
    return handle


async def open_session(_, request):
    return web.json_response({"session_id": str(uuid.uuid4())})


async def close_session(*_):
    return web.json_response({})


async def execute(warehouse, request):
    asked = await request.json()
    given = [(each.get("name"), engine.typed(each.get("type", "STRING"), each.get("value"))) for each in asked.get("parameters") or []]
    patience = min(float((asked.get("wait_timeout") or "10s").rstrip("s")), MOST_PATIENCE)
    arguments = asked["statement"], engine.gather(given), request["user"], patience
    statement = await asyncio.to_thread(warehouse.engine.begin, *arguments)
    statement.compressed = asked.get("result_compression") == "LZ4_FRAME"
    statement.is_arrow = asked.get("format") == "ARROW_STREAM"
    statement.may_attach = asked.get("disposition") == "INLINE_OR_EXTERNAL_LINKS"
    return web.json_response(described(warehouse, statement))


async def poll(warehouse, request):
    statement = warehouse.engine.find(request.match_info["id"], request["user"])
    return web.json_response(described(warehouse, statement)) if statement else no_statement()


async def chunk(warehouse, request):
    statement = warehouse.engine.find(request.match_info["id"], request["user"])
    return web.json_response(links(warehouse, statement, int(request.match_info["chunk"]))) if statement else no_statement()


async def cancel(warehouse, request):
    statement = warehouse.engine.find(request.match_info["id"], request["user"])
    if statement:
        statement.cancel()
    return web.json_response({}) if statement else no_statement()


async def close(warehouse, request):
    statement = warehouse.engine.find(request.match_info["id"], request["user"])
    if statement:
        warehouse.engine.close(statement)
    return web.json_response({})


def no_statement():
    return web.json_response({"error_code": "NOT_FOUND", "message": "The statement does not exist."}, status=404)


def described(warehouse, statement):
    told = {"statement_id": statement.id, "status": {"state": statement.state}}
    if statement.error:
        told["status"] |= {"error": {"error_code": "BAD_REQUEST", "message": statement.error}, "sql_state": "42000"}
    if statement.state == engine.SUCCEEDED:
        told |= {"manifest": manifest(statement), "result": result(warehouse, statement)}
    return told


def result(warehouse, statement):
    if not statement.is_arrow:
        return inline(statement)
    small = statement.rows.num_rows <= CHUNK_ROWS and statement.may_attach
    return attachment(statement) if small else links(warehouse, statement, 0)


def attachment(statement):
    """A stream of Arrow within the answer."""
    data = base64.b64encode(engine.stream(statement.rows, statement.compressed)).decode()
    return {"chunk_index": 0, "row_offset": 0, "row_count": statement.rows.num_rows, "attachment": data}


def manifest(statement):
    rows = statement.rows
    spans = [(place, min(CHUNK_ROWS, rows.num_rows - place)) for place in range(0, rows.num_rows, CHUNK_ROWS)] or [(0, 0)]
    chunks = [{"chunk_index": index, "row_offset": place, "row_count": count} for index, (place, count) in enumerate(spans)]
    return {
        "format": "ARROW_STREAM" if statement.is_arrow else "JSON_ARRAY", "total_row_count": rows.num_rows, "truncated": False,
        "total_chunk_count": len(chunks) if statement.is_arrow else 1, "chunks": chunks,
        "result_compression": "LZ4_FRAME" if statement.compressed else "NONE",
        "schema": {"column_count": len(rows.schema), "columns": [column(*each) for each in enumerate(rows.schema)]},
    }


def column(place, field):
    decimal = pyarrow.types.is_decimal(field.type)
    name = "DECIMAL" if decimal else "TIMESTAMP" if pyarrow.types.is_timestamp(field.type) else SIMPLE[str(field.type)]
    more = {"type_precision": field.type.precision, "type_scale": field.type.scale} if decimal else {}
    return {"name": field.name, "position": place, "type_name": NAMES.get(name, name), "type_text": name, **more}


def inline(statement):
    rows = [[None if value is None else str(value) for value in row.values()] for row in statement.rows.to_pylist()]
    return {"chunk_index": 0, "row_offset": 0, "row_count": len(rows), "data_array": rows}


def links(warehouse, statement, index):
    """The link of one chunk; the next one is named by its number."""
    offset = index * CHUNK_ROWS
    rows = statement.rows.slice(offset, CHUNK_ROWS)
    url, size = warehouse.bucket.put(rows, statement.compressed)
    link = {"chunk_index": index, "row_offset": offset, "row_count": rows.num_rows, "byte_count": size, "external_link": url,
            "expiration": engine.written(engine.soon())}
    if offset + CHUNK_ROWS < statement.rows.num_rows:
        link["next_chunk_index"] = index + 1
        link["next_chunk_internal_link"] = f"/api/2.0/sql/statements/{statement.id}/result/chunks/{index + 1}"
    return {"external_links": [link]}
