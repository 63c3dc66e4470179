"""A record → WebAnno TSV 3.3 lines.

Sentences of tokens, one layer of spans and one of relations between them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from annotator.formats._api import Report
from annotator.formats._shared.cas import OWN, RELATION, SPAN, Structure, Written
from annotator.formats.webanno_tsv.read import gap
from annotator.i18n import _
from annotator.model import Fragment
from annotator.text.offsets import Utf16Map
from annotator.text.sentences import sentences
from annotator.text.tokenizers import all_tokens

_ESCAPED = str.maketrans(
    {
        "\\": "\\\\",
        "[": "\\[",
        "]": "\\]",
        "|": "\\|",
        "_": "\\_",
        ";": "\\;",
        "\t": "\\t",
        "\n": "\\n",
        "*": "\\*",
        "\r": "\\r",
    }
)
_TEXT = str.maketrans({"\\": "\\\\", "\t": "\\t", "\r": "\\r"})


@dataclass(slots=True)
class _Unit:
    """A token or a sub-token, with the spans that it is part of, by number."""

    name: str
    begin: int
    end: int
    spans: list[int] = field(default_factory=list)


class TsvLines:
    """Writes one record; what tokens cannot carry is counted."""

    def __init__(self, written: Written, report: Report) -> None:
        self._written, self._report = written, report
        self._text = written.record.document.text
        self._tokens = all_tokens(self._text)
        self._offsets = Utf16Map(self._text)
        self._escapes = any(sign in self._text for sign in "\\\t\r")
        self._features = _features(OWN, written.spans)
        self._linked = _features(["value"], written.relations)
        columns = len(self._features)
        if written.relations:
            columns += len(self._linked) + 1
        self._empty = "_\t" * columns
        self._names: list[str] = []
        self._units: dict[int, _Unit] = {}
        self._subs: dict[int, list[_Unit]] = {}
        self._of_span: dict[int, list[_Unit]] = {}
        self._columns: dict[int, list[str]] = {}

    def lines(self) -> list[str]:
        """Return the lines of the file; none where the text has no token."""
        if not self._tokens:
            self._report.lose("empty documents", _("a document without a token has no line"))
            return []
        body = list(self._sentences())
        self._name_tokens(body)
        for number, entry in enumerate(self._written.spans):
            self._place(number, entry)
        self._name_subs()
        relations = self._relations()
        lines = [*self._head(), ""]
        rebuilt = ""
        for sentence, text in zip(body, self._texts(body), strict=True):
            begin = self._tokens[sentence[0]][0]
            rebuilt += gap(begin - len(rebuilt), is_first=not rebuilt) + text
            lines += ["", *(f"#Text={line.translate(_TEXT)}" for line in text.split("\n"))]
            lines += self._rows(sentence, relations)
        if rebuilt != self._text:
            self._report.lose(
                "whitespace",
                _("spaces and empty lines before the first and after the last token are not kept"),
            )
        return lines

    def _head(self) -> Iterator[str]:
        yield "#FORMAT=WebAnno TSV 3.3"
        yield "|".join([f"#T_SP={SPAN}", *self._features])
        if self._written.relations:
            yield "|".join([f"#T_RL={RELATION}", *self._linked, f"BT_{SPAN}"])

    def _name_tokens(self, body: Sequence[range]) -> None:
        for number, sentence in enumerate(body, 1):
            self._names += [f"{number}-{place}" for place in range(1, len(sentence) + 1)]

    def _sentences(self) -> Iterator[range]:
        starts = [begin for begin, _end in self._tokens]
        bounds = [0]
        for _begin, end in sentences(self._text):
            bounds.append(bisect_left(starts, end))
        bounds.append(len(starts))
        for first, last in pairwise(bounds):
            if last > first:
                yield range(first, last)

    def _texts(self, body: Sequence[range]) -> Iterator[str]:
        """Walk over the sentences' texts.

        Each goes to the next one's first token, but for one newline, which the gap stands for.
        """
        begins = [self._tokens[sentence[0]][0] for sentence in body]
        for begin, end in pairwise([*begins, len(self._text)]):
            yield self._text[begin:end].removesuffix("\n")

    def _place(self, number: int, entry: Structure) -> None:
        begin, end = entry.begin or 0, entry.end or 0
        first = bisect_right(self._tokens, begin, key=lambda token: token[1])
        last = bisect_left(self._tokens, end, key=lambda token: token[0])
        if first >= last:
            self._report.lose(
                "spans", _("a span over spaces or invisible signs alone has no token")
            )
            return
        if begin < self._tokens[first][0] or end > self._tokens[last - 1][1]:
            self._report.lose("boundaries", _("spaces at the ends of a span are not kept"))
        self._of_span[number] = []
        for token in range(first, last):
            whole = self._tokens[token]
            unit = self._unit(token, (max(begin, whole[0]), min(end, whole[1])))
            unit.spans.append(number)
            self._of_span[number].append(unit)

    def _unit(self, token: int, place: Fragment) -> _Unit:
        if place == self._tokens[token]:
            if token not in self._units:
                self._units[token] = _Unit(self._names[token], *place)
            return self._units[token]
        subs = self._subs.setdefault(token, [])
        for unit in subs:
            if (unit.begin, unit.end) == place:
                return unit
        subs.append(_Unit("", *place))
        return subs[-1]

    def _name_subs(self) -> None:
        for token, subs in self._subs.items():
            subs.sort(key=lambda unit: (unit.begin, unit.end))
            for place, unit in enumerate(subs, 1):
                unit.name = f"{self._names[token]}.{place}"

    def _number(self, span: int) -> int:
        """Return the number that joins a span's units or tells it from others, 0 for none."""
        units = self._of_span[span]
        return span + 1 if len(units) > 1 or len(units[0].spans) > 1 else 0

    def _relations(self) -> dict[str, list[list[str]]]:
        """Return the relations' columns by the name of the dependent's first unit."""
        columns: dict[str, list[list[str]]] = {}
        for entry in self._written.relations:
            head, child = (int(entry.refs[key][0]) - 1 for key in ("Governor", "Dependent"))
            if head not in self._of_span or child not in self._of_span:
                self._report.lose(
                    "relations", _("a relation of a span that has no token is left out")
                )
                continue
            reference = self._of_span[head][0].name
            numbers = self._number(head), self._number(child)
            if any(numbers):
                reference += f"[{numbers[0]}_{numbers[1]}]"
            values = [self._value(entry, key) for key in self._linked]
            columns.setdefault(self._of_span[child][0].name, []).append([*values, reference])
        return columns

    def _value(self, entry: Structure, key: str) -> str:
        if key not in entry.features:
            return "*"
        value = str(entry.features[key])
        if not value:
            self._report.lose("attributes", _("an empty value is the same as none"))
            return "*"
        return value.translate(_ESCAPED).replace("->", "\\->")

    def _rows(self, sentence: range, relations: dict[str, list[list[str]]]) -> Iterator[str]:
        # Local names, for this loop runs once a token and most of a file are its plain lines.
        text, tokens, names, empty = self._text, self._tokens, self._names, self._empty
        units, subs = self._units, self._subs
        is_plain = self._offsets.is_identity and not self._escapes
        for token in sentence:
            begin, end = tokens[token]
            if token in units:
                yield self._row(units[token], relations)
            elif is_plain:
                yield f"{names[token]}\t{begin}-{end}\t{text[begin:end]}\t{empty}"
            else:
                yield self._place_and_form(names[token], begin, end) + empty
            if token in subs:
                yield from [self._row(unit, relations) for unit in subs[token]]

    def _place_and_form(self, name: str, begin: int, end: int) -> str:
        form = self._text[begin:end]
        if self._escapes:
            form = form.translate(_TEXT)
        return f"{name}\t{self._offsets.to_utf16(begin)}-{self._offsets.to_utf16(end)}\t{form}\t"

    def _row(self, unit: _Unit, relations: dict[str, list[list[str]]]) -> str:
        cells = _stacked([self._marked(span) for span in unit.spans])
        if self._written.relations:
            links = relations.get(unit.name)
            cells += _stacked(links) if links else ["_"] * (len(self._linked) + 1)
        return self._place_and_form(unit.name, unit.begin, unit.end) + "\t".join([*cells, ""])

    def _marked(self, span: int) -> list[str]:
        """Return a span's columns, the same in each of its units."""
        columns = self._columns.get(span)
        if columns is None:
            number = self._number(span)
            mark = f"[{number}]" if number else ""
            columns = self._columns[span] = [
                self._value(self._written.spans[span], key) + mark for key in self._features
            ]
        return columns


def _features(own: Iterable[str], structures: Iterable[Structure]) -> list[str]:
    """Return the features of a layer: its own, then what its structures have beside."""
    features = dict.fromkeys(own)
    for entry in structures:
        features.update(dict.fromkeys(entry.features))
    return list(features)


def _stacked(annotations: Sequence[Sequence[str]]) -> list[str]:
    """Return the cells of annotations that stand on one unit, a new list."""
    if len(annotations) == 1:
        return list(annotations[0])
    return ["|".join(values) for values in zip(*annotations, strict=True)]
