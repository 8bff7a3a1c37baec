"""What a line shows by itself: the words that pages put around a report, as patterns that fill a whole line.

ALONE are fixed phrases. PLAIN look like data, and in a bullet list are left to the report. LABELS open a
line whose rest is free, but no sentence. Every pattern is bounded, and has to fill the whole line; what a
page says in sentences is left to furniture_notices.py, what a line's neighbours show to furniture.py.
"""

from __future__ import annotations

import re

from service.core.furniture_notices import is_notice
from service.core.furniture_parts import (
    AGENCY,
    AGO,
    CLOCK,
    FULL_STOP,
    LANGUAGE,
    NAME,
    NAMED,
    NAMES,
    PLATFORM,
    POSTED,
    ROLE,
    SHARE_WORD,
    STAMP,
    STREET,
    compiled,
)

ALONE = {
    "url": r"(?:https?://|www\.)\S+",
    "email": r"(?:[\w ]{2,25}\s*[:|]\s*)?[^\s@]+@[^\s@]+\.\w+",
    "ago": rf"(?:{POSTED})?{AGO}",
    "reading time": (
        r"(?:estimated\s+)?read(?:ing)?\s+time\s*:?\s*(?:about\s+)?\d{1,3}\s*-?\s*min(?:ute)?s?\.?"
        r"|(?:about\s+)?\d{1,3}\s*-?\s*min(?:ute)?s?\.?\s+(?:read|reading(?:\s+time)?|to\s+read)"
    ),
    "comments": (
        r"(?:leave|post|add|write)\s+(?:a\s+|your\s+)?(?:comment|reply)|no\s+comments?(?:\s+yet)?\.?"
        r"|comments?\s*\(?\d{0,5}\)?|be\s+the\s+first\s+to\s+comment\b.{0,60}"
        r"|required\s+fields\s+are\s+marked.{0,20}"
        r"|your\s+e-?mail\s+address\s+will\s+not\s+be\s+published.{0,80}|save\s+my\s+name,\s+e-?mail.{0,120}"
        r"|(?:name|e-?mail)\s*\*|(?:sign|log)\s+in\s+to\s+(?:comment|reply|post|join).{0,60}"
        r"|you\s+must\s+be\s+logged\s+in(?:\s+to\s.{1,40})?\.?|comment\s+guidelines"
        r"|comments\s+are\s+(?:now\s+)?(?:closed|moderated|off|disabled)(?:\s+(?:on|for)\s+this\s+\w+)?\.?"
        r"|(?:join|start|continue)\s+the\s+(?:conversation|discussion)|\d{1,5}\s+(?:thoughts|responses"
        r"|replies)\s+(?:on|to)\s+[“\"‘'].{1,200}"
    ),
    "share": (
        r"share(?:\s+this(?:\s+(?:article|story|page|post|release|news|with\s+\w+))?|\s+(?:article|story"
        r"|page|post|now))?\s*:?"
        rf"|(?:share(?:\s+this\s+\w+)?\s*[:|]\s*)?{SHARE_WORD}(?:[\s,|/·•–-]+(?:{SHARE_WORD}|more|this))+"
        rf"|share\s+(?:this\s+\w+\s+)?(?:on|via|by|with|to)\s+{PLATFORM}(?:[\s,|/·•–-]+(?:{SHARE_WORD}|and"
        rf"|or))*"
        r"|(?:tweet|pin|print|save|bookmark|copy(?:\s+the)?\s+link|facebook|twitter|whatsapp|linkedin"
        r"|e-?mail)|save\s+to\s+my\s+\w+"
    ),
    "follow": (
        rf"follow(?:\s+(?:us|@\w+|author|topic))?|(?:follow\s.{{1,40}}|(?:like|join"
        rf"|find)\s+us)\son\s+{PLATFORM}\b.{{0,60}}"
        rf"|(?:click\s+here\s+to\s+)?join\s+our\s+{PLATFORM}\b.{{0,40}}"
    ),
    "advertisement": (
        r"advert(?:isement|s)?s?|sponsored(?:\s+(?:content|links?|post))?|paid\s+(?:content|partnership)"
        r"|promoted(?:\s+(?:content|stories))?|ad|partner\s+content|after\s+newsletter\s+promotion"
        r"|(?:advertisement\s*[–—-]\s*)?(?:story|article)\s+continues(?:\s+(?:below|after)\b.{0,40})?"
        r"|continue\s+reading(?:\s+(?:below|the\s+main\s+story|after\b.{0,30}))?|scroll\s+(?:down\s+)?(?:to"
        r"|for)\s+(?:continue|read|more|comments)\b.{0,20}|skip\s+(?:advert|ad|past\b.{0,40})"
    ),
    "consent": (
        r"(?:accept|reject|allow|agree|decline|manage)(?:\s+(?:all|cookies|preferences|settings"
        r"|(?:my\s+)?choices))*|(?:only\s+necessary|necessary\s+only|yes,\s+i\s+agree|i\s+(?:agree|accept)"
        r"|settings|got\s+it|no,?\s+thanks)|(?:manage\s+)?cookies?\s+(?:settings|policy|preferences|notice"
        r"|consent)|do\s+not\s+sell\s+my\b.{0,40}"
    ),
    "legal": (
        rf"(?:©|\(c\)|copyright\s*(?:©|\(c\)|:?\s*\d{{4}}|:?\s*(?-i:{NAMES})\s+\d{{4}})).{{0,250}}"
        rf"|.{{0,60}}©\s*(?-i:\d{{4}}|[A-Z]).{{0,120}}|all\s+rights\s+reserved.{{0,60}}"
        rf"|(?-i:{NAMES})\.?\s+all\s+rights\s+reserved\.?"
        r"|(?:terms(?:\s+(?:of|and)\s+(?:use|service|conditions))?|privacy(?:\s+(?:policy|settings|notice))?"
        r"|imprint|accessibility|complaints(?:\s+&\s+corrections)?|plain\s+language|cookies)\.?"
        r"|purchase\s+licensing\s+rights|reuse\s+this\s+content|order\s+a\s+reprint\b.{0,40}"
        r"|.{2,40}\sis\s+not\s+responsible\s+for\s+the\s+content\s+of\s+external\s+(?:web)?sites\.?"
    ),
    "credit": (
        r"\(?(?:(?:photo|photograph|image|picture|pic|video|graphic|illustration|photo|file)s?"
        rf"(?:\s+(?:by|credit|courtesy(?:\s+of)?|source))?|credit|words|pictures)\s*[:/,]\s*{NAMED}"
        rf"|\(?(?:photo|image|picture)s?\s+(?:by|courtesy\s+of)\s+{NAMED}|\(?(?:photo|image"
        rf"|picture)s?\s*:.{{1,140}}\b(?:credit|photo|picture)\s*:\s*{NAMED}|\(?(?-i:AP\s+Photo|{AGENCY}"
        rf"|Shutterstock|iStock|Unsplash|Alamy)(?:\s*[/|,–-]\s*{NAMED})?\)?"
        rf"|(?-i:{NAME}\s+{NAME}\s?/\s?{NAME}(?:\s{NAME}){{0,2}})"
    ),
    "reporting": (
        r"\(?(?:with\s+)?(?:additional\s+|extra\s+)?(?:reporting|writing|editing|compiled|translated"
        r"|contributions?)"
        rf"(?:\s+and\s+(?:writing|editing|reporting))?\s+(?:by|from)\s+{NAMED}"
        r"|contributed\s+(?:reporting\s+)?to\s+this\s+(?:report|story|article|piece)\.?"
        rf"|(?-i:{NAMES})\s+(?:in\s+(?-i:{NAME})\s+)?contributed\s+"
        r"(?:reporting|to\s+this\s+(?:report|story|article|piece))\.?"
        rf"|(?-i:{NAME}\s+{NAMES})\s+reported\s+from\s+(?-i:{NAMES})\.?"
    ),
    "release": (
        r"(?:press\s+release(?:\s+no\.?\s*[\w/-]+)?|for\s+immediate\s+(?:release|use)"
        r"|free\s+for\s+immediate\s+use|embargoed(?:\s+until\b.{0,60})?|(?:media|press)\s+(?:contacts?"
        r"|office|enquiries|inquiries)|notes?\s+(?:to|for)\s+editors|ends?|###|\(?more\s+to\s+follow\)?"
        r"|page\s+\d+\s+of\s+\d+|original\s+(?:url|article|source|story)|source|sources|agencies"
        r"|contacts?)\s*:?|classification\s*:\s*(?:public|internal|restricted"
        r"|unclassified)(?:\.\s+page\s+\d+\s+of\s+\d+)?"
        rf"|(?:briefing\s+note|circular|research\s+summary"
        rf"|press\s+release)\s+[\w/-]*\d[\w/-]*(?:,\s*{STAMP})?"
    ),
    "languages": (
        r"(?-i:[a-z]{2}[_-][A-Z]{2})\s*(?-i:[A-Z]\w+)?"
        rf"|(?:(?-i:[A-Z]\w+\s*[|/·•]\s*){{0,2}}{LANGUAGE}(?:\s*[|/·•]\s*{LANGUAGE})+)"
        r"|(?:select|choose|change|switch)(?:\s+your)?\s+language"
        rf"|(?:languages?|(?:read"
        rf"|available)(?:\s+this)?\s+in)\s*:?\s*{LANGUAGE}(?:[\s,|/]+(?:and\s+)?{LANGUAGE})*"
        r"|english|français|deutsch|español|italiano|português|polski|русский|українська|中文|العربية"
    ),
    "menu": (
        r"home(?:\s?page)?|menu|search|skip\s+to\s+(?:main\s+)?(?:content|navigation)"
        r"|(?:back\s+)?to\s+(?:the\s+)?top(?:\s+of\s+the\s+page)?|log\s?in|sign\s+in|register|subscribe"
        r"|sign\s+up|my\s+account|contact(?:\s+us)?|contact\s+the\s+news(?:room|desk)|about(?:\s+(?:us|me))?"
        r"|advertise(?:\s+with\s+us)?|careers|help|faq|sitemap|rss(?:\s+feed)?|newsletters?|latest|live"
        r"|watch(?:\s+live)?|listen(?:\s+live)?|close|next|previous|submit|website|view\s+(?:gallery"
        r"|comments|all|more)|load\s+more|show\s+more|see\s+more|more|read\s+more|click\s+here"
        r"|breaking(?:\s+news)?|exclusive|loading(?:\.\.\.|…)|news|(?:all|world|local|uk|us|national|sports?"
        r"|business)\s+news|politics|world|sports?|business|opinion|weather|culture|archive"
        r"|print\s+(?:version|subscriptions|this\s+page)|e-?paper|forum|aa"
    ),
    "links": (
        r"related(?:\s+(?:articles?|stor(?:y|ies)|news|content|topics|(?:internet\s+)?links|coverage|reading"
        r"|items))?\s*:?|(?:also\s+read|see\s+also|read\s+(?:next|also)|up\s+next|what\s+to\s+read\s+next"
        r"|in\s+case\s+you\s+missed\s+it)\s*:?"
        rf"|more\s+(?:from\s+(?:(?:the|this)\s+)?(?:author|section|(?-i:{NAMES}))|stories|news"
        rf"|on\s+this(?:\s+story)?|like\s+this|coverage)\s*:?"
        r"|you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested\s+in|enjoy)\s*:?"
        r"|recommended(?:\s+(?:for\s+you|reading))?|trending(?:\s+now)?|most\s+(?:read|popular"
        r"|viewed)(?:\s+in\s+\w+)?|editor['’]?s['’]?\s+(?:picks?|choice)|must\s+read|popular\s+(?:now"
        r"|this\s+week)|latest\s+(?:news|stories|headlines)|(?:next|previous)\s+article|suggested\s+topics"
        r"|explore\s+more\s+on\s.{1,60}|(?:tagged|tags?|topics|filed\s+under|keywords)\s*:?|(?:← ?older"
        r"|newer ?→)\b.{0,100}|←\s*older:.{0,100}"
    ),
    "breadcrumb": (r"(?-i:[A-Z][\w&’'. -]{1,30})[>»›](?:[\w&’'. -]{2,30}[>»›]){0,4}[\w&’'. -]{2,60}[>»›]?"),
    "poll": (
        r"have\s+your\s+say|found\s+a\s+mistake\?.{0,60}|what\s+do\s+you\s+think\?(?:\s+vote\b.{0,40})?"
        r"|tell\s+us\s+what\s+you\s+think.{0,20}|was\s+this\s+(?:article|page|story|summary"
        r"|information)\s+(?:helpful|useful)\?.{0,40}|rate\s+this\s+\w+|report\s+an?\s+(?:problem|error"
        r"|issue|typo)\b.{0,40}|yes\s*/\s*no"
    ),
    "rule": r"[\W_]+",
}
PLAIN = {
    "date": (
        rf"(?:{POSTED})?{STAMP}(?:\s*[|/·•—–,-]?\s*{POSTED}(?:{STAMP}|{CLOCK}|{AGO}))?"
        rf"|{POSTED}{CLOCK}"
    ),
    "count": (
        r"\d[\d.,]*\s?k?\s+(?:shares?|comments?|views?|likes?|reactions?)|(?:views?|comments?"
        r"|shares?)\s*:?\s*\d[\d ,.]*k?"
    ),
    "phone": (
        r"(?:(?:tel|telephone|phone|fax|mobile)\s*[.:]?|[tmf][.:])\s*\+?\(?\d[\d\s().-]{5,18}\d"
        r"|\+\d[\d\s().-]{6,18}\d|\(?0\d{2,4}\)?[\s-]\d{3,4}[\s-]\d{3,4}|\(?\d{3}\)?[\s.-]\d{3}[.-]\d{4}"
    ),
    "address": (
        rf"(?-i:\d{{1,5}}[a-z]?\s+(?:(?!(?:On|In|Near|At|From|To|Of"
        rf"|With)\s){NAME}\s+){{1,3}}{STREET}(?:,\s*{NAMES}(?:,?\s+[A-Z]{{2}})?(?:\s+\d{{4,5}}(?:-\d{{4}})?)?)?)"
        r"|(?-i:[A-Z][\w.’' -]{1,40},\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?)|p\.?\s?o\.?\s+box\s+\d.{0,60}"
        r"|(?:physical|postal|mailing|street|our|office)\s+address\s*:?"
    ),
}
LABELS = {
    "tags": (
        r"(?:tagged(?:\s+with)?|tags?|(?:suggested\s+)?topics|filed\s+under|categories|keywords|labels"
        r"|more\s+on)\s*:"
    ),
    "links": (
        r"(?:▶|►|→|»|>+|\*+)?\s*(?:related(?:\s+(?:articles?|stor(?:y|ies)|news|content|topics|links"
        r"|coverage|reading))?|read\s+(?:more|also|next|on|our\s\w+)|also\s+read|see\s+also"
        r"|more\s+(?:from\s.{1,40}?|stories|news|on\s+this(?:\s+story)?)|you\s+(?:may"
        r"|might)\s+(?:also\s+)?(?:like|enjoy)|recommended(?:\s+for\s+you)?|don['’]t\s+miss"
        r"|trending(?:\s+now)?|most\s+(?:read|popular|viewed)|editor['’]?s['’]?\s+picks?"
        r"|in\s+case\s+you\s+missed\s+it|what\s+to\s+read\s+next|up\s+next|in\s+pictures|(?:next"
        r"|previous)\s+article|earlier\s+(?:story|coverage)|must\s+read|lire\s+aussi|lesen\s+sie\s+auch"
        r"|leer?\s+también|click\s+here)\s*[:|–—>](?!\s*(?-i:[a-z]))"
    ),
    "play": (
        r"(?:watch|listen|gallery|live|podcast)(?:\s+(?:now|live|here))?\s*[:|](?=\s*(?-i:[^\W\d_a-z]))"
        r"|[▶►🔊]"
    ),
    "advertisement": (
        r"(?:advertisement|advert|sponsored|promoted|paid\s+content|partner\s+content"
        r"|ad)\s*[:|–—-]\s*(?-i:[^\W\d_a-z])"
    ),
    "contact": (
        rf"(?:(?:media|press)\s+(?:contacts?|enquiries|inquiries)|contacts?|web|via|source"
        rf"|photo\s+desk)\s*:\s*(?={NAMED}$)"
        r"|(?:media|press)\s+(?:contacts?|enquiries|inquiries)\s*:|photo\s+desk\s*:|for\s+(?:more"
        r"|further)\s+information,?\s+(?:please\s+)?(?:contact|visit|see|call|e-?mail)\b"
    ),
    "reference": (
        r"(?:doi|issn|isbn)\s*[: ]\s*\S*\d|(?:cite\s+as|sort\s+by)\s*:|original\s+(?:publication|url|article"
        r"|source|story)\s*:(?!\s*(?:the|an?)\s)|continue\s+the\s+conversation\s*:"
        r"|download\s+(?:the\s+)?pdf\b"
    ),
    "address": r"(?:physical|postal|mailing|street|our|office)\s+address\s*:",
}

