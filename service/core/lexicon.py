"""The word lists of English news prose that the rest of the core looks things up in.

Small on purpose: what is rare in a cluster is found by its rarity (matching.py), not by a list. Each group of
synonyms is one question a reader would not tell apart in a report of an event; antonyms never share a group.
"""

from __future__ import annotations

import Stemmer

_stem = Stemmer.Stemmer("english").stemWord

FUNCTION_WORDS = frozenset(
    """
    a about above after again against all along already also although always am among amid an and another any
    are around as at away be became because become been before being below between both but by came can come
    could did do does doing done down during each either else ever every few for from further get gets getting
    go goes going gone got had has have having he her here hers herself him himself his how however i if in
    indeed instead into is it its itself just least less let like made make makes making many may me meanwhile
    might more moreover most much must my myself near nearly now of off often on once one only onto or other
    others our ours out over own per perhaps put quite rather really same several shall she should since so some
    still such take taken takes than that the their theirs them themselves then there therefore these they this
    those though through thus to together too took toward towards under until up upon us very via was we well
    were what when where whereas whether which while who whom whose why will with within would yet you your yours
    s t d ll re ve m mr mrs ms dr according including amp isn't aren't wasn't weren't don't doesn't didn't won't
    wouldn't can't couldn't shouldn't hasn't haven't hadn't i'm it's that's there's they're we're we've i've
    """.split()
)

REPORTING_VERBS = frozenset(
    """
    said says say saying told tells telling added adds adding stated states stating noted notes noting warned
    warns warning claimed claims claiming announced announces announcing confirmed confirms confirming declared
    declares declaring insisted insists insisting argued argues arguing explained explains explaining wrote
    writes writing emphasized emphasised emphasizes emphasises emphasizing emphasising stressed stresses
    stressing reported reports reporting estimated estimates estimating described describes describing called
    calls calling characterized characterised denied denies denying acknowledged acknowledges acknowledging
    admitted admits suggested suggests suggesting asserted asserts asserting alleged alleges continued continues
    concluded concludes predicted predicts believes believed believe hopes hoped think thinks thought criticized
    criticised urged urges urging cautioned cautions cautioning recalled remarked commented replied responded
    revealed reveals indicated indicates indicating pointed maintained maintains promised pledged vowed demanded
    demands rejected dismissed accused accuses echoed highlighted underlined reiterated repeated conceded
    advised advises posted tweeted testified found finds contended questioned accepts accepted agreed refrained
    interpreted cited decried condemned praised welcomed blamed blames labelled labeled termed dubbed
    """.split()
)

# Finite verbs that no ending gives away: auxiliaries, irregular past forms, and a few common present ones.
FINITE_VERBS = frozenset(
    """
    is are was were has have had will would could can may might must should does did do
    ate beat became began bent blew bore bought bound bred broke brought built burnt burst came caught chose clung
    crept cut dealt drew drove dug fed fell felt fled flew flung fought found froze gave grew hid hit held kept knew
    laid lay led left lent lit lost made meant met overcame oversaw overthrew paid put quit ran rang rode rose sang
    sank sat saw sent set shook shone shot shrank shut sold sought spent split spoke spread sprang stole stood struck
    stuck swam swept swore swung took taught tore threw told undertook understood underwent went withdrew woke won
    wore wrote
    remains shows includes needs wants plans holds gives takes makes faces marks follows brings leads means comes
    goes stands lies runs calls expects contains covers applies costs amounts begins ends stays
    """.split()
)

NEGATIONS = frozenset(
    """
    not no never none neither nor without denied denies deny denying refused refuses refuse refusing refrained
    declined declines failed fails unable cannot can't isn't aren't wasn't weren't don't doesn't didn't won't
    wouldn't couldn't shouldn't hasn't haven't hadn't nobody nothing hardly barely rejected
    rules ruled false unfounded untrue acquitted
    """.split()
)

# What makes a statement hold only in part, or only then: no cut may lose it.
CONDITIONS = frozenset("if unless until except excepting provided only otherwise without contrary unlike".split())

