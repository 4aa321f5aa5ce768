"""Content-Length and Transfer-Encoding (RFC 9112, section 6; RFC 9110, section 8.6)."""

from cases import EITHER, FORWARD, REFUSE, chunked, get, post, request

CHUNKS = "5\r\nhello\r\n0\r\n\r\n"


def length(value, body="hello"):
    return post(f"Content-Length: {value}", body=body)


def coding(line, *lines):
    return post(line, *lines, body=CHUNKS)


LENGTHS = [
    (FORWARD, "a length", length("5")),
    (FORWARD, "length 0", length("0", "")),
    (FORWARD, "no body at all", post(body="")),
    (FORWARD, "GET with a body", get("Content-Length: 5", body="hello")),
    (FORWARD, "DELETE with a body", request("DELETE", "Content-Length: 5", body="hello")),
    (FORWARD, "HEAD with a body", request("HEAD", "Content-Length: 5", body="hello")),
    (FORWARD, "no blank before the value", post("Content-Length:5")),
    (FORWARD, "name in capitals", post("CONTENT-LENGTH: 5")),
    (EITHER, "leading zeros", length("0005")),
    (EITHER, "a blank behind it", length("5 ")),
    (EITHER, "tabs around it", length("\t5\t")),
    (EITHER, "twice the same", post("Content-Length: 5", "Content-Length: 5")),
    (EITHER, "a list of the same", length("5, 5")),
    (400, "twice, differing", post("Content-Length: 5", "Content-Length: 4")),
    (400, "twice, differing, small first", post("Content-Length: 0", "content-length: 5")),
    (400, "a list, differing", length("5, 4")),
    (400, "a comma", length("5,")),
    (400, "with plus", length("+5")),
    (400, "negative", length("-1")),
    (400, "hexadecimal", length("0x5")),
    (400, "hexadecimal digits", length("a")),
    (400, "octal", length("0o5")),
    (400, "exponent", length("5e0")),
    (400, "fraction", length("5.0")),
    (400, "underscore", length("0_5")),
    (400, "two numbers", length("5 5")),
    (400, "quoted", length('"5"')),
    (400, "with parameter", length("5;a=b")),
    (400, "empty", length("")),
    (400, "blank", length("   ")),
    (400, "2^64", length("18446744073709551616")),
    (400, "2^64 + 5", length("18446744073709551621")),
    (400, "2^63", length("9223372036854775808")),
    (400, "a hundred digits", length("1" * 100)),
    (400, "superscript digit", length("\xb2")),
    (400, "full-width digit", length("\xef\xbc\x95")),
    (400, "vertical tab before it", length("\x0b5")),
    (400, "form feed behind it", length("5\x0c")),
    (400, "NUL behind it", length("5\0")),
    (400, "folded value", post("Content-Length:\r\n 5")),
    (400, "blank before the colon", post("Content-Length : 5")),
    (400, "tab before the colon", post("Content-Length\t: 5")),
    (400, "NUL in the name", post("Content-Length\0: 5")),
    (400, "hidden behind a bare LF", post("X: y\nContent-Length: 5")),
    (400, "hidden behind a bare CR", post("X: y\rContent-Length: 5")),
]

CODINGS = [
    (FORWARD, "chunked", coding("Transfer-Encoding: chunked")),
    (FORWARD, "chunked in capitals", coding("Transfer-Encoding: CHUNKED")),
    (FORWARD, "no blank before chunked", coding("Transfer-Encoding:chunked")),
    (FORWARD, "chunked GET", get("Transfer-Encoding: chunked", body=CHUNKS)),
    (FORWARD, "chunked, empty", chunked("0\r\n\r\n")),
    (EITHER, "chunked and a blank", coding("Transfer-Encoding: chunked ")),
    (EITHER, "tab and chunked", coding("Transfer-Encoding:\tchunked")),
    (EITHER, "an empty list element before chunked", coding("Transfer-Encoding: , chunked")),
    (EITHER, "an empty list element behind chunked", coding("Transfer-Encoding: chunked,")),
    (EITHER, "gzip, chunked", coding("Transfer-Encoding: gzip, chunked")),
    (400, "chunked and length", coding("Transfer-Encoding: chunked", "Content-Length: 5")),
    (400, "length and chunked", coding("Content-Length: 5", "Transfer-Encoding: chunked")),
    (400, "length 0 and chunked", coding("Content-Length: 0", "transfer-encoding: Chunked")),
    (REFUSE, "gzip alone", coding("Transfer-Encoding: gzip")),
    (REFUSE, "chunked, gzip", coding("Transfer-Encoding: chunked, gzip")),
    (REFUSE, "chunked twice in a list", coding("Transfer-Encoding: chunked, chunked")),
    (REFUSE, "two lines", coding("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
    (REFUSE, "identity then chunked", coding("Transfer-Encoding: identity", "Transfer-Encoding: chunked")),
    (REFUSE, "chunked then identity", coding("Transfer-Encoding: chunked", "Transfer-Encoding: identity")),
    (REFUSE, "identity and length", post("Transfer-Encoding: identity", "Content-Length: 5")),
    (REFUSE, "identity", coding("Transfer-Encoding: identity")),
    (REFUSE, "xchunked", coding("Transfer-Encoding: xchunked")),
    (REFUSE, "chunkedx", coding("Transfer-Encoding: chunkedx")),
    (REFUSE, "chunked with parameter", coding("Transfer-Encoding: chunked;a=b")),
    (REFUSE, "chunked in quotes", coding('Transfer-Encoding: "chunked"')),
    (REFUSE, "empty coding", coding("Transfer-Encoding:")),
    (REFUSE, "empty coding and length", post("Transfer-Encoding:", "Content-Length: 5")),
    (REFUSE, "vertical tab and chunked", coding("Transfer-Encoding: \x0bchunked")),
    (REFUSE, "chunked and NUL", coding("Transfer-Encoding: chunked\0")),
    (REFUSE, "long s for s", coding("Transfer-Encoding: chunk\xc5\xbfd")),
    (REFUSE, "no-break space and chunked", coding("Transfer-Encoding: \xa0chunked")),
    (400, "coding: blank before the colon", coding("Transfer-Encoding : chunked", "Content-Length: 5")),
    (400, "coding: a blank before the name", coding("Content-Length: 22", " Transfer-Encoding: chunked")),
    (REFUSE, "coding: folded value", coding("Transfer-Encoding:\r\n chunked")),
    (400, "coding: bare LF before it", coding("X: y\nTransfer-Encoding: chunked")),
    (400, "coding: bare CR before it", coding("X: y\rTransfer-Encoding: chunked")),
    (400, "coding in HTTP/1.0", coding("Transfer-Encoding: chunked").replace(b"HTTP/1.1", b"HTTP/1.0")),
    (FORWARD, "underscore alias beside a length", post("Transfer_Encoding: chunked", "Content-Length: 5")),
    (FORWARD, "dotted alias beside a length", post("Transfer.Encoding: chunked", "Content-Length: 5")),
    (FORWARD, "underscore alias of a length beside chunks", coding("Transfer-Encoding: chunked", "Content_Length: 1")),
]

CASES = LENGTHS + CODINGS
