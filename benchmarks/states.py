"""Who states what: Concord's matrix against people's, on labelled clusters (see quality.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.core.corroboration import find_evidence
from service.core.matching import Index
from service.core.model import Claim, Source
from service.core.reading import read
from service.core.support import support

_ASKED = "\x00claim"  # the id under which a claim is looked for: that of no document


def balanced_accuracy(file: Path) -> tuple[float, int]:
    """The mean of the shares of stated and of unstated pairs told right, and the number of pairs."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for line in file.read_text(encoding="utf-8").splitlines():
        for stated, found in _pairs(json.loads(line)):
            right[stated].append(stated == found)
    shares = [sum(told) / len(told) for told in right.values() if told]
    return sum(shares) / len(shares), sum(map(len, right.values()))


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
