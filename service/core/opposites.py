"""Opposites: words of which one cannot be said of what the other is said of.

Each line is one question, its two answers apart by a colon; a line that is longer goes on further in. A word may
stand in several. The forms are written out: a stem would make `close to` of `closed`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

_EXCLUSIVE = """
    rise rises rising rose risen increase increases increasing increased grow grows growing grew grown growth
        climb climbs climbing climbed jump jumped surge surged surging soar soared gain gains gained gaining up upward
        upwards higher raise raises raised raising boost boosted expand expands expanded expanding widen widens
        widened widening swell swelled swollen double doubled more strengthen strengthened strengthens accelerate
        accelerated accelerates multiplied lengthened extended highest : fall falls falling fell fallen decrease
        decreases decreasing decreased decline declines declining declined drop drops dropped dropping slump slumped
        slid plunge plunged plunging plummeted lose loses lost losing down downward downwards lower lowers lowered
        lowering reduce reduces reduced reducing reduction cut cuts cutting slash slashed shrink shrinks shrank shrunk
        shrinking narrow narrows narrowed narrowing ease eased halve halved less fewer weaken weakened weakens slow
        slowed slows slowing dwindled shortened lowest
    approve approves approved approving approval accept accepts accepted accepting acceptance back backs backed
        backing endorse endorsed endorses support supports supported supporting adopt adopted pass passed allow allows
        allowed allowing permit permitted permits authorise authorised authorize authorized welcome welcomed welcomes
        upheld uphold legalise legalised cleared praise praised praises favour favoured agree agreed agrees : reject
        rejects rejected rejecting rejection refuse refuses refused refusing refusal oppose opposes opposed opposing
        opposition block blocks blocked blocking veto vetoed ban bans banned banning forbid forbade forbidden prohibit
        prohibited bar barred deny denied condemn condemned condemns criticise criticised criticises criticize
        criticized overturned overturn outlawed disagree disagreed disagrees decline declined
    open opens opened opening reopen reopens reopened reopening unlocked unlock : close closes closed closing
        closure shut shuts shutting locked lock sealed
    win wins won winning victory victorious beat beats triumph triumphed winner winners winning : lose loses lost
        losing defeat defeats beaten loser losers losing
    profit profits profitable gain gains surplus : loss losses unprofitable deficit
    survive survives survived surviving survivors survivor alive living lived : die dies died dying dead killed
        death deaths perished drowned
    succeed succeeds succeeded success successful successfully : fail fails failed failing failure unsuccessful
        unsuccessfully
    guilty convict convicted convicts conviction charged : innocent acquit acquitted acquittal exonerated
    legal legally lawful : illegal illegally unlawful
    safe safely safer safety : unsafe dangerous dangerously danger risky
    improve improves improved improving improvement better best recover recovered recovers recovery upgraded :
        worsen worsens worsened worsening worse worst deteriorate deteriorated downgraded
    high higher highest upper above over : low lower lowest below under beneath
    positive positively : negative negatively
    full fully filled : empty partial partially partly
    likely probable probably : unlikely improbable
    able : unable
    possible : impossible
    sick ill unwell : healthy well
    permanent permanently : temporary temporarily
    accurate accurately correct correctly right true truly : inaccurate inaccurately incorrect incorrectly wrong
        wrongly false falsely
    known : unknown
    related connected linked : unrelated unconnected
    aware : unaware
    vaccinated : unvaccinated
    armed : unarmed
    damaged harmed hurt injured wounded : undamaged unharmed unhurt uninjured intact
    voluntary voluntarily : compulsory mandatory forced
