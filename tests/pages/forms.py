"""Pages as a browser without scripts reads them: their forms as they are filled in, their tags."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
Attributes = dict[str, str]


@dataclass(slots=True)
class Field:
    """One that is sent; `kind` is its type, or the tag where that says more."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A form and the buttons it is sent by: address, name and value of each."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def filled(self) -> dict[str, str]:
        """As it stands; of a choice what is chosen, else the first."""
        return {one.name: one.value or next(iter(one.options), "") for one in self.fields}


@dataclass(slots=True)
class Page(HTMLParser):
    """`tags` are all elements with their attributes, `texts` all texts with the elements around."""

    forms: list[Form] = field(default_factory=list)
    tags: list[tuple[str, Attributes]] = field(default_factory=list)
    texts: list[tuple[str, tuple[tuple[str, Attributes], ...]]] = field(default_factory=list)
    _around: list[tuple[str, Attributes]] = field(default_factory=list)
    _form: Form | None = None
    _field: Field | None = None

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    @classmethod
    def of(cls, text: str) -> "Page":
        page = cls()
        page.feed(text)
        page.close()
        return page

    def form(self, action: str) -> Form:
        """The one form that is sent to this address."""
        [found] = [one for one in self.forms if one.action == action]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self._around.append((tag, attributes))
        if tag == "form":
            method = attributes.get("method", "get").lower()
            self._form = Form(method, attributes.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._handle_control(self._form, tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        while any(one == tag for one, _ in self._around) and self._around.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        if tag in ("textarea", "select"):
            self._field = None

    def handle_data(self, data: str) -> None:
        if self._field is not None and self._field.kind == "textarea":
            self._field.value += data.removeprefix("\n") if not self._field.value else data
        self.texts.append((data, tuple(self._around)))

    def _handle_control(self, form: Form, tag: str, attributes: Attributes) -> None:
        name, value = attributes.get("name", ""), attributes.get("value", "")
        kind = attributes.get("type", "text") if tag == "input" else tag
        match tag:
            case "input" if name and kind in ("radio", "checkbox"):
                form.fields += self._chosen(form, Field(name, kind, value), attributes)
            case "input" if name:
                form.fields.append(Field(name, kind, value))
            case "textarea" | "select":
                self._field = Field(name, tag)
                form.fields.append(self._field)
            case "option" if self._field is not None:
                self._field.options.append(value)
                if "selected" in attributes:
                    self._field.value = value
            case "button":
                form.buttons.append((attributes.get("formaction", form.action), name, value))
            case _:
                pass

    @staticmethod
    def _chosen(form: Form, one: Field, attributes: Attributes) -> Iterator[Field]:
        is_first = all(other.name != one.name for other in form.fields)
        if "checked" in attributes or one.kind == "checkbox" or is_first:
            yield one