_ALONE, _PLAIN = compiled(ALONE), compiled(PLAIN)
_LABELS = compiled(LABELS, r".{0,240}")
_BYLINE = re.compile(
    r"(?!(?i:by\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan|feb|mar(?:ch)?\b|apr|may\b|june?\b"
    r"|july?\b|aug|sep|oct|nov|dec|christmas|easter|then|now|noon|midnight|dawn|dusk|nightfall|day|night"
    r"|land|sea|air|law|force|contrast|far)))"
    rf"(?:(?i:(?:words|text|story|analysis|report|reporting|written|posted|photos?|edited)?\s*\b(?:by"
    rf"|author)\s*:?)\s+{NAMES}(?:\s\d+\s{NAMES})?(?:\s+(?:and"
    rf"|&)\s+the\s+{NAMES})?(?:\s+(?:[a-z]+\s+)?(?:team|desk|staff))?|(?i:{STAMP})\s+by\s+{NAMES}"
    r"|(?i:(?:web|news|city|foreign|world|digital|sports|business|online|national|staff|our"
    r"|special)\s?(?:desk|staff|reporters?|correspondents?|bureau|team|writers?)|staff\s+report(?:er)?"
    r"|newsroom)|[A-Z][a-z]+\s(?:desk|bureau))"
    rf"(?:\s*[,|·•—–-]\s*(?:{NAMES}|(?i:{ROLE})|(?i:{STAMP})|@\w+)|\s+on\s+(?i:{STAMP})"
    rf"|\s+in\s+[A-Z][\w&]*(?:,?\s[\w&]+){{0,4}})*"
)
_ROLE_LINE = re.compile(rf"{NAME}(?:\s+{NAME}){{1,3}}(?:\s*,\s*|\s*[|·•—–-]\s*)(?i:{ROLE})")
_SEPARATOR = re.compile(r"\s{2,}|\s*[|·•]\s*|\s(?://?|[–—])\s")
_SOFT_SEPARATOR = re.compile(r"\s(?://?|[–—])\s")  # as headlines have them too
_ACTION = re.compile(r"follow|share|save|print|comments?|subscribe|(?:log|sign) in", re.IGNORECASE)
_SHORT_CELL = re.compile(r"[A-Z][\w&’'!+°-]*(?:[\s,/]+[\w&’'!+°-]+){0,3}")
_BULLET = re.compile(r"(?:[-*•‣▪◦·–—]|\d{1,2}[.)])\s+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]]*$")
_LONGEST = 400  # code points; no furniture line is longer
_MOST_CELLS = 24


