"""Clusters with gold: folders like those in data/, read as sources and as what people found in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.api.requests import SummaryRequest
from service.api.schemas import SummaryResult
from service.inputs import read_paths


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact and, for each document that states it, the quotes that do."""

    id: str
    text: str
    main: bool
    documents: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Gold:
    """What people found in a cluster. `origin` maps a document to the first of its copies."""

    facts: list[GoldFact]
    disputes: list[dict[str, Any]]
    furniture: dict[str, list[str]]
    origin: dict[str, str]

    def origins(self, fact: GoldFact) -> int:
        return len({self.origin.get(document_id, document_id) for document_id in fact.documents})


def read_gold(folder: Path) -> Gold:
    raw = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    facts = [GoldFact(f["id"], f["text"], bool(f.get("main")), f["documents"]) for f in raw["facts"]]
    origin = {document_id: group[0] for group in raw.get("copies", []) for document_id in group}
    return Gold(facts, raw.get("disputes", []), raw.get("furniture", {}), origin)


def read_request_of(folder: Path) -> SummaryRequest:
    return read_paths([folder])


def texts(request: SummaryRequest, result: SummaryResult) -> dict[str, str]:
    """The text that each document's spans index."""
    posted = {document.id: document.text for document in request.documents}
    return {d.id: d.text if d.text is not None else posted[d.id] for d in result.documents}
