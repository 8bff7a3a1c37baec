"""Who states what: Concord's matrix against people's, on labelled clusters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.core.corroboration import find_evidence
from service.core.matching import Index
from service.core.model import Claim, Source
from service.core.reading import read
from service.core.support import support

_ASKED = "\x00claim"  # the id under which a claim is looked for: that of no document


@dataclass(frozen=True, slots=True)
class Told:
    """Pairs of a claim and a document, by whether people say that it states the claim, and whether Concord does."""

    both: int
    concord_alone: int
    people_alone: int
    neither: int

    @property
    def pairs(self) -> int:
        return self.both + self.concord_alone + self.people_alone + self.neither

    @property
    def precision(self) -> float:
        """The share of what Concord calls stated that people do: what is missing of 1 is false consensus."""
        return _share(self.both, self.concord_alone)

    @property
    def recall(self) -> float:
        return _share(self.both, self.people_alone)

    @property
    def balanced_accuracy(self) -> float:
        """The mean of the shares of stated and of unstated pairs told right."""
        return (self.recall + _share(self.neither, self.concord_alone)) / 2


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 0.0


def told(file: Path) -> Told:
    """What Concord tells of the pairs of a file of labelled clusters."""
    lines = file.read_text(encoding="utf-8").splitlines()
    counts = Counter(pair for line in lines for pair in _pairs(json.loads(line)))
    return Told(counts[True, True], counts[False, True], counts[True, False], counts[False, False])


def _pairs(row: dict[str, Any]) -> Iterator[tuple[bool, bool]]:
    """For each claim and document of a cluster: do people say it is stated, and does Concord."""
    documents = [read(Source(d["id"], d["text"])) for d in row["documents"] if d["text"].strip()]
    index = Index(documents)
    asked = read(Source(_ASKED, "x"))
    for annotation in row["annotations"]["claims"]:
        claim = Claim("c", annotation["claim"], _ASKED, (), None, annotation["claim"])
        index.documents[_ASKED] = asked
        text = index.analyse(claim.core)
        evidence = find_evidence(claim, index)
        for document in documents:
            hits = evidence.get(document.id, ())
            found = bool(hits) and support(index, text, None, hits).stated
            present = annotation.get("present")
            if present is None:
                yield document.id in annotation["docs"], found
            elif document.id in present:
                yield bool(present[document.id]), found
