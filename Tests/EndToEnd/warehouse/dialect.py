"""The SQL connector's Thrift service, by the connector's own TCLIService: one handler for each request."""

import uuid

import lz4.frame
import pyarrow
from databricks.sql.thrift_api.TCLIService import TCLIService, ttypes
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TMemoryBuffer

from . import engine

FILE_ROWS, LINKS = 50_000, 2
STATES = {engine.RUNNING: "RUNNING_STATE", engine.SUCCEEDED: "FINISHED_STATE", engine.FAILED: "ERROR_STATE",
          engine.CANCELED: "CANCELED_STATE"}
SIMPLE = {"bool": "BOOLEAN", "int8": "TINYINT", "int16": "SMALLINT", "int32": "INT", "int64": "BIGINT", "float": "FLOAT",
          "double": "DOUBLE", "string": "STRING", "binary": "BINARY", "date32[day]": "DATE", "null": "NULL"}
DONE = ttypes.TStatus(statusCode=ttypes.TStatusCode.SUCCESS_STATUS)


def answer(body, handler):
    """The bytes of the answer to the bytes of a request."""
    back = TMemoryBuffer()
    TCLIService.Processor(handler).process(TBinaryProtocol(TMemoryBuffer(body)), TBinaryProtocol(back))
    return back.getvalue()


class Handler:
    """What one person asks for."""

    def __init__(self, warehouse, user):
        self.warehouse, self.user = warehouse, user

    def OpenSession(self, asked):
        identity = ttypes.THandleIdentifier(guid=uuid.uuid4().bytes, secret=b"\x00" * 16)
        return ttypes.TOpenSessionResp(
            status=DONE, serverProtocolVersion=ttypes.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V7,
            sessionHandle=ttypes.TSessionHandle(sessionId=identity), canUseMultipleCatalogs=True,
            initialNamespace=asked.initialNamespace)

    def CloseSession(self, _):
        return ttypes.TCloseSessionResp(status=DONE)

    def ExecuteStatement(self, asked):
        given = [(each.name, engine.typed(each.type, each.value and each.value.stringValue)) for each in asked.parameters or []]
        return self.begin(asked.statement, engine.gather(given), asked)

    def begin(self, text, parameters, asked):
        statement = self.warehouse.engine.begin(text, parameters, self.user, 1)
        statement.compressed = bool(getattr(asked, "canDecompressLZ4Result", False))
        statement.linked = bool(getattr(asked, "canDownloadResult", False))
        return ttypes.TExecuteStatementResp(status=DONE, operationHandle=handle(statement), directResults=asked.getDirectResults and
                                            self.direct(statement, asked.getDirectResults))

    def direct(self, statement, wanted):
        """The first rows at once, where there are some already."""
        if statement.state != engine.SUCCEEDED:
            return ttypes.TSparkDirectResults(operationStatus=status(statement))
        return ttypes.TSparkDirectResults(
            operationStatus=status(statement), resultSetMetadata=metadata(statement),
            resultSet=self.fetch(statement, wanted.maxRows))

    def fetch(self, statement, most):
        rows = self.links(statement) if statement.linked else inline(statement, most)
        return ttypes.TFetchResultsResp(status=DONE, hasMoreRows=statement.has_more, results=rows,
                                        resultSetMetadata=metadata(statement))

    def links(self, statement):
        first, links = statement.read, []
        while statement.has_more and len(links) < LINKS:
            offset, rows = statement.next_rows(FILE_ROWS)
            url, size = self.warehouse.bucket.put(rows, statement.compressed)
            links.append(ttypes.TSparkArrowResultLink(fileLink=url, expiryTime=engine.soon(), startRowOffset=offset,
                                                      rowCount=rows.num_rows, bytesNum=size))
        return ttypes.TRowSet(startRowOffset=first, rows=[], resultLinks=links)

    def GetOperationStatus(self, asked):
        statement = self.find(asked)
        return status(statement) if statement else ttypes.TGetOperationStatusResp(status=unknown())

    def GetResultSetMetadata(self, asked):
        statement = self.find(asked)
        return metadata(statement) if has_rows(statement) else ttypes.TGetResultSetMetadataResp(status=no_rows(statement))

    def FetchResults(self, asked):
        statement = self.find(asked)
        if has_rows(statement):
            return self.fetch(statement, asked.maxRows)
        return ttypes.TFetchResultsResp(status=no_rows(statement))

    def CancelOperation(self, asked):
        statement = self.find(asked)
        if statement:
            statement.cancel()
        return ttypes.TCancelOperationResp(status=DONE if statement else unknown())

    def CloseOperation(self, asked):
        statement = self.find(asked)
        if statement:
            self.warehouse.engine.close(statement)
        return ttypes.TCloseOperationResp(status=DONE)

    def find(self, asked):
        return self.warehouse.engine.find(str(uuid.UUID(bytes=asked.operationHandle.operationId.guid)), self.user)

    def GetCatalogs(self, asked):
        return self.begin("SELECT 'main' AS TABLE_CAT", [], asked)

    def GetSchemas(self, asked):
        return self.begin("SELECT 'default' AS TABLE_SCHEM, 'main' AS TABLE_CATALOG", [], asked)

    def GetTables(self, asked):
        return self.begin("SELECT 'main' AS TABLE_CAT, 'default' AS TABLE_SCHEM, table_name AS TABLE_NAME, 'TABLE' AS TABLE_TYPE "
                          "FROM information_schema.tables WHERE table_name LIKE ?", [asked.tableName or "%"], asked)

    def GetColumns(self, asked):
        return self.begin("SELECT 'main' AS TABLE_CAT, 'default' AS TABLE_SCHEM, table_name AS TABLE_NAME, column_name AS COLUMN_NAME, "
                          "data_type AS TYPE_NAME FROM information_schema.columns WHERE table_name LIKE ? ORDER BY ordinal_position",
                          [asked.tableName or "%"], asked)