HEDGES = frozenset(
    """
    may might could likely unlikely possibly possible probably perhaps reportedly allegedly alleged alleges allege
    suspected suspects suspect doubts doubt apparently appears appeared seems seemed potentially whether
    considering mulling mulls
    """.split()
)
# What is so only by somebody's account of what will be, where `to` follows: to add it weakens, to lose it does not.
HEDGES_BEFORE_TO = frozenset(
    """
    expected expects expect anticipated anticipates anticipate projected projects predicted predicts forecast
    forecasts foreseen estimated set poised tipped
    """.split()
)

# Words of number that are no figure by themselves, but change what is said.
QUANTITIES = frozenset(
    """
    half third fourth fifth sixth seventh eighth ninth tenth quarter dozen dozens hundred hundreds thousand thousands
    million millions billion billions trillion double doubled twice triple tripled
    """.split()
)

TITLES = frozenset(
    """
    president minister secretary general secretary-general prime chancellor chief chairman chairwoman chair
    director governor mayor senator congressman congresswoman representative ambassador commissioner spokesman
    spokeswoman spokesperson premier king queen prince princess pope bishop archbishop cardinal captain colonel
    major lieutenant sergeant admiral marshal commander inspector superintendent detective constable officer
    judge justice attorney professor prof doctor dr mr mrs ms miss sir lord lady dame rev reverend deputy
    assistant acting former vice executive ceo cfo coo managing senior gen lt col sgt capt gov sen rep hon
    harbourmaster harbormaster
    """.split()
)

# Part of a title only where a title follows: "Defence Minister", but "Ministry of Defence".
OFFICES = frozenset(
    "foreign defence defense interior finance health education home press labour trade transport".split()
)

# Words that open a sentence with a capital though they name nothing.
COMMON_OPENERS = frozenset(
    """
    adding after although amid an asked at because before both but by despite during earlier each every
    following for from given he her his how however if in instead it its last later less many meanwhile more most
    much nearly next no none nor not now of officials on once one only other our over police residents separately
    several she since so some speaking still such that the their then there these they this those though thousands
    hundreds today tomorrow under until up we what when where which while who why with without yesterday you
    video images experts observers analysts critics sources authorities growing rescue firefighters doctors
    """.split()
)

_COUNTRY_FORMS = """
    russia: russian russians moscow's|ukraine: ukrainian ukrainians|korea: korean koreans|japan: japanese
    china: chinese|germany: german germans|france: french|netherlands: dutch|britain: british briton britons uk
    spain: spanish spaniards|america: american americans us usa|italy: italian italians|poland: polish poles
    turkey: turkish turks turkiye|israel: israeli israelis|palestine: palestinian palestinians|iran: iranian iranians
    iraq: iraqi iraqis|syria: syrian syrians|india: indian indians|pakistan: pakistani pakistanis
    afghanistan: afghan afghans|australia: australian australians|canada: canadian canadians|mexico: mexican mexicans
    brazil: brazilian brazilians|ireland: irish|scotland: scottish scots|wales: welsh|norway: norwegian norwegians
    sweden: swedish swedes|denmark: danish danes|finland: finnish finns|switzerland: swiss|austria: austrian austrians
    greece: greek greeks|portugal: portuguese|belgium: belgian belgians|hungary: hungarian hungarians
    czechia: czech czechs|romania: romanian romanians|bulgaria: bulgarian bulgarians|serbia: serbian serbs
    lebanon: lebanese|egypt: egyptian egyptians|libya: libyan libyans|sudan: sudanese|nigeria: nigerian nigerians
    kenya: kenyan kenyans|ethiopia: ethiopian ethiopians|somalia: somali somalis|venezuela: venezuelan venezuelans
    argentina: argentine argentinian|chile: chilean chileans|colombia: colombian|peru: peruvian|cuba: cuban cubans
    vietnam: vietnamese|thailand: thai|philippines: filipino philippine filipinos|indonesia: indonesian
    malaysia: malaysian|taiwan: taiwanese|europe: european europeans|africa: african|asia: asian
    nepal: nepalese nepali
    belarus: belarusian|georgia: georgian|armenia: armenian|azerbaijan: azerbaijani|kazakhstan: kazakh
    saudi: saudis|yemen: yemeni|qatar: qatari|jordan: jordanian|morocco: moroccan|tunisia: tunisian|algeria: algerian
    dprk: pyongyang's|un: u.n|eu: e.u
"""

