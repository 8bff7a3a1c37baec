"""Honest texts: what documents say, word for word or lightly cut, and what people found to be supported by them.

What begins with a pronoun, gives a pronoun as its speaker, or is a piece of a quotation leans on sentences before
it: a summary may not tell it alone (docs/contract.md: what is attributed stays so). It is a form of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TypeVar

from benchmarks.alterations.ground import Ground, Text
from benchmarks.quality.gold import read_gold
from service.api.summaries import to_sources
from service.calibrating import read_file
from service.core.checking import find_evidence
from service.core.clauses import cuts
from service.core.matching import Index
from service.core.model import Document, Sentence, Source
from service.core.origins import find_origins
from service.inputs import find_data, read_paths
from service.pipeline import read_all

Item = TypeVar("Item")
SEED = 7
FACT = "f1"  # the id of the one fact that a text tells
_FEWEST_WORDS, _MOST_CHARACTERS = 6, 400
_OF_ONE_EVIDENCE = 4  # sentences of one evidence text of a shared set, which has hundreds
_MOST_NEAREST = 3  # sentences that a text which people wrote is said to rest on


@dataclass(frozen=True, slots=True)
class Honest:
    """An honest text, its form (verbatim, lightly cut, leaning, people's), and the ground that it is altered on.

    `stated_in` holds the ids of the documents that people found to state it; empty where nobody looked.
    """

    form: str
    text: Text
    ground: Ground
    stated_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Set:
    """One set: its honest texts, an index of each document alone, and indexes of documents of other events."""

    name: str
    texts: tuple[Honest, ...]
    alone: tuple[Index, ...]
    elsewhere: tuple[Index, ...] = ()


def read_cluster(folder: Path, limit: int) -> Set:
    """The documents of one event, which are one ground; at most `limit` of their sentences, and of gold facts."""
    documents = read_all(to_sources(read_paths([folder]).documents))
    ground = Ground(documents, find_origins(documents), 1, SEED)
    texts = list(own_words(ground, limit))
    if (folder / "gold.json").exists():
        facts = read_gold(folder).facts
        texts += [_of_people(fact.text, ground, fact.documents) for fact in spread(facts, limit)]
    return Set(folder.name, tuple(texts), tuple(Index([document]) for document in documents))


def read_labelled(file: Path, limit: int) -> Set:
    """A set that people labelled: each evidence text a ground, at most `limit` sentences and as many of people's."""
    rows = read_file(file)
    supported: dict[str, list[str]] = {row.evidence: [] for row in rows}
    for row in rows:
        if row.label == 1:
            supported[row.evidence].append(row.sentence)
    chosen = spread([evidence for evidence, said in supported.items() if said], -(-limit // _OF_ONE_EVIDENCE))
    grounds = {evidence: ground_of(evidence) for evidence in chosen}
    texts = [text for ground in grounds.values() for text in own_words(ground, _OF_ONE_EVIDENCE)]
    for evidence, ground in grounds.items():
        texts += [_of_people(said, ground) for said in spread(supported[evidence], _OF_ONE_EVIDENCE)]
    alone = tuple(ground.index for ground in grounds.values())
    return Set(file.stem, tuple(texts), alone, alone)


def read_sets(folder: Path | None, seeds: Path | None, limit: int) -> Iterator[Set]:
    """The clusters of data/ and the seeds, each with the documents of the others; the sets that people labelled."""
    folders = [*sorted(path.parent for path in find_data().glob("*/documents.json")), *([seeds] if seeds else [])]
    clusters = [read_cluster(cluster, limit) for cluster in folders]
    for cluster in clusters:
        yield replace(cluster, elsewhere=tuple(i for other in clusters if other is not cluster for i in other.alone))
    for file in sorted(folder.glob("*.jsonl")) if folder else []:
        yield read_labelled(file, limit)


def ground_of(evidence: str) -> Ground:
    """The ground that one text is, as a document by itself."""
    documents: list[Document] = read_all([Source("evidence", evidence)])
    return Ground(documents, {"evidence": "evidence"}, 1, SEED)


def own_words(ground: Ground, limit: int) -> Iterator[Honest]:
    """At most `limit` sentences of the documents, and one lighter cut of each that has any."""
    chance = Random(SEED)  # noqa: S311 (nothing is secret)
    for sentence in spread([s for s in ground.sentences if _is_fit(s)], limit):
        yield Honest(_form(sentence.text, sentence, ground), _text(sentence.text, (sentence,), ground), ground)
        lighter = [cut for cut in cuts(sentence.text) if cut != sentence.text and len(cut.split()) >= _FEWEST_WORDS]
        if lighter:
            cut = chance.choice(lighter)
            yield Honest(_form(cut, sentence, ground), _text(cut, (sentence,), ground), ground)


_LEANS = re.compile(
    r"^[“\"‘']?(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|I|[Ww]e|[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose)\b"
    r"|\b(?:he|she|they|who|it) (?:\w+ )?(?:said|says|told|tells|added|adds|wrote|asked|warned|insisted)\b"
    r"|^[“\"][^“”\"]*[”\"]?[.!?]?$|\b(?:I|my|we|our|us)\b(?![^“\"]*[”\"])"
)


def _form(said: str, sentence: Sentence, ground: Ground) -> str:
    """Of what form some words of a sentence are."""
    opened = said.count("“") != said.count("”") or said.count('"') % 2 or ground.index.begins_quoted(sentence)
    if opened or _LEANS.search(said):
        return "leaning"
    return "verbatim" if said == sentence.text else "lightly cut"


def _of_people(said: str, ground: Ground, stated_in: Iterable[str] = ()) -> Honest:
    nearest = find_evidence(ground.index.analyse(said), ground.index)[:_MOST_NEAREST]
    return Honest("people's", _text(said, nearest, ground), ground, frozenset(stated_in))


def _text(said: str, sentences: tuple[Sentence, ...], ground: Ground) -> Text:
    speaker = next((who for sentence in sentences if (who := ground.index.speaker(sentence))), None)
    return Text(said, ground.analyse(said, sentences), sentences, (FACT,), speaker)


def _is_fit(sentence: Sentence) -> bool:
    return len(sentence.text.split()) >= _FEWEST_WORDS and len(sentence.text) <= _MOST_CHARACTERS


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """At most so many of some items, from all along them."""
    return [items[i * len(items) // most] for i in range(most)] if len(items) > most else list(items)