def inline(statement, most):
    offset, rows = statement.next_rows(most or 10_000)
    pack = lz4.frame.compress if statement.compressed else bytes
    return ttypes.TRowSet(startRowOffset=offset, rows=[], arrowBatches=[
        ttypes.TSparkArrowBatch(batch=pack(batch), rowCount=count) for batch, count in engine.batches(rows)])


def handle(statement):
    identity = ttypes.THandleIdentifier(guid=uuid.UUID(statement.id).bytes, secret=b"\x00" * 16)
    return ttypes.TOperationHandle(operationId=identity, operationType=ttypes.TOperationType.EXECUTE_STATEMENT, hasResultSet=True)


def status(statement):
    """Waits a little for a statement under way, as Databricks does."""
    engine.wait([statement.future], 0.2)
    return ttypes.TGetOperationStatusResp(
        status=DONE, operationState=getattr(ttypes.TOperationState, STATES[statement.state]), hasResultSet=True,
        sqlState="42000" if statement.error else None, errorMessage=statement.error, displayMessage=statement.error)


def metadata(statement):
    kind = ttypes.TSparkRowSetType
    return ttypes.TGetResultSetMetadataResp(
        status=DONE, schema=schema(statement.rows.schema), lz4Compressed=statement.compressed,
        resultFormat=kind.URL_BASED_SET if statement.linked else kind.ARROW_BASED_SET,
        arrowSchema=statement.rows.schema.serialize().to_pybytes(), isStagingOperation=False)


def schema(fields):
    return ttypes.TTableSchema(columns=[
        ttypes.TColumnDesc(columnName=field.name, position=place, typeDesc=ttypes.TTypeDesc(types=[entry(field.type)]))
        for place, field in enumerate(fields, 1)])


def entry(kind):
    qualifiers = None
    if pyarrow.types.is_decimal(kind):
        name, numbers = "DECIMAL", {"precision": kind.precision, "scale": kind.scale}
        qualifiers = ttypes.TTypeQualifiers({key: ttypes.TTypeQualifierValue(i32Value=value) for key, value in numbers.items()})
    else:
        name = "TIMESTAMP" if pyarrow.types.is_timestamp(kind) else SIMPLE[str(kind)]
    kind = getattr(ttypes.TTypeId, f"{name}_TYPE")
    return ttypes.TTypeEntry(primitiveEntry=ttypes.TPrimitiveTypeEntry(type=kind, typeQualifiers=qualifiers))


def has_rows(statement):
    return statement is not None and statement.state == engine.SUCCEEDED


def no_rows(statement):
    if statement is None:
        return unknown()
    return ttypes.TStatus(statusCode=ttypes.TStatusCode.ERROR_STATUS, errorMessage=f"The statement is {statement.state}")


def unknown():
    return ttypes.TStatus(statusCode=ttypes.TStatusCode.INVALID_HANDLE_STATUS, errorMessage="no such operation")
