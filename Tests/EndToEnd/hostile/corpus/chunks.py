"""Chunked bodies (RFC 9112, section 7.1)."""

from cases import EITHER, FORWARD, REFUSE, chunked, get

END = "0\r\n\r\n"
REQUEST = get(target="/smuggled").decode()


def size(line, data="hello", end="\r\n"):
    return chunked(f"{line}\r\n{data}{end}{END}")


def extension(text):
    return chunked(f"5{text}\r\nhello\r\n{END}")


def trailer(*lines):
    return chunked("5\r\nhello\r\n0\r\n" + "".join(f"{line}\r\n" for line in lines) + "\r\n")


SIZES = [
    (FORWARD, "size in one digit", size("5")),
    (FORWARD, "size with zeros", size("0005")),
    (FORWARD, "size in small letters", size("a", "0123456789")),
    (FORWARD, "size in capitals", size("A", "0123456789")),
    (FORWARD, "several chunks", chunked("1\r\nh\r\n4\r\nello\r\n" + END)),
    (FORWARD, "last chunk with zeros", chunked("5\r\nhello\r\n000\r\n\r\n")),
    (FORWARD, "CR LF as data", size("2", "\r\n")),
    (FORWARD, "a last chunk as data", size("5", END)),
    (FORWARD, "a request as data", size(f"{len(REQUEST):x}", REQUEST)),
    (REFUSE, "size with 0x", size("0x5")),
    (REFUSE, "size with plus", size("+5")),
    (REFUSE, "negative size", size("-5")),
    (REFUSE, "blank before the size", size(" 5")),
    (EITHER, "blank behind the size", size("5 ")),
    (EITHER, "tab behind the size", size("5\t")),
    (REFUSE, "no size", size("")),
    (REFUSE, "letters behind the size", size("5g")),
    (REFUSE, "size with underscore", size("0_5")),
    (REFUSE, "size with comma", size("5,5")),
    (REFUSE, "size with h", size("5h")),
    (REFUSE, "size in full-width digits", size("\xef\xbc\x95")),
    (REFUSE, "size of 2^64 + 5", size("10000000000000005")),
    (REFUSE, "size of 2^64 - 1", size("FFFFFFFFFFFFFFFF")),
    (REFUSE, "size of a hundred digits", size("0" * 99 + "5" + "0" * 99)),
    (REFUSE, "size and NUL", size("5\0")),
    (REFUSE, "size and vertical tab", size("5\x0b")),
]

LINE_ENDS = [
    (REFUSE, "LF behind the size", chunked("5\nhello\r\n" + END)),
    (REFUSE, "CR behind the size", chunked("5\rhello\r\n" + END)),
    (REFUSE, "CR CR LF behind the size", chunked("5\r\r\nhello\r\n" + END)),
    (REFUSE, "LF behind the data", size("5", end="\n")),
    (REFUSE, "CR behind the data", size("5", end="\r")),
    (REFUSE, "nothing behind the data", size("5", end="")),
    (REFUSE, "two wrong bytes behind the data", size("5", end="XX")),
    (REFUSE, "data longer than its size", size("5", "hello!!")),
    (REFUSE, "data shorter than its size", size("6")),
    (REFUSE, "LF behind the last size", chunked("5\r\nhello\r\n0\n\r\n")),
    (REFUSE, "LF at the end", chunked("5\r\nhello\r\n0\r\n\n")),
    (REFUSE, "CR at the end", chunked("5\r\nhello\r\n0\r\n\r")),
    (REFUSE, "a size behind the last chunk", chunked("0\r\n\r\n5\r\nhello\r\n0\r\n\r\n")),
    (REFUSE, "no chunks at all", chunked("hello")),
]

EXTENSIONS = [
    (FORWARD, "extension", extension(";a=b")),
    (FORWARD, "extension without value", extension(";a")),
    (FORWARD, "extension in quotes", extension(';a="b;c"')),
    (FORWARD, "extension with an escape", extension(';a="\\"b"')),
    (FORWARD, "two extensions", extension(";a=b;c=d")),
    (FORWARD, "extension of the last chunk", chunked("5\r\nhello\r\n0;a=b\r\n\r\n")),
    (EITHER, "extension with blanks", extension(" ; a = b")),
    (EITHER, "extension of 4,000 bytes", extension(";a=" + "b" * 4000)),
    (EITHER, "extension without name", extension(";")),
    (REFUSE, "extension with LF", extension(";a\nb")),
    (REFUSE, "extension with CR", extension(";a\rb")),
    (REFUSE, "extension in quotes with CR LF", extension(';a="\r\n"')),
    (REFUSE, "extension that ends in LF", chunked("5;\nhello\r\n" + END)),
    (REFUSE, "extension with NUL", extension(";a=\0")),
    (REFUSE, "extension with a letter beyond ASCII", extension(";\xe4=b")),
    (REFUSE, "quotes not closed", extension(';a="b')),
    (REFUSE, "100 KB of extension", extension(";a=" + "b" * 100_000)),
]

TRAILERS = [
    (FORWARD, "trailer", trailer("X-Checksum: 1")),
    (FORWARD, "trailer announced", chunked("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", "Trailer: X-Sum", "TE: trailers")),
    (EITHER, "Host as trailer", trailer("Host: evil.example")),
    (EITHER, "Authorization as trailer", trailer("Authorization: Bearer evil")),
    (EITHER, "Cookie as trailer", trailer("Cookie: evil=1")),
    (EITHER, "X-Forwarded-For as trailer", trailer("X-Forwarded-For: 6.6.6.6")),
    (EITHER, "Content-Length as trailer", trailer("Content-Length: 7")),
    (EITHER, "Transfer-Encoding as trailer", trailer("Transfer-Encoding: chunked")),
    (REFUSE, "folded trailer", trailer("X: 1", " 2")),
    (REFUSE, "trailer without colon", trailer("X")),
    (REFUSE, "trailer without name", trailer(": 1")),
    (REFUSE, "trailer with a blank before the colon", trailer("X : 1")),
    (REFUSE, "trailer with LF", trailer("X: 1\nY: 2")),
    (REFUSE, "trailer with CR", trailer("X: 1\rY: 2")),
    (REFUSE, "trailer with NUL", trailer("X: \0")),
    (REFUSE, "100 KB of trailers", trailer(*["X-Long: " + "a" * 1000] * 100)),
    (REFUSE, "a request in the trailers", trailer("GET /smuggled HTTP/1.1", "Host: localhost")),
]

BEHIND = [
    (2, "another request behind the chunks", chunked("5\r\nhello\r\n" + END) + get(target="/api/second")),
    (REFUSE, "a letter behind the chunks", chunked(END + "\x01")),
]

CASES = SIZES + LINE_ENDS + EXTENSIONS + TRAILERS + BEHIND