"""
"""Two reports that answer these in opposite ways cannot both be true."""

_OTHERS = """
    begin begins began begun beginning start starts started starting launch launched launches resume resumed
        resumes commence commenced opened onset continue continued continues : end ends ended ending finish finishes
        finished stop stops stopped stopping halt halted halts cease ceased suspend suspended closed abandon abandoned
    arrive arrives arrived arriving arrival enter enters entered entering entry : leave leaves left leaving depart
        departs departed departing departure exit exits exited exiting
    join joins joined joining remain remains remained remaining stay stays stayed staying : leave leaves left
        leaving quit quits withdraw withdraws withdrew withdrawn withdrawing resign resigns resigned
    buy buys bought buying purchase purchased purchases buyer buyers acquire acquired : sell sells sold selling
        sale seller sellers
    import imports imported importing importer : export exports exported exporting exporter
    hire hires hired hiring appoint appointed appoints recruit recruited employ employed : fire fired fires
        dismiss dismissed dismisses dismissal sack sacked layoffs
    arrest arrested arrests detain detained detains jail jailed imprisoned capture captured : release released
        releases free freed frees
    strong stronger strongest strongly strength : weak weaker weakest weakly weakness
    large larger largest big bigger biggest huge great greater greatest : small smaller smallest tiny little
        lesser least
    long longer longest lengthy : short shorter shortest brief
    early earlier earliest before ahead prior previous previously : late later latest after following subsequent
        subsequently behind
    before until : after since
    first : last final
    inside in into within indoors inner internal : outside out outdoors outer external
    more most majority : less least fewer fewest minority
    many numerous : few
    north northern northeast northwards : south southern southeast southwards
    east eastern eastwards : west western westwards
    left : right
    public publicly : private privately secret
    new newer newest newly young younger youngest : old older oldest elderly
    major : minor
    domestic national : foreign international overseas
    cheap cheaper cheapest : expensive dear dearer costly
    fast faster fastest quick quicker quickly rapid rapidly : slow slower slowest slowly
    hot hotter hottest warm warmer warmest : cold colder coldest cool cooler
    wet wetter : dry drier dried
    heavy heavier heaviest heavily : light lighter lightest lightly
    add adds added adding include includes included including : remove removes removed removing exclude excludes
        excluded excluding
    attack attacks attacked attacking assault : defend defends defended defending defence defense
    advance advances advanced advancing : retreat retreats retreated retreating
    maximum : minimum
    same similar identical alike equal : different unlike unequal
    always : never
    all every everyone everybody both whole entire entirely : none nobody neither some partly
    male man men boy boys husband father son brother he his him : female woman women girl girls wife mother
        daughter sister she her
    summer : winter
    day daytime morning mornings : night nighttime evening evenings afternoon afternoons
    present : absent missing
    load loaded loading : unload unloaded unloading
    remember remembered : forget forgot forgotten
    rich richer wealthy : poor poorer
    wide wider widest : narrow narrower
    deep deeper : shallow shallower
    upstream : downstream
    optimistic optimism : pessimistic pessimism
    confirm confirms confirmed confirming admit admits admitted admitting acknowledge acknowledged : deny denies
        denied denying dispute disputed refute refuted
    find finds found : lose loses lost
    encourage encouraged encourages : discourage discouraged discourages
    deploy deploys deployed deploying send sends sent sending : withdraw withdraws withdrew withdrawn withdrawing
        recall recalled
    certain clear clearly : uncertain unclear
    necessary : unnecessary
    destroy destroyed destroys demolish demolished : build built builds rebuild rebuilt
    ally allies allied friend friends friendly : enemy enemies foe foes hostile
    war : peace
    peaceful peacefully : violent violently
    active actively : inactive passive
    visible : invisible hidden
    allow allows allowed let lets : prevent prevents prevented preventing stop stopped
    save saved saves rescue rescued : kill killed kills abandon abandoned
    on : off
    give gives gave given giving : take takes took taken taking receive receives received receiving
    lend lends lent lending lender : borrow borrows borrowed borrowing borrower
    teach teaches taught teacher teachers : learn learns learned learnt pupil pupils student students
    push pushed pushes : pull pulled pulls
    upgrade upgraded : downgrade downgraded
    ascend ascended climb climbed : descend descended
    appear appeared appears emerge emerged : disappear disappeared disappears vanish vanished
    employer employers : employee employees
    parent parents : child children
    winner winners : loser losers
    attacker attackers : victim victims
    top : bottom
    front : rear
    near nearby close closer : far distant farther further
    common commonly frequent frequently often : rare rarely uncommon seldom
    simple simpler easy easier easily : complex complicated difficult hard harder
    direct directly : indirect indirectly
    equal : unequal
    fair fairly : unfair unfairly
    popular : unpopular
    stable : unstable volatile
    expected : unexpected unexpectedly
    modern : ancient outdated
    urban : rural
    local : national
    civilian civilians : soldier soldiers troops military
    together : apart separately alone
    forward forwards : backward backwards
    peak : trough
    thick thicker : thin thinner
    hard harder : soft softer
    clean cleaner : dirty dirtier polluted contaminated
    tight tighter tighten tightened tightens : loose looser loosen loosened relax relaxed eased
    credit : debit blame
    half : whole
    same : other
    primary : secondary
    come comes came : go goes went
    here : there
    home : away
    keep keeps kept : lose loses lost
    know knows knew : ignore ignores ignored
    some most many few several : all every
    much : little
    import : export
"""
"""Two reports may answer these in opposite ways, each of something else: a statement still may not change them."""


def _poles(lines: str, first: int = 0) -> dict[str, frozenset[tuple[int, int]]]:
    poles: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for question, line in enumerate(re.split(r"\n {4}(?! )", lines.rstrip())[1:], start=first):
        for side, words in enumerate(line.split(":")):
            for word in words.split():
                poles[word].add((question, side))
    return {word: frozenset(sides) for word, sides in poles.items()}


_STRONG = _poles(_EXCLUSIVE)
POLES = _poles(_EXCLUSIVE + _OTHERS)
"""For each word the questions it answers, and how."""


_DENYING = ("un", "non", "dis", "mis", "im", "in", "ir", "il")
_LEAST_STEM = 4  # letters behind such a prefix


@lru_cache(maxsize=65_536)
def opposite(one: str, other: str) -> bool:
    """True if two folded words answer one question in opposite ways, and none in the same way."""
    return other in negations_of(one) or _opposed(POLES.get(one), POLES.get(other))


@lru_cache(maxsize=16_384)
def negations_of(word: str) -> tuple[str, ...]:
    """What a word would be with a denying prefix or ending, or without the one that it has."""
    with_one = [prefix + word for prefix in _DENYING] if len(word) >= _LEAST_STEM else []
    bare = [word[len(p) :] for p in _DENYING if word.startswith(p) and len(word) - len(p) >= _LEAST_STEM]
    ending = [word[:-3] + "less"] if word.endswith("ful") else [word[:-4] + "ful"] if word.endswith("less") else []
    return (*with_one, *bare, *ending)


@lru_cache(maxsize=65_536)
def contradict(one: str, other: str) -> bool:
    """True if they are opposites that exclude each other, whoever reports them."""
    return other in negations_of(one) or (opposite(one, other) and _opposed(_STRONG.get(one), _STRONG.get(other)))


def _opposed(one: frozenset[tuple[int, int]] | None, other: frozenset[tuple[int, int]] | None) -> bool:
    if not one or not other or one & other:
        return False
    return any((question, 1 - side) in other for question, side in one)
