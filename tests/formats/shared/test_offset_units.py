"""What formats do alike: a span of several fragments where a file has spans of one."""

from annotator.formats import Report
from annotator.formats._shared.offset_units import continuous
from annotator.model import Span

TEXT = "не только сказал, но и сделал"


def test_each_fragment_becomes_a_span_with_an_id_of_its_own() -> None:
    fragments = ((0, 2), (10, 16), (23, 29))
    whole = Span("s0", "entities", "PER", ((3, 9),), "только", note="n")
    parted = Span("s1", "entities", "CLAIM", fragments, "не сказал сделал", {"a": 1}, "why")
    report = Report()
    assert list(continuous([whole, parted], TEXT, report)) == [
        whole,
        Span("s1", "entities", "CLAIM", ((0, 2),), "не", {"a": 1}, "why"),
        Span("s1~2", "entities", "CLAIM", ((10, 16),), "сказал", {"a": 1}, "why"),
        Span("s1~3", "entities", "CLAIM", ((23, 29),), "сделал", {"a": 1}, "why"),
    ]
    assert {kind: count for (kind, _why), count in report.lost.items()} == {"discontinuous": 1}
