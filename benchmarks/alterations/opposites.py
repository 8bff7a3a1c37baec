"""Opposite words put into a text: verbs, describing words, things, and which way it went.

The pairs were written for this measurement from general knowledge of the language, not from the lists that the
gates know (service/core/opposites.py): otherwise the list would be measured against itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from benchmarks.alterations.ground import Ground, Text, swapped

_REGULAR = """
    accept reject; accelerate slow; admit+ deny; advance retreat; affirm deny; agree disagree; allow prevent;
    amplify dampen; appear disappear; applaud condemn; appoint dismiss; approve reject; arrive depart; assemble
    scatter; assist hinder; attach detach; attack defend; attract repel+; bless curse; boost reduce; calm inflame;
    captivate bore; climb drop+; combine separate; comfort frighten; complicate simplify; compress expand; conceal
    reveal; condemn praise; confirm deny; connect disconnect; construct demolish; consume produce; contradict
    corroborate; cooperate resist; create destroy; criticise praise; criticize praise; damage repair; deepen ease;
    defeat rescue; delay hasten; deteriorate improve; discourage encourage; dismantle assemble; displace settle;
    disprove prove; dissolve form; divide unite; embrace shun+; emerge vanish; enable disable; encourage
    discourage; endorse denounce; enforce ignore; enlarge compress; ensure endanger; escalate subside; establish
    abolish; evacuate occupy; exceed miss; exclude include; exonerate implicate; expand contract; export import;
    expose conceal; extend shorten; fail succeed; fasten loosen; favour oppose; favor oppose; gain forfeit; gather
    scatter; grant refuse; harm benefit; hire dismiss; ignite extinguish; ignore heed; improve
    worsen; include exclude; increase decrease; inflate deflate; inhale exhale; injure heal; invite bar+; join
    desert; launch cancel+; legalise ban+; lengthen shorten; load unload; lock unlock; maximise
    minimise; merge separate; mourn celebrate; nationalise privatise; obey defy; pardon punish; pass fail; please
    anger; postpone hasten; praise criticise; preserve destroy; promote demote; propose oppose; protect endanger;
    protest applaud; pull push; punish reward; reassure alarm; recall overlook; recover relapse; recruit dismiss;
    reduce increase; refuse agree; reinforce weaken; relax tighten; release detain; reopen close; repel+ attract;
    require prohibit; restore remove; restrict widen; retain discard; reunite separate; reward punish; save waste;
    soar plunge; start stop+; stabilise unsettle; strengthen weaken; succeed fail; support oppose; surge slump;
    suspend resume; threaten reassure; tighten loosen; trust suspect; unveil conceal; urge discourage; veto
    approve; volunteer refuse; welcome deplore; widen narrow;
"""
"""Verbs whose forms follow the rule; one whose last letter is doubled has a plus sign."""

_IRREGULAR = """
    rise rises rose risen rising : fall falls fell fallen falling; grow grows grew grown growing : shrink shrinks
    shrank shrunk shrinking; win wins won winning : lose loses lost losing; buy buys bought buying : sell sells
    sold selling; begin begins began begun beginning : end ends ended ended ending; build builds built building :
    raze razes razed razing; send sends sent sending : receive receives received receiving; keep keeps kept
    keeping : drop drops dropped dropping; find finds found finding : lose loses lost losing; remember remembers
    remembered remembering : forget forgets forgot forgetting; teach teaches taught teaching : learn learns
    learned learning; lend lends lent lending : borrow borrows borrowed borrowing; speed speeds sped speeding :
    slow slows slowed slowing; catch catches caught catching : release releases released releasing; enter enters
    entered entering : exit exits exited exiting; love loves loved loving : hate hates hated hating; ask asks
    asked asking : answer answers answered answering; live lives lived living : die dies died dying; add adds
    added adding : remove removes removed removing; opens opened opening : closes closed closing; uphold upholds
    upheld upholding : overturn overturns overturned overturning; stand stands stood standing : collapse collapses
    collapsed collapsing; survive survives survived surviving : perish perishes perished perishing;