def ends_sentence(content: str) -> bool:
    """True if a line's last sign, apart from closing quotation marks and brackets, ends a sentence."""
    return bool(_ENDS_SENTENCE.search(content[-40:]))


def is_furniture_line(content: str) -> bool:
    """True if a line without surrounding white space shows by itself that it is no part of a report."""
    if len(content) > _LONGEST:
        return False
    bullet = _BULLET.match(content)
    bare = content.strip("*_#>-–—•· \t[]") or content
    return (
        _is_known(bare, plain=bullet is None) or bool(_ROLE_LINE.fullmatch(bare)) or is_notice(bare) or is_row(bare)
    )


def is_bare_date(content: str) -> bool:
    """True for a day without a word around it: a page's date, or the head of an entry in a chronicle."""
    return bool(re.fullmatch(STAMP, content, re.IGNORECASE))


def cells_of(content: str) -> list[str]:
    """The parts of a line that stand apart: by two spaces, a bar, a dot, a spaced dash or slash."""
    return [cell for cell in _SEPARATOR.split(content) if cell]


def is_row(content: str, *, known_only: bool = False) -> bool:
    """True for cells that are all furniture, or (unless known_only) short labels set apart as in a menu."""
    if len(content) > _LONGEST or FULL_STOP.search(content):
        return False
    cells = cells_of(content)
    if not 2 <= len(cells) <= _MOST_CELLS:
        return False
    known = 0
    for cell in cells:
        if _is_known(cell, plain=True):
            known += 1
        elif not _SHORT_CELL.fullmatch(cell):
            return False
    if known == len(cells) or (len(cells) == 2 and _ACTION.fullmatch(cells[1])):
        return True
    if known_only or len(cells) == 2:
        return False
    return known > len(cells) - known or not _SOFT_SEPARATOR.search(content)


def _is_known(content: str, *, plain: bool) -> bool:
    if _ALONE.fullmatch(content) or _BYLINE.fullmatch(content):
        return True
    if plain and _PLAIN.fullmatch(content):
        return True
    return not FULL_STOP.search(content) and bool(_LABELS.fullmatch(content))