# A capital that stands for its government, unless something happens in it.
METONYMS = {
    "moscow": "russia", "kremlin": "russia", "pyongyang": "north korea", "seoul": "south korea", "kyiv": "ukraine",
    "beijing": "china", "washington": "america", "tehran": "iran", "tokyo": "japan", "delhi": "india",
}  # fmt: skip

# Capitalised words that are no inflection of the common word they look like.
PROPER_TERMS = {"United": "", "States": "america"}

_SYNONYM_GROUPS = """
    soldiers troops servicemen
    deploy send sent dispatch station transfer
    killed dead died death deaths fatality fatalities lives deceased perished die dies
    injured wounded hurt injuries wound injury casualties
    said say told tell state add note
    begin began begun start started commence commenced launch launched
    rise rose risen increase grew climb climbed jumped surged growth higher
    fall fell fallen decrease decline declined dropped lower reduced reduction cut
    children pupils kids students schoolchildren
    doctor physician medic doctors
    hospital hospitals
    firm company firms business corporation
    police officers
    firefighters crews firemen
    blaze fire flames
    purchase buy bought acquire acquired acquisition takeover
    attack assault strike
    help aid assistance support
    war conflict
    fight combat battle battlefield fighting
    show showed shown reveal revealed indicate indicated demonstrate
    meet met meeting talks
    ask asked request requested urge urged appeal appealed
    home homes house houses
    car cars vehicle vehicles
    ship vessel
    evacuate evacuated evacuation
    large big huge major
    harm damage damaged
    job jobs employees workers staff
    sick ill illness sickened illnesses
    recall recalled withdraw withdrawn
    test tested testing
    cancel cancelled canceled scrapped
    blackout outage
    area region
    quick fast rapid rapidly
    plan planned planning intend intends
    probe investigate investigation investigating inquiry
    cause caused
    end ended finish finished
    halt stop stopped
    leader head chief boss
    weapons arms weaponry
    nation country
    brief briefing briefed
    join augment bolster
    immediately expedite
    flood floods flooding floodwater floodwaters
    rain rainfall
    incursion offensive
    escalate escalation
    danger dangerous
    lorry truck
    jar jars pots
    approve approved
    flat apartment
    airplane plane aircraft
    flights flight
    passengers travellers travelers
    warn warned warning caution cautioned
    build built construct constructed
    pay paid
    choose chose chosen
    teach taught
    buyer customer consumer customers consumers shoppers
    refund reimburse reimbursed reimbursement
    repair mend fix
    smoke fumes
    container containers
    found discover discovered find detected
    study research trial evaluation
    researchers scientists
    sleep slept sleeping
    late lateness tardiness tardy
    spokesman spokeswoman spokesperson
    town city
    residents locals inhabitants neighbours neighbors
    missing unaccounted
    rescue rescued saved
    arrive arrived reach reached
    leave left depart departed
    assess assessment
    collaborate collaboration cooperation
    premises site
    statement remark remarks
    confirm confirmed confirmation
    desperate desperation
    capability capabilities
    annual yearly
    beg began
    morning dawn
    evening night
    roughly approximately
"""


def _countries() -> dict[str, str]:
    forms: dict[str, str] = {}
    for entry in _COUNTRY_FORMS.replace("\n", "|").split("|"):
        country, _, variants = entry.strip().partition(":")
        if country:
            forms |= {variant.replace(".", ""): country for variant in [country, *variants.split()]}
    return forms


def _synonyms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in _SYNONYM_GROUPS.strip().splitlines():
        stems = [_stem(word) for word in line.split()]
        for stem in stems:
            forms.setdefault(stem, stems[0])
    return forms


COUNTRIES = _countries()
SYNONYMS = _synonyms()
REPORTING_TERMS = frozenset(SYNONYMS.get(_stem(word), _stem(word)) for word in REPORTING_VERBS) - {"send"}