"""

_WORDS = """
    rising falling; growing shrinking; safe dangerous; strong weak; stronger weaker; strongest weakest; high low;
    highest lowest; large small; larger smaller; largest smallest; big small; bigger smaller; biggest smallest;
    long short; longer shorter; longest shortest; old young; older younger; oldest youngest; rich poor; richer
    poorer; richest poorest; fast slow; faster slower; early late; easy difficult; easier harder; hot cold; hotter
    colder; warm cool; warmer cooler; wet dry; deep shallow; wide narrow; full empty; heavy slight; thick thin;
    cheap expensive; cheaper costlier; clean dirty; bright dim; loud quiet; rough smooth; public private; legal
    illegal; lawful unlawful; guilty innocent; possible impossible; likely unlikely; certain doubtful; common
    rare; popular unpopular; successful unsuccessful; positive negative; major minor; permanent temporary;
    domestic foreign; male female; urban rural; modern ancient; new old; same different; similar different; true
    false; accurate inaccurate; correct mistaken; healthy sick; alive dead; happy sad; healthy ill; willing
    unwilling; able unable; ready unready; aware unaware; friendly hostile; peaceful violent; calm tense; stable
    unstable; sufficient insufficient; adequate inadequate; effective ineffective; important trivial; necessary
    needless; optional mandatory; voluntary compulsory; formal informal; direct indirect; visible invisible; known
    unknown; official unofficial; complete partial; active inactive; mild severe; serious slight; generous stingy;
    brave cowardly; honest dishonest; loyal disloyal; reliable unreliable; credible dubious; responsible
    irresponsible; fertile barren; simple complex; internal external; inner outer; upper lower; senior junior;
    former current; maximum minimum; northern southern; eastern western; winner loser; winners losers; victory
    defeat; success failure; profit loss; profits losses; gain loss; gains losses; growth decline; majority
    minority; ally enemy; allies enemies; supporters opponents; friend enemy; friends enemies; buyer seller;
    buyers sellers; strength weakness; advantage disadvantage; advantages disadvantages; benefit drawback;
    benefits drawbacks; beginning end; birth death; births deaths; arrival departure; entrance exit; teacher
    pupil; employer employee; employers employees; war peace; summer winter; morning evening; day night; husband
    wife; son daughter; brother sister; mother father; men women; boys girls; man woman; boy girl; north south;
    east west; demand supply; surplus deficit; truth falsehood; hope despair; confidence doubt; always never;
    often seldom; quickly slowly; rapidly slowly; sharply slightly; widely rarely; frequently rarely; fully
    partly; entirely partly; publicly privately; officially unofficially; legally illegally; safely dangerously;
    deliberately accidentally; permanently temporarily; directly indirectly; successfully unsuccessfully;
    correctly wrongly; heavily lightly; better worse; best worst; everyone nobody; everything nothing; everywhere
    nowhere; many few; together apart; increasingly decreasingly; largely barely; optimistic pessimistic; opposed
    favourable; available unavailable; acceptable unacceptable;
"""
"""Describing words, things and manners."""


def _inflected(verb: str) -> tuple[str, str, str, str]:
    """A verb, with -s, with -ed and with -ing, by rule."""
    base = verb.rstrip("+")
    if verb.endswith("+"):
        return base, f"{base}s", f"{base}{base[-1]}ed", f"{base}{base[-1]}ing"
    if base.endswith("e"):
        return base, f"{base}s", f"{base}d", f"{base[:-1]}ing"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"
    return base, f"{base}es" if re.search(r"(?:[sxz]|[cs]h)$", base) else f"{base}s", f"{base}ed", f"{base}ing"


def _pairs() -> Iterator[tuple[str, str]]:
    """Each word with its opposite, as they are written out, both ways."""
    for entry in filter(str.strip, _REGULAR.split(";")):
        one, other = (_inflected(verb) for verb in entry.split())
        yield from zip(one, other, strict=True)
    for entry in filter(str.strip, _IRREGULAR.split(";")):
        one_side, other_side = entry.split(":")
        yield from zip(one_side.split(), other_side.split(), strict=True)
    for entry in filter(str.strip, _WORDS.split(";")):
        one_word, other_word = entry.split()
        yield one_word, other_word


def _table() -> dict[str, str]:
    """Word to opposite, in lower case. Of several opposites the first that is written stands."""
    pairs = list(_pairs())
    found: dict[str, str] = {}
    for one, other in (*pairs, *((other, one) for one, other in pairs)):
        found.setdefault(one, other)
    return found


ANTONYMS: Mapping[str, str] = _table()
"""Word to opposite, both ways, in lower case."""

_DESCRIBING = frozenset(_WORDS.replace(";", " ").split())
_NOUN_FOLLOWS = frozenset(
    "the a an his her its their our no any some this that of in for with on at under more".split()
)
_WORD = re.compile(r"(?<![\w’'-])[a-z]+(?![\w’'-])")


def antonyms(ground: Ground, text: Text) -> Iterator[str]:
    """A word's opposite in its place, names, figures and days left alone."""
    for match in _WORD.finditer(text.text):
        other = ANTONYMS.get(match.group())
        before = text.text[: match.start()].split()
        is_noun = match.group() not in _DESCRIBING and not match.group().endswith(("ed", "ing"))
        if other is None or (is_noun and before and before[-1].lower() in _NOUN_FOLLOWS):
            continue  # `the support of` is no verb
        yield from _put(ground, text, match, other)


