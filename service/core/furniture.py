"""Furniture: page text that is no part of the report, found line by line.

Every pattern matches a whole line (or a marked part of one) and is bounded, so that a sentence of the report
is never taken for furniture because of a word in it. What a line can't show by itself (a name above
"contributed to this report", a repeated link, a comment form) is seen from its neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.core.model import Span

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_CLOCK = r"(?:\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?|hrs|h|uhr)?|\d{1,2}\s*[ap]\.?m\.?)(?:\s*\(?(?:[a-z]{2,5}|local time)\)?)?"
_DATE = (
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s*(?:\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s*(?:\d{{4}})?"
    rf"|\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
)
_STAMP = rf"{_DATE}(?:\s*(?:[,|·•—–-]|at|t)?\s*{_CLOCK})?"
_NAME = r"[^\W\d_a-z][\w.’'-]*"
_NAMES = rf"{_NAME}(?:\s+(?:and|&|de|van|von|of|for|the|{_NAME}))*(?:\s*,\s*{_NAME}(?:\s+(?:and|&|{_NAME}))*)*"

# Each entry: what it is, and a pattern that a whole stripped line must match. Case is ignored except in `names`.
_LINES = {
    "url": r"(?:https?://|www\.)\S+",
    "email": r"\S+@\S+\.\w+",
    "date": rf"(?:(?:first |last )?(?:published|updated|posted|modified|issued|reviewed|date|last\s+updated|release date)(?:\s+(?:on|at))?\s*:?\s*)?{_STAMP}(?:\s*[|·•]?\s*(?:last\s+)?(?:updated|modified|published)?:?\s*(?:{_STAMP}|{_CLOCK})?)?",
    "updated": rf"(?:last )?(?:published|updated|posted|modified)(?:\s+(?:on|at))?\s*:?\s*(?:{_STAMP}|{_CLOCK}|\d+ \w+ ago).{{0,40}}",
    "ago": r"(?:published |updated |posted )?\d+\s+(?:min(?:ute)?s?|hours?|hrs?|days?|weeks?)\s+ago",
    "reading time": r"(?:(?:estimated )?(?:reading|read) time\s*:?\s*)?(?:about )?\d+\s*(?:-|\s)?\s*min(?:ute)?s?\.?(?:\s+(?:read|reading(?: time)?|to read))?|(?:reading|read) time.{0,30}",
    "tags": r"(?:tagged|tags?|topics?|filed under|categor(?:y|ies)|keywords?|more on|in this story|labels?)\s*(?::.{0,200}|)",
    "share": r"(?:share(?: (?:this|on|via|the|with|by|story|article|page|post|now)\b.{0,120}|\s*[:|].{0,120})?|\d+ shares?|(?:tweet|pin|whatsapp|e-?mail|print|copy(?: the)? link|save|bookmark|comments?|like|facebook|twitter|x|linkedin|reddit|telegram|mastodon|bluesky|instagram|youtube|tiktok|flipboard)(?:[\s,|/·•–-]+(?:tweet|pin|whatsapp|e-?mail|print|copy(?: the)? link|save|bookmark|comments?|like|facebook|twitter|x|linkedin|reddit|telegram|mastodon|bluesky|instagram|youtube|tiktok|flipboard|share|more|this))*|facebook|twitter|whatsapp)",
    "follow": r"(?:follow|like|join|find) (?:us|our|the .{1,40}|@\w+|[\w ]{1,30} on)\b.{0,120}",
    "comments": r"(?:leave a (?:comment|reply)|(?:post|add|write) (?:a )?(?:comment|reply)|\d+ comments?|no comments? yet\.?|comments? \(?\d*\)?|(?:join|start) the (?:conversation|discussion).{0,80}|be the first to comment.{0,60}|your email address will not be published.{0,80}|required fields are marked.{0,20}|save my name, email.{0,120}|name\s*\*|email\s*\*|website|submit|log in to (?:comment|reply|post).{0,60}|comments are (?:closed|moderated|off).{0,80}|sign in to comment.{0,60})",
    "related": r"(?:▶|►|→|»|>+|\*+)?\s*(?:related(?: (?:article|articles|stories|story|news|content|topics|links|coverage|reading|items))?|read (?:more|also|next|on)|also read|see also|more (?:from|stories|news|on this(?: story)?|like this|coverage)\b|you (?:may|might) (?:also )?(?:like|be interested in|enjoy)|recommended(?: for you| reading)?|don['’]t miss|trending(?: now)?|most (?:read|popular|viewed)|editor['’]?s['’]? (?:picks?|choice)|in case you missed it|what to read next|up next|in pictures|next article|previous article|earlier (?:story|coverage)|read our (?:explainer|full|guide|live)|explainer|must read|popular (?:now|this week|on .{1,30})|latest (?:news|stories|headlines|from .{1,30})|also in .{2,40})\s*(?:[:|–—>-].{0,220}|…|\.\.\.|)",
    "advertisement": r"(?:-+\s*)?\[?(?:advertisement|advert|advertisements|sponsored(?: content| links?)?|paid (?:content|partnership)|promoted(?: content| stories)?|ad|partner content|story continues(?: below)?.{0,40}|article continues.{0,60}|continue reading.{0,60}|scroll (?:down )?(?:to|for) .{0,40})\]?(?:\s*-+)?(?:\s*[:|–—-].{0,100})?",
    "newsletter": r"(?:subscribe\b.{0,140}|sign up\b.{0,160}|get (?:the|our|your) .{0,60}(?:newsletter|inbox|briefing|app|alerts?)\b.{0,100}|.{0,60}\bnewsletter\b.{0,40}(?:sign up|subscribe|inbox|email).{0,80}|(?:your |enter your )?e-?mail address(?:\s*[:\[(*].{0,60})?|enter your e-?mail.{0,100}|never miss .{0,100}|join (?:\d|over|our|more than).{0,80}(?:readers|subscribers|newsletter|list|community).{0,60}|want more .{0,60}\?.{0,120}|.{0,80}(?:delivered )?(?:straight |direct(?:ly)? )?(?:to|in) your inbox.{0,60}|(?:newsletter|our newsletter|weekly newsletter)\b.{0,80}|download (?:our|the) .{0,40}app.{0,80}|turn on notifications.{0,60}|unsubscribe (?:at )?any ?time.{0,60}|support (?:our|independent|local) (?:journalism|reporting).{0,120}|(?:become a|become an?) (?:member|subscriber|supporter).{0,80})",
    "cookies": r"(?:(?:this|our) (?:web)?site uses cookies.{0,300}|we (?:and our partners )?use cookies.{0,300}|we value your privacy.{0,200}|.{0,80}\bcookies?\b.{0,80}\b(?:accept|reject|settings|preferences|policy|consent|agree|manage)\b.{0,200}|(?:accept|reject|allow|manage)(?: all)?(?: cookies| preferences| settings| choices)?(?:[\s|/·•]+(?:accept|reject|allow|manage|decline|settings|all|cookies|preferences|options|choices|learn more|essential|only))*|cookie (?:settings|policy|preferences|notice|consent)|manage (?:cookies|preferences|options|consent)|privacy (?:policy|settings|notice).{0,80}|by (?:continuing|using|browsing).{0,40}(?:site|browse|website).{0,160})",
    "legal": r"(?:(?:©|\(c\)|copyright).{0,200}|.{0,60}©.{0,120}|all rights reserved.{0,60}|terms (?:of|and) (?:use|service|conditions)?.{0,80}|.{0,80}all rights reserved\.?|this (?:material|content|article|story) may not be (?:published|reproduced|copied).{0,200}|reproduction (?:in whole|without|prohibited).{0,120})",
    "credit": r"(?:\(?(?:photo|photograph|photos|image|picture|pic|video|graphic|illustration|file photo|credit|photo credit|image credit|picture credit|file)s?(?: (?:by|credit|courtesy(?: of)?|source))?\s*[:/].{1,120}|\(?(?:ap photo|getty images?|reuters|afp|epa|shutterstock|istock|unsplash|alamy|pa media|pa wire)(?:\s*[/|,–-].{0,60})?\)?)",
    "contributed": r"(?:(?:with )?(?:additional |extra )?(?:reporting|writing|editing|compiled|translated|contributions?)(?: and (?:writing|editing|reporting))?\s+(?:by|from)\b.{1,160}|\(?(?:reporting|writing|editing) by .{1,200}|contributed to this (?:report|story|article|piece)\.?|.{3,80} contributed (?:reporting|to this (?:report|story|article|piece)).{0,40}|(?:this (?:article|story|report) (?:was|is|has been) (?:first |originally )?(?:published|republished|produced|written|updated|corrected|amended).{0,160}))",
    "source line": r"(?:original (?:url|article|source|story)|source|sources|via|agencies|with agencies|link|doi|issn|ref(?:erence)?(?: no\.?)?|press release(?: no\.?)?|for immediate release|embargoed? .{0,60}|media contacts?|press contacts?|press (?:office|enquiries|inquiries)|contacts?|notes? (?:to|for) editors?|ends?|-+\s*ends?\s*-+|###|press release .{0,40}|for (?:more|further) information,? (?:please )?(?:contact|visit|see|call)\b.{0,160}|media (?:enquiries|inquiries)\b.{0,160}|(?:doi|issn)\s*[: ]\s*\S+.{0,60}|(?:tel|telephone|phone|fax|mobile|e-?mail|web)\s*[.:]\s*\S.{0,100})(?:\s*:(?:\s*.{0,160})?)?",
    "address": r"(?:physical|postal|mailing|street|our|office) address(?:\s*:.{0,160})?|\d{1,6}\s+[\w.’' -]{2,40}\b(?:st|street|ave|avenue|rd|road|blvd|boulevard|ln|lane|dr|drive|way|court|ct|square|plaza|quay|row|place|terrace)\b\.?(?:,.{0,80})?|[\w.’' -]{2,40},\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?|p\.?\s?o\.? box .{1,80}",
    "languages": r"(?:[a-z]{2}[_-][A-Z]{2}\s*\w*|(?:english|français|francais|deutsch|español|espanol|italiano|português|русский|українська|中文|日本語|한국어|العربية|polski|nederlands|türkçe|svenska|norsk|dansk|suomi|eesti|latviešu|lietuvių|čeština|ελληνικά|magyar|română|български|हिन्दी|[A-Z]{2})(?:\s*[|/·•,\s]\s*(?:english|français|francais|deutsch|español|espanol|italiano|português|русский|українська|中文|日本語|한국어|العربية|polski|nederlands|türkçe|svenska|norsk|dansk|suomi|eesti|latviešu|lietuvių|čeština|ελληνικά|magyar|română|български|हिन्दी|[A-Z]{2}))+|(?:select|choose|change|switch)(?: your)? language.{0,60}|(?:language|languages|available in|read (?:this )?in|auf deutsch|en español|en français)\s*:?\s*.{0,80}|english|français|deutsch|español)",
    "menu": r"(?:home|menu|search|skip to (?:main )?content|back to top|log ?in|sign in|register|subscribe|my account|contact(?: us)?|about(?: us)?|advertise(?: with us)?|careers|help|faq|sitemap|rss(?: feed)?|latest|live|watch(?: live)?|listen(?: live)?|close|next|previous|view (?:gallery|comments|all|more)|load more|show more|see more|more|read more|click here.{0,80}|breaking(?: news)?|exclusive|(?:loading|please wait)(?:\.\.\.|…)?|news|politics|world|sport|sports|business|opinion|weather|culture|local news)(?:\s*[|/·•>»]\s*[\w&’' -]{1,30})*",
    "breadcrumb": r"(?:[\w&’'. -]{2,30}\s*[|>»›·•]\s*){2,}[\w&’'. -]{2,60}[|>»›]?",
    "play": r"(?:watch|listen|play|hear|see|view|gallery|video|live|podcast)\s*[:|].{0,160}|(?:▶|►|🔊).{0,120}",
    "rule": r"[\W_]{2,}|[*•·|—–-]",
    "phone": r"(?:(?:tel|phone|call|hotline|t|m|f)[.:]?\s*)?\+?\(?\d[\d\s().-]{6,}\d",
    "paywall": r"(?:you have (?:read )?\d+ .{0,40}free articles?.{0,120}|you must be logged in.{0,80}|by signing up,? you agree.{0,120}|this (?:page|post|article|site) (?:may )?contains? affiliate links?.{0,160}|.{3,60} needs readers like you.{0,120}|fund independent journalism.{0,80}|after newsletter promotion|purchase licensing rights.{0,40}|.{0,80}\blicensing rights|reuse this content.{0,60}|order a reprint.{0,80}|sort by\s*:.{0,80}|comment guidelines|continue the conversation.{0,60}|\d+ (?:thoughts|responses|replies) on .{1,200}|get alerts for .{0,120}|suggested topics.{0,200}|explore more on .{0,80}|prefer .{2,40} on google|our standards\s*:.{0,80}|(?:when )?using materials of .{0,160}|found a mistake\?.{0,100}|spotted an error\?.{0,100}|(?:got|have) (?:a |any )?(?:video|photos?|pictures?|story)\b[^.!?]{0,60}\?.{0,100}|do you (?:live|work)\b[^.!?]{0,60}\? (?:send|e-?mail|tell|call|contact).{0,120}|watch more of our .{0,60}|visit .{2,30} now|print version|cite as\s*:.{0,200}|download (?:the )?pdf.{0,60}|\(?more to follow\)?|.{3,60} reported from [^.]{2,60}\.|this (?:document|page|notice) is (?:also )?available in .{0,100}|page \d+ of \d+|classification\s*:.{0,60}|high-resolution pictures.{0,120}|(?:this|the) (?:article|story|piece) (?:appeared|appears|was published) in .{0,160}|photo desk\s*:.{0,160})",
    "correction": r"(?:correction|clarification|editor['’]s note|advisory|disclosure|disclaimer)\s*:.{0,300}",
    "poll": r"(?:have your say|what do you think\?|tell us(?: what you think)?|do you (?:know|have) (?:more|a (?:story|tip)|information).{0,160}|got a (?:story|tip|news tip).{0,160}|have you (?:been )?(?:affected|witnessed|seen)\b.{0,200}|contact (?:our|the) (?:news|reporter|author|desk|team|newsroom|newsdesk)\b.{0,120}|send (?:us )?(?:your|a) (?:pictures|photos|videos|tips?|story)\b.{0,120}|(?:email|e-mail|write to|call|text) (?:us|our .{1,30}) (?:at|on)\b.{0,100}|was this (?:article|page|story|information) (?:helpful|useful)\??.{0,40}|report (?:a|an) (?:problem|error|issue|typo).{0,60}|rate this .{0,60})",
}  # fmt: skip
_LINE = re.compile("|".join(f"(?:{pattern})" for pattern in _LINES.values()), re.IGNORECASE)
_BYLINE = re.compile(
    rf"(?:(?i:(?:words|text|story|analysis|report|reporting|written|posted|photos?|edited|author)?\s*(?:by|author)\s*:?)\s+{_NAMES}"
    rf"|(?:By|BY|by)\s+{_NAMES}(?:\s\d+\s{_NAMES})?"
    r"|(?i:(?:web|news|city|foreign|world|digital|sports|business|online|national|staff|our|special) ?(?:desk|staff|reporters?|correspondents?|bureau|team|writers?)|staff report(?:er)?|agencies|newsroom))"
    rf"(?:\s*[,|·•—–-]\s*(?:{_NAMES}|(?i:[\w -]{{0,30}}(?:editor|correspondent|reporter|writer|staff|desk|in [A-Z]\w+)[\w ,-]{{0,40}})|(?i:{_STAMP})|(?i:\d+ min(?:ute)?s? read)|@\w+))*\.?"
)
_ROLE = re.compile(r"(?i:[\w’' -]{3,40}\b(?:correspondent|editor|reporter)(?:,\s*[\w ]{2,30})?)")
_SEPARATOR = re.compile(r"\s{2,}|\s*[|·•]\s*|\s[–—/]\s|\t")
_LABEL = re.compile(r"[A-Z][\w&’'!+-]*(?:[\s,]+[\w&’'!+-]+){0,3}")
_PERSON_LINE = re.compile(rf"{_NAME}(?:\s+{_NAME}){{1,3}}")
_ROLE_LINE = re.compile(rf"{_NAMES},?\s*(?:[|·•,—–-]\s*)(?i:[\w ]{{0,30}}(?:editor|correspondent|reporter|writer|desk|bureau)[\w ]{{0,30}})")
_DATELINE = re.compile(
    r"(?P<city>[A-Z][A-Z.’'/ -]{2,30}[A-Z](?:,\s*[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?|[A-Z][\w’' -]{2,30}(?:,\s*[A-Z][\w. ]{1,20})?)"
    rf"(?P<date>,\s*(?i:{_DATE})\.?)?\s*(?P<agency>\([A-Z][\w.&’' /-]{{1,40}}\)|/[A-Z]{{2,10}}/)?\s*(?:[—–]|--?|(?<=/)\.)\s+(?=[“\"‘'A-Z0-9])"
)
_TRAILING = re.compile(
    r"\s*[(\[](?:reporting|writing|editing|additional reporting|with additional|photo|ap photo|image|read more|see also|related|advertisement|click|watch|listen|source)\b[^()\[\]]{0,200}[)\]]\.?\s*$",
    re.IGNORECASE,
)
_CAPTION_CREDIT = re.compile(
    r".{3,80}[.,]?\s(?:KCNA|AFP|AP|Reuters|Getty(?: Images)?|EPA|TASS|Xinhua|DPA|ANSA|PA|Handout|File)\.?|.{3,140}[(/|]\s?(?:photo|image|picture|credit|getty|reuters|afp|ap|epa|pa|handout)\b[^.]{0,60}\)?|[^\W\d_][\w.’'-]+ [^\W\d_][\w.’'-]+\s?/\s?[\w .]{2,30}",
    re.IGNORECASE,
)
_FORM = re.compile(r"leave a (?:comment|reply)|post a comment|your email address will not be published", re.IGNORECASE)
_LIST_HEADING = re.compile(
    r"(?:related(?: \w+)?|more (?:from|stories|news|on)\b.*|most (?:read|popular|viewed).*|trending.*|read (?:more|next)|you (?:may|might) (?:also )?like.*|recommended.*|editor.?s.picks?|popular .*|latest (?:news|stories|headlines)|also in .*)\s*:?",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟।][\"'”’)\]]*$")
_LONGEST = 400  # code points; no furniture line is longer


def find_furniture(text: str, lines: Sequence[Span], publisher: str | None = None) -> list[Span]:
    """The furniture among the lines of a text (spans without surrounding white space), in order."""
    masthead = (publisher or "").casefold().removeprefix("the ")
    contents = [text[line.start : line.end] for line in lines]
    repeated = {content for content, count in Counter(contents).items() if count > 1 and len(content) <= 200}
    marked = [
        _is_furniture(content)
        or (content in repeated and not _ENDS_SENTENCE.search(content))
        or (content.casefold().removeprefix("the ") == masthead)
        for content in contents
    ]
    _mark_neighbours(contents, marked)
    found = []
    for line, content, furniture in zip(lines, contents, marked, strict=True):
        if furniture:
            found.append(line)
        else:
            found.extend(_parts(line, content))
    return found


def _is_furniture(content: str) -> bool:
    if len(content) > _LONGEST:
        return False
    bare = content.strip("*_#>-•· \t[]") or content
    if _LINE.fullmatch(bare) or _BYLINE.fullmatch(bare) or _ROLE_LINE.fullmatch(bare) or _is_credit(bare):
        return True
    return _is_row(bare)


def _is_row(content: str) -> bool:
    """A row of labels: cells set apart, each furniture by itself, or three short ones ("News  Sport  Log in")."""
    cells = [cell for cell in _SEPARATOR.split(content) if cell]
    if len(cells) < 2 or _ENDS_SENTENCE.search(content):
        return False
    known = [bool(_LINE.fullmatch(cell) or _BYLINE.fullmatch(cell)) for cell in cells]
    short = [bool(_LABEL.fullmatch(cell)) for cell in cells]
    return all(a or b for a, b in zip(known, short, strict=True)) and (any(known) or len(cells) >= 3)


def _is_credit(content: str) -> bool:
    return len(content) <= 160 and bool(_CAPTION_CREDIT.fullmatch(content))


def _mark_neighbours(contents: Sequence[str], marked: list[bool]) -> None:
    """Mark what only its place shows: names by a byline, headlines under "Related", the rest of a form."""
    for i, content in enumerate(contents):
        if not marked[i]:
            continue
        if content.lower().startswith(("contributed to", "follow ")) and i and _PERSON_LINE.fullmatch(contents[i - 1]):
            marked[i - 1] = True
        if _LIST_HEADING.fullmatch(content.strip("*_#> ")):
            _mark_following(contents, marked, i)
        if _FORM.match(content):
            for j in range(i + 1, len(contents)):
                marked[j] = marked[j] or len(contents[j]) < 60
    for i in range(1, len(contents)):
        if _PERSON_LINE.fullmatch(contents[i - 1]) and _ROLE.fullmatch(contents[i]):
            marked[i - 1] = marked[i] = True
    for i, content in enumerate(contents):  # a lone name between furniture lines is its author's
        before, after = i > 0 and marked[i - 1], i + 1 < len(contents) and marked[i + 1]
        if not marked[i] and _PERSON_LINE.fullmatch(content) and (after and (before or i <= 2)):
            marked[i] = True


def _mark_following(contents: Sequence[str], marked: list[bool], heading: int) -> None:
    """Short lines without a full stop right under a heading such as "More stories" are links."""
    for j in range(heading + 1, min(heading + 8, len(contents))):
        if len(contents[j]) > 120 or _ENDS_SENTENCE.search(contents[j].rstrip("?!")):
            return
        marked[j] = True


def _parts(line: Span, content: str) -> list[Span]:
    """The furniture inside a line of the report: its dateline, and credits in brackets at its end."""
    parts = []
    dateline = _DATELINE.match(content)
    if dateline and (dateline["agency"] or dateline["date"] or dateline["city"].isupper()):
        end = dateline.end()
        parts.append(Span(line.start, line.start + len(content[:end].rstrip())))
    trailing = _TRAILING.search(content)
    if trailing and trailing.start() > 0:
        start = trailing.start() + len(trailing.group()) - len(trailing.group().lstrip())
        parts.append(Span(line.start + start, line.end))
    return parts
