"""Budgets: how much each request may show a model and be answered, in tokens; and with that the most a summary costs.

What is shown is bounded per document and per sentence of the summary, so that the cost is known before anything
is spent and grows with the documents alone. The chat backend keeps to these; the estimate adds them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.backends.prompts import PLACEHOLDERS, Prompt
from service.backends.replies import SHAPES, canonical, schema_of
from service.backends.tokens import ModelTokens

_COMPARED = 0.2  # of a document's tokens: the claims of it, and of earlier ones, that are compared in one request
_QUESTIONED = 0.2  # the same of the statements and evidence that are judged
_LEAST = 240  # tokens that each may always have
PER_QUESTION = 24  # that a statement with its evidence is taken to have at least
_PER_FACT, _FACTS_PER_SENTENCE = 40, 2
_PER_STATEMENT = 240  # a statement with its evidence
_PER_LOST = 160  # a statement that is to be written anew, with what was wrong
_LEAST_CLAIMS, _CLAIMS_PER_TOKEN = 256, 4  # an answer of claims runs to twice its sentences
_ANSWER_PER_GROUP_TOKEN = 2
_ANSWER_PER_SENTENCE = 120
_ANSWER_PER_STATEMENT = 48
REPAIR_TOKENS = 1_400
"""What the question for a second reply may add to the first: complaints of at most 12 x 300 signs."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """What requests to one model may hold. Token counts of texts are bounds where the vocabulary is not known."""

    tokens: ModelTokens
    context_tokens: int
    output_tokens: int
    reasoning_tokens: int = 0

    @property
    def scale(self) -> int:
        """Bounds per token of ordinary text: bytes are counted where tokens can't be."""
        return 1 if self.tokens.exact else 5

    def of_groups(self, text: str) -> int:
        """Tokens of claims that may be compared for a document."""
        return max(_LEAST * self.scale, round(_COMPARED * self.tokens.at_most(text)))

    def of_questions(self, text: str) -> int:
        """Tokens of statements and evidence that may be judged for a document."""
        return max(_LEAST * self.scale, round(_QUESTIONED * self.tokens.at_most(text)))

    def of_facts(self, max_sentences: int) -> int:
        return _PER_FACT * _FACTS_PER_SENTENCE * max_sentences * self.scale

    def of_lost(self, max_sentences: int) -> int:
        return _PER_LOST * max_sentences * self.scale

    def of_statements(self, max_sentences: int) -> int:
        return _PER_STATEMENT * max_sentences * self.scale

    def answer(self, name: str, shown: int, items: int) -> int:
        """Tokens of an answer: to claims by the tokens of the sentences shown, to others by what is asked for."""
        wanted = {
            "claims": _LEAST_CLAIMS + _CLAIMS_PER_TOKEN * shown,
            "groups": _LEAST_CLAIMS + _ANSWER_PER_GROUP_TOKEN * shown // self.scale,
            "summary": _LEAST_CLAIMS + _ANSWER_PER_SENTENCE * items,
            "verdicts": _LEAST_CLAIMS + _ANSWER_PER_STATEMENT * items,
        }
        return min(self.output_tokens, wanted[name] + self.reasoning_tokens)

    def repair(self, prompt: int) -> int:
        """The most tokens of the prompt that asks for a second reply; a longer one is not sent."""
        return min(self.context_tokens, prompt + REPAIR_TOKENS * self.scale)


@dataclass(frozen=True, slots=True)
class Bound:
    """At most what something uses: requests, and tokens of prompts and answers."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Bound) -> Bound:
        return Bound(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )


def bound_request(prompt: Prompt, shown: int, answer: int, budgets: Budgets) -> Bound:
    """At most what one request with its repair uses, if the data put in has `shown` tokens."""
    empty = prompt.render(**dict.fromkeys(PLACEHOLDERS[prompt.name], ""))
    schema = canonical(schema_of(SHAPES[prompt.name]))
    first = budgets.tokens.of_prompt([message["content"] for message in empty], schema) + shown
    first = min(first, budgets.context_tokens)
    return Bound(2, first + budgets.repair(first), 2 * answer)


def bound_groups(texts: Sequence[str], prompt: Prompt, budgets: Budgets) -> Bound:
    """At most what comparing claims uses: a request for each document but the first."""
    shown = [budgets.of_groups(text) for text in texts[1:]]
    return sum((bound_request(prompt, s, budgets.answer("groups", s, 0), budgets) for s in shown), Bound())


def bound_questions(texts: Sequence[str], prompt: Prompt, budgets: Budgets) -> Bound:
    """At most what judging claims uses: a request for each document but the first."""
    shown = [budgets.of_questions(text) for text in texts[1:]]
    answers = [budgets.answer("verdicts", 0, s // PER_QUESTION) for s in shown]
    return sum((bound_request(prompt, s, a, budgets) for s, a in zip(shown, answers, strict=True)), Bound())


def bound_summary(max_sentences: int, focus: str, prompt: Prompt, budgets: Budgets) -> Bound:
    """At most what the summary uses: it is written, and what was lost of it once more."""
    shown = budgets.of_facts(max_sentences) + budgets.tokens.at_most(focus) + 16
    answer = budgets.answer("summary", 0, max_sentences)
    again = shown + budgets.of_lost(max_sentences)
    return bound_request(prompt, shown, answer, budgets) + bound_request(prompt, again, answer, budgets)


def bound_statements(max_sentences: int, prompt: Prompt, budgets: Budgets) -> Bound:
    """At most what judging the summary uses: what was written, and what was written anew."""
    judged = bound_texts(max_sentences, prompt, budgets)
    return judged + judged


def bound_texts(sentences: int, prompt: Prompt, budgets: Budgets) -> Bound:
    """At most what judging some sentences at once uses."""
    answer = budgets.answer("verdicts", 0, sentences)
    return bound_request(prompt, budgets.of_statements(sentences), answer, budgets)


def bound_words(sentences: int, prompt: Prompt, budgets: Budgets) -> Bound:
    """At most what judging sentences one by one uses, each by an answer of one word that is asked for once."""
    empty = prompt.render(**dict.fromkeys(PLACEHOLDERS[prompt.name], ""))
    one = budgets.tokens.of_prompt([message["content"] for message in empty], "") + budgets.of_statements(1)
    return Bound(sentences, sentences * min(one, budgets.context_tokens), sentences)
