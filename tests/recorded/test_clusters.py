"""The sample clusters, with what a real small model answered: every promise holds of what comes out."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

from benchmarks.alterations.ground import Rule
from benchmarks.alterations.speech import quotations_invented
from benchmarks.alterations.values import figures
from benchmarks.alterations.wording import names, negation_dropped
from service.backends.prompts import load_prompts
from service.core.anchoring import Refused, admit
from service.core.model import ClaimDraft, Standing
from service.inputs import find_data, read_paths
from tests.api.answers import assert_valid
from tests.lies import Forge
from tests.recorded.replay import CLUSTERS, MODEL, Replay, replay

pytestmark = [
    pytest.mark.vcr,
    pytest.mark.block_network,
    pytest.mark.usefixtures("every_recorded_interaction_is_played"),
    pytest.mark.parametrize("cluster", CLUSTERS),
]


def test_what_a_real_model_answers_keeps_every_promise(cluster: str, vcr: Cassette) -> None:
    """Quotes are exact, sentences corroborated, unique claims unique; usage is what the server counted."""
    run = replay(cluster)
    request = read_paths([find_data() / cluster]).model_dump(mode="json")
    result = run.result.model_dump(mode="json")
    assert_valid(request, result)
    assert result["model"]["name"] == MODEL
    assert result["model"]["prompts"] == load_prompts().version
    if vcr.record_mode is RecordMode.NONE:  # while it is recorded, what is no longer asked still lies in it
        counted = [json.loads(body)["usage"] for body in _bodies(vcr)]
        assert result["usage"]["requests"] == len(counted)
        assert result["usage"]["prompt_tokens"] == sum(usage["prompt_tokens"] for usage in counted)
        assert result["usage"]["completion_tokens"] == sum(usage["completion_tokens"] for usage in counted)


def test_what_a_real_model_gets_wrong_is_caught(cluster: str, vcr: Cassette) -> None:
    """It is small: some of what it writes is refused, and each step that was not its own is told."""
    run = replay(cluster)
    written = Counter(json.loads(body)["model"] for body in _bodies(vcr))
    assert set(written) == {MODEL}
    told = {w.detail.partition(":")[0] for w in run.result.warnings if w.code == "fell_back"}
    assert (run.result.status == "degraded") == bool(told)
    assert "claims" in told  # no cluster is read without a claim that its sentences do not bear out
    assert run.comparison.standing(Standing.UNIQUE)


def test_an_altered_reply_is_refused(cluster: str) -> None:
    """A figure changed, a negation dropped, a name put for another, a quotation invented: none is admitted."""
    forge = Forge(_run(cluster).comparison, seed=3)
    kinds: dict[str, Rule] = {
        "figure": figures,
        "negation": negation_dropped,
        "name": names,
        "quotation": quotations_invented,
    }
    told = Counter[str]()
    for text in forge.claims:
        for lie in forge.lies_of(text, kinds):
            told[lie.kind] += 1
            claim = ClaimDraft(lie.text, lie.sentences, lie.speaker)
            assert isinstance(admit(claim, forge.index), Refused), lie
    assert all(told[kind] >= 5 for kind in kinds), told  # each was tried


@cache
def _run(cluster: str) -> Replay:
    return replay(cluster)


def _bodies(cassette: Cassette) -> list[bytes]:
    return [response["body"]["string"] for response in cassette.responses]
