"""What a page says to its reader, in sentences: APPEALS without a full stop, NOTICES with and without one.

It never reports what somebody said. Every pattern is bounded, and has to fill the whole line.
"""

from __future__ import annotations

import re

from service.core.furniture_parts import FULL_STOP, compiled

APPEALS = (
    r"download\s+(?:our|the)\s+(?:[\w’'-]+\s+){0,5}app\b|turn\s+on\s+notifications|sign\s+up\s+(?:to|for"
    r"|here|now|today|with)\b|become\s+an?\s+(?:member|subscriber|supporter)\b(?!\s+of|,)|support\s+(?:our"
    r"|independent|local)\s+journalism|enter\s+your\s+e-?mail\b|your\s+e-?mail(?:\s+address)?\s*(?:[:*(]|$)"
    r"|get\s+(?:the|our|your)\s[^:]{0,50}\b(?:newsletter|briefing|alerts?|app)\b|visit\s.{2,30}\snow$"
    r"|prefer\s.{2,40}\son\s+google$|watch\s+more\s+of\s+our\b|fund\s+independent|(?:post|stor|page"
    r"|articl)\w*\s+saved\s*[–—-]|get\s+alerts\s+for\b|want\s+more\s+(?:stories|news|from|of|like)\b"
)
NOTICES = {
    "cookies": (
        r"[\w .]{2,40}\s+uses?\s+cookies\b(?=.{0,200}\b(?:this\s+site|you\s+agree|accept"
        r"|let\s+us\s+know)\b).{0,300}|we(?:\s+and\s+our\s.{0,30}partners)?\s+use\s+cookies(?!,).{0,300}"
        r"|we\s+value\s+your\s+privacy.{0,200}|your\s+privacy\s+matters\s+to\s+us.{0,200}"
        r"|(?:privacy\s+notice:\s+)?newsletters\s+may\s+contain\b.{0,300}|(?:this"
        r"|our)\s+(?:web)?site\s+uses\s+cookies\.?(?:\s+(?:to|for)\b.{0,200})?|by\s+(?:continuing|using"
        r"|browsing|clicking|signing\s+up)\b.{0,60}\byou\s+(?:agree|accept|consent)\b.{0,160}"
    ),
    "newsletter": (
        r"subscribe\s+(?:now|today|here|free|from|via|to\s+(?:our|this|read|continue|unlock|get"
        r"|[\w ]{0,30}(?:newsletter|alerts))|for\s+(?:free|full|unlimited|more|just|as\s+little))\b.{0,140}"
        r"|unsubscribe\s+(?:at\s+)?any\s?time.{0,60}|sign\s+up\s+(?:to|for|here"
        r"|now)\b.{0,120}\b(?:newsletter|inbox|alerts|updates|briefing|e-?mails?|here|free)\b.{0,60}"
        r"|get\s+(?:the|our|your|all)\s.{0,80}\b(?:newsletter|inbox|briefing|alerts?)\b.{0,100}"
        r"|never\s+miss\s+an?\s+(?:story|update|episode|discovery|issue|post|beat|thing|headline)\b.{0,80}"
        r"|join\s+(?:over|our|more\s+than)\s.{0,60}\b(?:readers|subscribers|newsletter|mailing\s+list"
        r"|community)\b.{0,60}|(?:liked|enjoyed|enjoying)\s+this\b.{0,30}\?.{0,80}|free\s+(?:daily|weekly"
        r"|e-?mail)\s+newsletter\b.{0,80}|.{0,80}\b(?:delivered|straight"
        r"|direct(?:ly)?)\s+to\s+your\s+inbox\b.{0,60}"
        r"|if\s+you\s+like\s.{0,40}buy\s+me\s+a\s+coffee\b.{0,20}|download\s+(?:our"
        r"|the)\s.{0,40}\bapp\s+(?:here|now|today|for\s+(?:free|ios|android)"
        r"|from\s+the\s+app\s+store)\b.{0,40}|your\s+e-?mail\s+address\s*[:\[(*].{0,60}"
        r"|.{0,60}\bnewsletter\.\s+enter\s+your\s+e-?mail\b.{0,40}|enter\s+your\s+e-?mail\b.{0,60}"
    ),
    "paywall": (
        r"you\s+have\s+(?:read\s+)?\d+\s.{0,40}free\s+articles?.{0,120}"
        r"|.{3,60}\sneeds\s+readers\s+like\s+you.{0,120}|(?:this|the)\s+(?:page|post|article"
        r"|site)\s+(?:may\s+)?contains?\s+affiliate\s+links?.{0,160}|.{0,100}\(affiliate\s+links?\)"
        r"|.{3,40}\smay\s+earn\s+(?:a\s+)?commission\s+from\s+links\b.{0,60}"
        r"|register\s+for\s+full\s+access\.?|support\s+(?:our|independent|local)\s+(?:journalism"
        r"|reporting).{0,120}"
    ),
    "origin": (
        r"this\s+(?:article|story|post|piece)\s+(?:was|is|has\s+been)\s+(?:first\s+"
        r"|originally\s+)?(?:published|republished|updated|corrected|amended|produced)\b.{0,160}"
        r"|this\s+(?:article|story|piece)\s+appear(?:s|ed)\s+in\s.{0,160}"
        r"|this\s+report\s+has\s+been\s+(?:updated|corrected)\b.{0,100}"
        r"|(?:when\s+)?using\s+materials\s+of\s.{0,160}|this\s+(?:material|content|article"
        r"|story)\s+may\s+not\s+be\s+(?:published|reproduced|copied)\b.{0,200}|this\s+(?:document|page"
        r"|notice)\s+is\s+(?:also\s+)?available\s+(?:in|on|as)\s.{0,100}|high-resolution\s+(?:pictures"
        r"|photos|images)\s+(?:and\b.{0,30}\s)?(?:are\s+available|can\s+be\s+downloaded|from)\b.{0,120}"
        r"|(?:editor['’]s\s+note|our\s+standards)\s*:.{0,300}|(?:disclosure"
        r"|disclaimer)\s*:(?=.{0,200}\b(?:author|article|advice|our|we)\b).{0,300}|(?:correction"
        r"|clarification)\s*:(?=.{0,200}\b(?:earlier|previous)\s+version\b|\s*this\s+(?:article"
        r"|story)\b).{0,300}"
    ),
    "appeal": (
        r"(?:spotted\s+an\s+error|got\s+a\s+(?:story|tip|news\s+tip))\?.{0,100}"
        r"|do\s+you\s+have\s+(?:a\s+(?:story|tip)|more\s+on\s+this)\b.{0,160}"
        r"|have\s+you\s+been\s+affected\s+by\b[^?]{0,100}\?(?:.{0,60}\b(?:us|our|get\s+in\s+touch"
        r"|share\s+your)\b.{0,60})?|[^.!?]{5,70}\?\s+(?:tell|send|e-?mail|ring|call|contact"
        r"|write\s+to)\s+(?:us|it\s+to\s+(?:us|our)|your\s+(?:pics|pictures|photos|videos|story)|(?:the"
        r"|our)\s+news\s?(?:room|desk))\b.{0,120}|(?:e-?mail|write\s+to|call|text|contact)\s+(?:us"
        r"|our\s+news\s?(?:room|desk)|the\s+author)\s+(?:at|on)\b.{0,100}"
        r"|send\s+(?:us\s+)?your\s+(?:pictures|photos|videos|tips?|story(?:\s+ideas)?)\b.{0,100}"
        r"|.{0,80}\bfollow\s+us\s+on\s.{0,100}"
    ),
}

_NOTICES = compiled(NOTICES)
_CALLS = compiled({**NOTICES, "appeals": f"(?:{APPEALS}).{{0,160}}"})
_SPEECH = re.compile(
    r"\b(?:said|says?|told|tells|according\s+to|announced|added|asked|urged|warn(?:s|ed)|found|ruled"
    r"|reported|court|police|regulators?)\b",
    re.IGNORECASE,
)
_QUOTES = "\"“”'‘’«»„"


def is_notice(content: str) -> bool:
    """True for a line by which a page speaks to its reader, and not of somebody."""
    if content[0] in _QUOTES or _SPEECH.search(content):
        return False
    return bool((_NOTICES if FULL_STOP.search(content) else _CALLS).fullmatch(content))
