"""Reads the forms and links of a plain HTML page, so that a trial can press a button by its text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Step:
    """A form with its prefilled fields and its buttons (text, name, value), or a link: a GET form without fields."""

    method: str
    action: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    def button(self, pattern):
        return next((each for each in self.buttons if re.search(pattern, each[0], re.IGNORECASE)), None)

    def pressed(self, pattern, **filled):
        """The fields that a browser would send when this button is pressed."""
        _, name, value = self.button(pattern)
        return {**self.fields, **filled, **({name: value} if name else {})}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.steps, self.form, self.text, self.button, self.link = [], None, [], None, None
        self.select = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.form = Step((values.get("method") or "get").lower(), values.get("action") or "")
            self.steps.append(self.form)
        elif tag == "a" and values.get("href"):
            self.link, self.text = Step("get", values["href"]), []
            self.steps.append(self.link)
        elif tag == "button":
            self.button, self.text = values, []
        elif tag in ("input", "textarea") and self.form is not None:
            self._field(values)
        elif tag == "select":
            self.select = values.get("name")
        elif tag == "option" and self.form is not None and ("selected" in values or self.select not in self.form.fields):
            self.form.fields[self.select] = values.get("value") or ""

    def _field(self, values):
        kind = (values.get("type") or "text").lower()
        name, value = values.get("name"), values.get("value") or ""
        if kind in ("submit", "button", "image"):
            self.form.buttons.append((value, name, value))
        elif name and (kind not in ("checkbox", "radio") or "checked" in values):
            self.form.fields[name] = value

    def handle_data(self, data):
        self.text.append(data)

    def handle_endtag(self, tag):
        words = " ".join("".join(self.text).split())
        if tag == "form":
            self.form = None
        elif tag == "button" and self.form is not None and self.button is not None:
            self.form.buttons.append((words, self.button.get("name"), self.button.get("value") or ""))
            self.button = None
        elif tag == "a" and self.link is not None:
            self.link.buttons.append((words, None, ""))
            self.link = None


def steps(html, base):
    """Every form and link of the page, actions made absolute against `base`."""
    reader = _Reader()
    reader.feed(html)
    for step in reader.steps:
        step.action = urljoin(base, step.action)
    return reader.steps


def step_that_says(html, base, pattern):
    """The one form or link whose button or text matches; forms before links."""
    found = [step for step in steps(html, base) if step.button(pattern)]
    found.sort(key=lambda step: not step.fields and step.method == "get")
    if not found:
        raise LookupError(f"no form or link says /{pattern}/ on {base}:\n{html[:2000]}")
    return found[0]


def new_token(before, after):
    """The word of token characters that is on the page now and was not before: the one shown most often, or longest."""
    word = r"[A-Za-z0-9._~+-]{24,}"
    fresh = set(re.findall(word, after)) - set(re.findall(word, before))
    if not fresh:
        raise LookupError(f"no new token on the page:\n{after[:3000]}")
    return max(fresh, key=lambda each: (after.count(each), len(each)))
