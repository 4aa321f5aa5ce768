"""Ways to write a field that another reader may take for the field that is meant: `(how, lines)`, strings are bytes (Latin-1)."""

PUNCTUATION = "_.!#$%&'*+^`|~"
BEFORE_COLON = {"blank": " ", "tab": "\t", "NUL": "\0", "vertical tab": "\x0b", "no-break space": "\xa0", "DEL": "\x7f"}
LINE_ENDS = {"LF": "\n", "CR": "\r", "CR CR LF": "\r\r\n", "NUL LF": "\0\n", "vertical tab": "\x0b", "next line": "\x85",
             "line separator": "\xe2\x80\xa8", "letter that truncates to CR LF": "\xe5\x98\x8d\xe5\x98\x8a"}
LOOKALIKES = {"o": "\xef\xbd\x8f", "s": "\xc5\xbf", "k": "\xe2\x84\xaa", "i": "\xc4\xb1"}


def spellings(name, value):
    for how in (as_letters, with_punctuation, around_the_colon, behind_a_line_end, with_other_letters, repeated, nominated):
        yield from how(name, value)


def as_letters(name, value):
    mixed = "".join(letter.upper() if index % 2 else letter.lower() for index, letter in enumerate(name))
    for how, written in {"plain": name, "small": name.lower(), "capitals": name.upper(), "mixed": mixed}.items():
        yield how, [f"{written}: {value}"]
    yield "no blank", [f"{name}:{value}"]
    yield "blanks around", [f"{name}: \t {value} \t "]
    yield "empty", [f"{name}:"]


def with_punctuation(name, value):
    for sign in PUNCTUATION:
        if "-" in name:
            yield f"{sign} for -", [f"{name.replace('-', sign)}: {value}"]
        else:
            yield f"{sign} at the end", [f"{name}{sign}: {value}"]


def around_the_colon(name, value):
    for how, blank in BEFORE_COLON.items():
        yield f"{how} before the colon", [f"{name}{blank}: {value}"]
    yield "blank before the name", [f" {name}: {value}"]
    yield "tab before the name", [f"\t{name}: {value}"]
    yield "folded", [f"{name}:", f" {value}"]
    yield "two colons", [f"{name}:: {value}"]


def behind_a_line_end(name, value):
    for how, end in LINE_ENDS.items():
        yield f"behind {how}", [f"X-Other: 1{end}{name}: {value}"]


def with_other_letters(name, value):
    for letter, other in LOOKALIKES.items():
        if letter in name:
            yield f"another {letter}", [f"{name.replace(letter, other)}: {value}"]
    yield "encoded", [f"%{ord(name[0]):x}{name[1:]}: {value}"]
    yield "in quotes", [f'"{name}": {value}']


def repeated(name, value):
    yield "twice", [f"{name}: {value}"] * 2
    yield "twice, once empty", [f"{name}:", f"{name}: {value}"]
    yield "as a list", [f"{name}: x, {value}"]


def nominated(name, value):
    yield "nominated", [f"Connection: {name}", f"{name}: {value}"]
    yield "nominated behind it", [f"{name}: {value}", f"Connection: keep-alive, {name.lower()}"]
    yield "nominated, not there", [f"Connection: {name}"]
