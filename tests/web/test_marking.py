"""Marking: whatever the spans, the segments are the text and each number marks its own span."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.web.marking import Citing, cut

_TEXTS = st.text(st.sampled_from("ab \r\n<&é漢𠮷👩‍🚒אب"), min_size=1, max_size=40)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Citing], list[tuple[int, int]]]:
    text = draw(_TEXTS)
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda span: span[0] < span[1])
    cited = [Citing(*span, number) for number, span in enumerate(draw(st.lists(spans, max_size=6)), start=1)]
    return text, cited, draw(st.lists(spans, max_size=3))


@given(cases())
def test_each_number_marks_its_span(case: tuple[str, list[Citing], list[tuple[int, int]]]) -> None:
    """Spans may overlap, touch and repeat; furniture is grey wherever it lies, and nowhere else."""
    text, cited, furniture = case
    segments = list(cut(text, cited, furniture))
    assert "".join(segment.text for segment in segments) == text
    for span in cited:
        assert "".join(s.text for s in segments if span.number in s.numbers) == text[span.start : span.end]
    assert sorted(number for s in segments for number in s.begins) == [span.number for span in cited]
    place = 0
    for segment in segments:
        assert segment.furniture == any(start <= place < end for start, end in furniture)
        place += len(segment.text)