_WAYS = (
    (r"(?<!shortly )\bbefore\b", "after"), (r"(?<!shortly )\bafter\b", "before"), (r"\binto\b", "out of"),
    (r"\bout of\b", "into"), (r"\bonto\b", "off"), (r"\btowards?\b", "away from"), (r"\bahead of\b", "behind"),
    (r"\bmore\b(?! than)", "less"), (r"\bless\b(?! than)", "more"), (r"\bfewer\b(?! than)", "more"),
    (r"(?<!at )\bmost\b", "least"), (r"\bhigher\b", "lower"), (r"\blower\b", "higher"), (r"\bearlier\b", "later"),
    (r"\blater\b", "earlier"), (r"\babove\b", "below"), (r"\bbelow\b", "above"), (r"\binside\b", "outside"),
    (r"\boutside\b", "inside"), (r"\bfirst\b", "last"), (r"\bin favou?r of\b", "against"),
    (r"\b(voted|vote|votes|argued|campaigned|ruled|evidence) for\b", r"\1 against"),
    (r"\b(voted|vote|votes|argued|campaigned|ruled|evidence) against\b", r"\1 for"),
    (r"\bbecause of\b", "despite"), (r"\bdespite\b", "because of"), (r"\bforwards?\b", "backward"),
    (r"\bupstream\b", "downstream"), (r"\bdownstream\b", "upstream"), (r"\bupwards?\b", "downward"),
    (r"\bdownwards?\b", "upward"), (r"\bsince\b", "until"), (r"\buntil\b", "since"),
    (r"\b(was|were|is|are|went|go|goes|gone|moved|pushed|drove|sent|edged|sharply|slightly) up\b(?! to)", r"\1 down"),
    (r"\b(was|were|is|are|went|go|goes|gone|moved|pushed|drove|sent|edged|sharply|slightly) down\b", r"\1 up"),
    (r"\bup (by|from|\d)", r"down \1"), (r"\bdown (by|from|\d)", r"up \1"),
)  # fmt: skip


def directions(ground: Ground, text: Text) -> Iterator[str]:
    """The other way: before and after, up and down, in and out, for and against."""
    for pattern, way in _WAYS:
        for match in re.finditer(pattern, text.text):
            yield from _put(ground, text, match, match.expand(way))


def _put(ground: Ground, text: Text, match: re.Match[str], other: str) -> Iterator[str]:
    """A word in another's place, unless the text has both, or a sentence on the matter has it in that place."""
    details = text.analysis.details
    taken = [(d.start, d.end) for kind in (details.names, details.figures, details.moments) for d in kind]
    has_both = re.search(rf"\b{re.escape(other)}\b", text.text, re.IGNORECASE)
    if has_both or any(start < match.end() and match.start() < end for start, end in taken):
        return
    before, after = text.text[: match.start()].split()[-1:], text.text[match.end() :].split()[:1]
    if not ground.is_told(" ".join([*before, other, *after]).strip(' .,;:“”"'), text):
        yield swapped(text.text, match.start(), match.end(), other)
