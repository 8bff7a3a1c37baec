"""What a line shows by itself: the words that pages put around a report, as patterns that fill a whole line.

Four tables, by how much a match is worth. ALONE are fixed phrases. PLAIN look like data, and are left to the
report in a bullet list. LABELS open a line whose rest is free, but no sentence. NOTICES are sentences that the
page addresses to its reader, and never report what somebody said. Every pattern is bounded and starts at the
line's beginning; what a line's neighbours show is left to furniture.py.
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_ZONE = r"(?:\s*\(?(?-i:[A-Z]{2,5}(?:[+-]\d{1,2})?|local time)\)?)?"
_CLOCK = rf"(?:\d{{1,2}}[:.]\d\d(?:\s*(?:[ap]\.?m\.?|hrs|h|uhr))?|\d{{1,2}}\s*[ap]\.?m\.?){_ZONE}"
DATE = (
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s*\d{{4}})?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s*\d{{4}})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d))"
)
_BETWEEN = r"\s*(?:[,|/·•—–-]|\bat\b|\bt\b)?\s*"
_STAMP = rf"(?:{DATE}(?:{_BETWEEN}{_CLOCK})?|{_CLOCK}{_BETWEEN}{DATE})"
_AGO = r"(?:about\s+)?(?:an?|\d{1,3})\s*(?:min(?:ute)?|hour|hr|h|day|week|month)s?\s+ago"
_POSTED = r"(?:(?:first|last|originally)\s+)?(?:published|updated|posted|modified|issued|date)(?:\s+(?:on|at))?\s*:?\s*"

NAME = r"[^\W\d_a-z][\w.’'-]*"  # case matters: wrap it in (?-i:…) where case is ignored
_LINK = r"(?:and|&|de|da|del|van|von|of|for|the)"
NAMES = rf"{NAME}(?:(?:\s*,\s*|\s+)(?:{_LINK}\s+){{0,3}}{NAME})*"
_NAMED_WORD = rf"(?:{NAME}|\d[\w.:-]*|[\w.+-]+@[\w.-]+|https?://\S+|{_LINK}|by|from|in|at|via|[–—-])"
_NAMED = (
    rf"(?-i:{_NAMED_WORD}(?:[\s,;/|·()]+{_NAMED_WORD})*[.)]{{0,2}})"  # nothing but names, figures, addresses
)

_PLATFORM = (
    r"(?:facebook|twitter|x|linkedin|whats\s?app|reddit|telegram|mastodon|bluesky|instagram|you\s?tube|tik\s?tok"
    r"|flipboard|pinterest|threads|messenger|pocket|e-?mail|google news|social media)"
)
_SHARE_WORD = rf"(?:{_PLATFORM}|tweet|pin(?: it)?|print|copy(?: the)? link|save|bookmark|share|like)"
_LANGUAGE = (
    r"(?:english|français|francais|french|deutsch|german|español|espanol|spanish|italiano|português|русский"
    r"|українська|中文|日本語|한국어|العربية|polski|nederlands|türkçe|svenska|norsk|dansk|suomi|eesti|latviešu"
    r"|lietuvių|čeština|ελληνικά|magyar|română|български|हिन्दी"
    r"|(?-i:EN|FR|DE|ES|IT|PT|RU|UK|UA|ZH|JA|KO|AR|PL|NL|TR|SV|NO|DA|FI|ET|LV|LT|CS|EL|HU|RO|BG|HI|KA|[A-Z][a-z]+))"
)
_STREET = (
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Way|Court|Ct|Square|Plaza|Quay|Row|Place"
    r"|Terrace)\b\.?"
)
_AGENCY = (
    r"(?:KCNA|AFP|AP|Reuters|Getty(?: Images)?|EPA|TASS|Xinhua|DPA|dpa|ANSA|PA(?: Media| Wire)?|Handout)"
)
_ROLE = (
    r"(?:(?!an?\s|the\s|former\s|who\s)[\w’'&-]+\s+){0,4}(?:correspondent|editor|reporter|writer)s?"
    r"(?:(?:,|\s+in|\s+at)\s+[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?)?"
)

ALONE = {
    "url": r"(?:https?://|www\.)\S+",
    "email": r"(?:[\w ]{2,25}\s*[:|]\s*)?[^\s@]+@[^\s@]+\.\w+",
    "ago": rf"(?:{_POSTED})?{_AGO}",
    "reading time": (
        r"(?:estimated\s+)?read(?:ing)?\s+time\s*:?\s*(?:about\s+)?\d{1,3}\s*-?\s*min(?:ute)?s?\.?"
        r"|(?:about\s+)?\d{1,3}\s*-?\s*min(?:ute)?s?\.?\s+(?:read|reading(?:\s+time)?|to\s+read)"
    ),
    "comments": (
        r"(?:leave|post|add|write)\s+(?:a\s+|your\s+)?(?:comment|reply)|no\s+comments?(?:\s+yet)?\.?"
        r"|comments?\s*\(?\d{0,5}\)?|be\s+the\s+first\s+to\s+comment\b.{0,60}|required\s+fields\s+are\s+marked.{0,20}"
        r"|your\s+e-?mail\s+address\s+will\s+not\s+be\s+published.{0,80}|save\s+my\s+name,\s+e-?mail.{0,120}"
        r"|(?:name|e-?mail)\s*\*|(?:sign|log)\s+in\s+to\s+(?:comment|reply|post|join).{0,60}"
        r"|you\s+must\s+be\s+logged\s+in.{0,60}|comment\s+guidelines"
        r"|comments\s+are\s+(?:now\s+)?(?:closed|moderated|off|disabled)(?:\s+(?:on|for)\s+this\s+\w+)?\.?"
        r"|(?:join|start|continue)\s+the\s+(?:conversation|discussion)"
        r"|\d{1,5}\s+(?:thoughts|responses|replies)\s+(?:on|to)\s.{1,200}"
    ),
    "share": (
        r"share(?:\s+this(?:\s+(?:article|story|page|post|release|news|with\s+\w+))?"
        r"|\s+(?:article|story|page|post|now))?\s*:?"
        rf"|(?:share\s*[:|]\s*)?{_SHARE_WORD}(?:[\s,|/·•–-]+(?:{_SHARE_WORD}|more|this))+"
        rf"|share\s+(?:this\s+\w+\s+)?(?:on|via|by|with|to)\s+{_PLATFORM}(?:[\s,|/·•–-]+(?:{_SHARE_WORD}|and|or))*"
        r"|(?:tweet|pin|print|save|bookmark|copy(?:\s+the)?\s+link|facebook|twitter|whatsapp|linkedin|e-?mail)"
        r"|save\s+to\s+my\s+\w+"
    ),
    "follow": (
        rf"follow(?:\s+(?:us|@\w+|author|topic))?|(?:follow|like|join|find)\s.{{1,40}}\son\s+{_PLATFORM}\b.{{0,60}}"
        rf"|(?:click\s+here\s+to\s+)?join\s+our\s+{_PLATFORM}\b.{{0,40}}"
    ),
    "advertisement": (
        r"advert(?:isement|s)?s?|sponsored(?:\s+(?:content|links?|post))?|paid\s+(?:content|partnership)"
        r"|promoted(?:\s+(?:content|stories))?|ad|partner\s+content|after\s+newsletter\s+promotion"
        r"|(?:advertisement\s*[–—-]\s*)?(?:story|article)\s+continues(?:\s+(?:below|after)\b.{0,40})?"
        r"|continue\s+reading(?:\s+(?:below|the\s+main\s+story|after\b.{0,30}))?"
        r"|scroll\s+(?:down\s+)?(?:to|for)\s+(?:continue|read|more|comments)\b.{0,20}|skip\s+(?:advert|ad|past\b.{0,40})"
    ),
    "consent": (
        r"(?:accept|reject|allow|agree|decline|manage)(?:\s+(?:all|cookies|preferences|settings|(?:my\s+)?choices))*"
        r"|(?:only\s+necessary|necessary\s+only|yes,\s+i\s+agree|i\s+(?:agree|accept)|settings|got\s+it|no,?\s+thanks)"
        r"|(?:manage\s+)?cookies?\s+(?:settings|policy|preferences|notice|consent)|do\s+not\s+sell\s+my\b.{0,40}"
    ),
    "legal": (
        rf"(?:©|\(c\)|copyright\s*(?:©|\(c\)|:|(?=\d{{4}})|by\b)).{{0,250}}|.{{0,60}}©\s*(?-i:\d{{4}}|[A-Z]).{{0,120}}"
        rf"|all\s+rights\s+reserved.{{0,60}}|(?-i:{NAMES})\.?\s+all\s+rights\s+reserved\.?"
        r"|(?:terms(?:\s+(?:of|and)\s+(?:use|service|conditions))?|privacy(?:\s+(?:policy|settings|notice))?|imprint"
        r"|accessibility|complaints(?:\s+&\s+corrections)?|plain\s+language|cookies)\.?"
        r"|purchase\s+licensing\s+rights|reuse\s+this\s+content|order\s+a\s+reprint\b.{0,40}"
        r"|.{2,40}\sis\s+not\s+responsible\s+for\s+the\s+content\s+of\s+external\s+(?:web)?sites\.?"
    ),
    "credit": (
        r"\(?(?:(?:photo|photograph|image|picture|pic|video|graphic|illustration|photo|file)s?"
        rf"(?:\s+(?:by|credit|courtesy(?:\s+of)?|source))?|credit|words|pictures)\s*[:/,]\s*{_NAMED}"
        rf"|\(?(?:photo|image|picture)s?\s+(?:by|courtesy\s+of)\s+{_NAMED}"
        rf"|\(?(?:photo|image|picture)s?\s*:.{{1,140}}\b(?:credit|photo|picture)\s*:\s*{_NAMED}"
        rf"|\(?(?-i:AP\s+Photo|{_AGENCY}|Shutterstock|iStock|Unsplash|Alamy)(?:\s*[/|,–-]\s*{_NAMED})?\)?"
        rf"|(?-i:{NAME}\s+{NAME}\s?/\s?{NAME}(?:\s{NAME}){{0,2}})"
    ),
    "reporting": (
        r"\(?(?:with\s+)?(?:additional\s+|extra\s+)?(?:reporting|writing|editing|compiled|translated|contributions?)"
        rf"(?:\s+and\s+(?:writing|editing|reporting))?\s+(?:by|from)\s+{_NAMED}"
        r"|contributed\s+(?:reporting\s+)?to\s+this\s+(?:report|story|article|piece)\.?"
        rf"|(?-i:{NAMES})\s+(?:in\s+(?-i:{NAME})\s+)?contributed\s+"
        r"(?:reporting|to\s+this\s+(?:report|story|article|piece))\.?"
        rf"|(?-i:{NAME}\s+{NAMES})\s+reported\s+from\s+(?-i:{NAMES})\.?"
    ),
    "release": (
        r"(?:press\s+release(?:\s+no\.?\s*[\w/-]+)?|for\s+immediate\s+(?:release|use)|free\s+for\s+immediate\s+use"
        r"|embargoed(?:\s+until\b.{0,60})?|(?:media|press)\s+(?:contacts?|office|enquiries|inquiries)"
        r"|notes?\s+(?:to|for)\s+editors|ends?|###|\(?more\s+to\s+follow\)?|page\s+\d+\s+of\s+\d+"
        r"|original\s+(?:url|article|source|story)|source|sources|agencies|contacts?)\s*:?"
        r"|classification\s*:\s*(?:public|internal|restricted|unclassified)(?:\.\s+page\s+\d+\s+of\s+\d+)?"
        rf"|(?:briefing\s+note|circular|research\s+summary|press\s+release)\s+[\w/-]*\d[\w/-]*(?:,\s*{_STAMP})?"
    ),
    "languages": (
        r"(?-i:[a-z]{2}[_-][A-Z]{2})\s*(?-i:[A-Z]\w+)?"
        rf"|(?:(?-i:[A-Z]\w+\s*[|/·•]\s*){{0,2}}{_LANGUAGE}(?:\s*[|/·•]\s*{_LANGUAGE})+)"
        r"|(?:select|choose|change|switch)(?:\s+your)?\s+language"
        rf"|(?:languages?|(?:read|available)(?:\s+this)?\s+in)\s*:?\s*{_LANGUAGE}(?:[\s,|/]+(?:and\s+)?{_LANGUAGE})*"
        r"|english|français|deutsch|español|italiano|português|polski|русский|українська|中文|العربية"
    ),
    "menu": (
        r"home(?:\s?page)?|menu|search|skip\s+to\s+(?:main\s+)?(?:content|navigation)|(?:back\s+)?to\s+(?:the\s+)?top"
        r"(?:\s+of\s+the\s+page)?|log\s?in|sign\s+in|register|subscribe|sign\s+up|my\s+account|contact(?:\s+us)?"
        r"|contact\s+the\s+news(?:room|desk)|about(?:\s+(?:us|me))?|advertise(?:\s+with\s+us)?|careers|help|faq|sitemap"
        r"|rss(?:\s+feed)?|newsletters?|latest|live|watch(?:\s+live)?|listen(?:\s+live)?|close|next|previous|submit|website"
        r"|view\s+(?:gallery|comments|all|more)|load\s+more|show\s+more|see\s+more|more|read\s+more|click\s+here"
        r"|breaking(?:\s+news)?|exclusive|loading(?:\.\.\.|…)|news|(?:all|world|local|uk|us|national|sports?|business)\s+news"
        r"|politics|world|sports?|business|opinion|weather|culture|archive|print\s+(?:version|subscriptions|this\s+page)"
        r"|e-?paper|forum|aa"
    ),
    "links": (
        r"related(?:\s+(?:articles?|stor(?:y|ies)|news|content|topics|(?:internet\s+)?links|coverage|reading|items))?\s*:?"
        r"|(?:also\s+read|see\s+also|read\s+(?:next|also)|up\s+next|what\s+to\s+read\s+next|in\s+case\s+you\s+missed\s+it)\s*:?"
        r"|more\s+(?:from\s.{1,40}|stories|news|on\s+this(?:\s+story)?|like\s+this|coverage)\s*:?"
        r"|you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested\s+in|enjoy)\s*:?|recommended(?:\s+(?:for\s+you|reading))?"
        r"|trending(?:\s+now)?|most\s+(?:read|popular|viewed)(?:\s+in\s+\w+)?|editor['’]?s['’]?\s+(?:picks?|choice)|must\s+read"
        r"|popular\s+(?:now|this\s+week)|latest\s+(?:news|stories|headlines)|(?:next|previous)\s+article"
        r"|suggested\s+topics|explore\s+more\s+on\s.{1,60}|(?:tagged|tags?|topics|filed\s+under|keywords)\s*:?"
        r"|(?:← ?older|newer ?→)\b.{0,100}|←\s*older:.{0,100}"
    ),
    "breadcrumb": r"(?-i:[A-Z][\w&’'. -]{1,30})\s*[>»›]\s*(?:[\w&’'. -]{2,30}\s*[>»›]\s*){0,4}[\w&’'. -]{2,60}[>»›]?",
    "poll": (
        r"have\s+your\s+say|what\s+do\s+you\s+think\?(?:\s+vote\b.{0,40})?|tell\s+us\s+what\s+you\s+think.{0,20}"
        r"|was\s+this\s+(?:article|page|story|summary|information)\s+(?:helpful|useful)\?.{0,40}|rate\s+this\s+\w+"
        r"|report\s+an?\s+(?:problem|error|issue|typo)\b.{0,40}|yes\s*/\s*no"
    ),
    "rule": r"[\W_]+",
}
PLAIN = {
    "date": rf"(?:{_POSTED})?{_STAMP}(?:\s*[|/·•—–,-]?\s*{_POSTED}(?:{_STAMP}|{_CLOCK}|{_AGO}))?|{_POSTED}{_CLOCK}",
    "count": r"\d[\d.,]*\s?k?\s+(?:shares?|comments?|views?|likes?|reactions?)|(?:views?|comments?|shares?)\s*:?\s*\d[\d ,.]*k?",
    "phone": (
        r"(?:tel|telephone|phone|fax|mobile|call|hotline|t|m|f)\s*[.:]?\s*\+?\(?\d[\d\s().-]{5,18}\d"
        r"|\+\d[\d\s().-]{6,18}\d|\(?0\d{2,4}\)?[\s-]\d{3,4}[\s-]\d{3,4}|\(?\d{3}\)?[\s.-]\d{3}[.-]\d{4}"
    ),
    "address": (
        rf"(?-i:\d{{1,5}}[a-z]?\s+(?:(?!(?:On|In|Near|At|From|To|Of|With)\s){NAME}\s+){{1,3}}{_STREET}"
        rf"(?:,\s*{NAMES}(?:,?\s+[A-Z]{{2}})?(?:\s+\d{{4,5}}(?:-\d{{4}})?)?)?)"
        r"|(?-i:[A-Z][\w.’' -]{1,40},\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?)|p\.?\s?o\.?\s+box\s+\d.{0,60}"
        r"|(?:physical|postal|mailing|street|our|office)\s+address\s*:?"
    ),
}
LABELS = {
    "tags": r"(?:tagged(?:\s+with)?|tags?|topics|filed\s+under|categories|keywords|labels|more\s+on|in\s+this\s+story)\s*:",
    "links": (
        r"(?:▶|►|→|»|>+|\*+)?\s*(?:related(?:\s+(?:articles?|stor(?:y|ies)|news|content|topics|links|coverage|reading))?"
        r"|read\s+(?:more|also|next|on|our\s\w+)|also\s+read|see\s+also|more\s+(?:from\s.{1,40}?|stories|news|on\s+this(?:\s+story)?)"
        r"|you\s+(?:may|might)\s+(?:also\s+)?(?:like|enjoy)|recommended(?:\s+for\s+you)?|don['’]t\s+miss|trending(?:\s+now)?"
        r"|most\s+(?:read|popular|viewed)|editor['’]?s['’]?\s+picks?|in\s+case\s+you\s+missed\s+it|what\s+to\s+read\s+next"
        r"|up\s+next|in\s+pictures|(?:next|previous)\s+article|earlier\s+(?:story|coverage)|must\s+read|lire\s+aussi"
        r"|lesen\s+sie\s+auch|lee(?:r)?\s+también|click\s+here)\s*[:|–—>]"
    ),
    "play": r"(?:watch|listen|gallery|live|podcast)(?:\s+(?:now|live|here))?\s*[:|](?=\s*(?-i:[^\W\d_a-z]))|[▶►🔊]",
    "advertisement": r"(?:advertisement|advert|sponsored|promoted|paid\s+content|partner\s+content|ad)\s*[:|–—]",
    "contact": (
        rf"(?:(?:media|press)\s+(?:contacts?|enquiries|inquiries)|contacts?|web|via|source|photo\s+desk)\s*:\s*(?={_NAMED}$)"
        r"|(?:media|press)\s+(?:contacts?|enquiries|inquiries)\s*:|photo\s+desk\s*:"
        r"|for\s+(?:more|further)\s+information,?\s+(?:please\s+)?(?:contact|visit|see|call|e-?mail)\b"
    ),
    "reference": (
        r"(?:doi|issn|isbn)\s*[: ]\s*\S*\d|(?:cite\s+as|original\s+publication|original\s+(?:url|article|source|story)|sort\s+by)\s*:"
        r"|download\s+(?:the\s+)?pdf\b"
    ),
    "address": r"(?:physical|postal|mailing|street|our|office)\s+address\s*:",
    "app": (
        r"download\s+(?:our|the)\s+(?:[\w’'-]+\s+){0,5}app\b|turn\s+on\s+notifications|sign\s+up\s+(?:to|for|here|now|today|with)\b"
        r"|become\s+an?\s+(?:member|subscriber|supporter)\b(?!\s+of)|support\s+(?:our|independent|local)\s+journalism"
        r"|(?:enter\s+)?your\s+e-?mail(?:\s+address)?\b|get\s+(?:the|our|your)\s.{0,50}\b(?:newsletter|briefing|alerts?|app)\b"
        r"|visit\s.{2,30}\snow$|prefer\s.{2,40}\son\s+google$|watch\s+more\s+of\s+our\b|found\s+a\s+mistake\?|fund\s+independent"
        r"|(?:post|stor|page|articl)\w*\s+saved\s*[–—-]|get\s+alerts\s+for\b|want\s+more\s+(?:stories|news|from|of|like)\b"
    ),
}
NOTICES = {
    "cookies": (
        r"(?:(?:this|our)\s+(?:web)?site|we(?:\s+and\s+our\s.{0,30}partners)?|[\w .]{2,40})\s+uses?\s+cookies\b"
        r"(?=.{0,200}\b(?:you|your|our|us|this\s+site|accept|settings)\b).{0,300}|we\s+value\s+your\s+privacy.{0,200}"
        r"|your\s+privacy\s+matters\s+to\s+us.{0,200}|(?:privacy\s+notice:\s+)?newsletters\s+may\s+contain\b.{0,300}"
        r"|we\s+(?:and\s+our\s.{0,30}partners\s+)?use\s+cookies\.?(?:\s+to\b.{0,200})?"
        r"|(?:this|our)\s+(?:web)?site\s+uses\s+cookies\.?(?:\s+(?:to|for)\b.{0,200})?"
        r"|by\s+(?:continuing|using|browsing|clicking|signing\s+up)\b.{0,60}\byou\s+(?:agree|accept|consent)\b.{0,160}"
    ),
    "newsletter": (
        r"subscribe\s+(?:now|today|here|free|from|via|to\s+(?:our|this|read|continue|unlock|get|[\w ]{0,30}(?:newsletter|alerts))"
        r"|for\s+(?:free|full|unlimited|more|just|as\s+little))\b.{0,140}|unsubscribe\s+(?:at\s+)?any\s?time.{0,60}"
        r"|sign\s+up\s+(?:to|for|here|now)\b.{0,120}\b(?:newsletter|inbox|alerts|updates|briefing|e-?mails?|here|free)\b.{0,60}"
        r"|get\s+(?:the|our|your|all)\s.{0,80}\b(?:newsletter|inbox|briefing|alerts?)\b.{0,100}"
        r"|never\s+miss\s+an?\s+(?:story|update|episode|discovery|issue|post|beat|thing|headline)\b.{0,80}"
        r"|join\s+(?:over|our|more\s+than)\s.{0,60}\b(?:readers|subscribers|newsletter|mailing\s+list|community)\b.{0,60}"
        r"|(?:liked|enjoyed|enjoying)\s+this\b.{0,30}\?.{0,80}|free\s+(?:daily|weekly|e-?mail)\s+newsletter\b.{0,80}"
        r"|.{0,80}\b(?:delivered|straight|direct(?:ly)?)\s+to\s+your\s+inbox\b.{0,60}|if\s+you\s+like\s.{0,40}buy\s+me\s+a\s+coffee\b.{0,20}"
        r"|download\s+(?:our|the)\s.{0,40}\bapp\s+(?:here|now|today|for\s+(?:free|ios|android)|from\s+the\s+app\s+store)\b.{0,40}"
        r"|your\s+e-?mail\s+address\s*[:\[(*].{0,60}|.{0,60}\bnewsletter\.\s+enter\s+your\s+e-?mail\b.{0,40}|enter\s+your\s+e-?mail\b.{0,60}"
    ),
    "paywall": (
        r"you\s+have\s+(?:read\s+)?\d+\s.{0,40}free\s+articles?.{0,120}|.{3,60}\sneeds\s+readers\s+like\s+you.{0,120}"
        r"|(?:this|the)\s+(?:page|post|article|site)\s+(?:may\s+)?contains?\s+affiliate\s+links?.{0,160}|.{0,100}\(affiliate\s+links?\)"
        r"|.{3,40}\smay\s+earn\s+(?:a\s+)?commission\s+from\s+links\b.{0,60}|register\s+for\s+full\s+access\.?"
        r"|support\s+(?:our|independent|local)\s+(?:journalism|reporting).{0,120}"
    ),
    "origin": (
        r"this\s+(?:article|story|post|piece)\s+(?:was|is|has\s+been)\s+(?:first\s+|originally\s+)?"
        r"(?:published|republished|updated|corrected|amended|produced)\b.{0,160}|this\s+(?:article|story|piece)\s+appear(?:s|ed)\s+in\s.{0,160}"
        r"|this\s+report\s+has\s+been\s+(?:updated|corrected)\b.{0,100}|(?:when\s+)?using\s+materials\s+of\s.{0,160}"
        r"|this\s+(?:material|content|article|story)\s+may\s+not\s+be\s+(?:published|reproduced|copied)\b.{0,200}"
        r"|this\s+(?:document|page|notice)\s+is\s+(?:also\s+)?available\s+(?:in|on|as)\s.{0,100}"
        r"|high-resolution\s+(?:pictures|photos|images)\s+(?:and\b.{0,30}\s)?(?:are\s+available|can\s+be\s+downloaded|from)\b.{0,120}"
        r"|(?:editor['’]s\s+note|disclosure|disclaimer)\s*:.{0,300}"
        r"|(?:correction|clarification)\s*:(?=.{0,200}\b(?:earlier|previous)\s+version\b|\s*this\s+(?:article|story)\b).{0,300}"
    ),
    "appeal": (
        r"(?:spotted\s+an\s+error|got\s+a\s+(?:story|tip|news\s+tip))\?.{0,100}|do\s+you\s+have\s+(?:a\s+(?:story|tip)|more\s+on\s+this)\b.{0,160}"
        r"|have\s+you\s+been\s+affected\s+by\b.{0,100}\?.{0,120}|[^.!?]{5,70}\?\s+(?:tell|send|e-?mail|ring|call|contact|write\s+to)\s+"
        r"(?:us|it\s+to\s+(?:us|our)|your\s+(?:pics|pictures|photos|videos|story)|(?:the|our)\s+news\s?(?:room|desk))\b.{0,120}"
        r"|(?:e-?mail|write\s+to|call|text|contact)\s+(?:us|our\s+news\s?(?:room|desk)|the\s+author)\s+(?:at|on)\b.{0,100}"
        r"|send\s+(?:us\s+)?your\s+(?:pictures|photos|videos|tips?|story(?:\s+ideas)?)\b.{0,100}"
        r"|.{0,80}\bfollow\s+us\s+on\s.{0,100}"
    ),
}


def _of(table: dict[str, str], tail: str = "") -> re.Pattern[str]:
    return re.compile(
        "(?:" + "|".join(f"(?:{pattern})" for pattern in table.values()) + ")" + tail, re.IGNORECASE
    )


_ALONE, _PLAIN, _NOTICES = _of(ALONE), _of(PLAIN), _of(NOTICES)
_LABELS = _of(LABELS, r".{0,240}")
_BYLINE = re.compile(
    r"(?!(?i:by\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan|feb|mar(?:ch)?\b|apr|may\b|june?\b|july?\b|aug|sep|oct|nov"
    r"|dec|christmas|easter|then|now|noon|midnight|dawn|dusk|nightfall|day|night|land|sea|air|law|force|contrast|far)))"
    rf"(?:(?i:(?:words|text|story|analysis|report|reporting|written|posted|photos?|edited)?\s*\b(?:by|author)\s*:?)\s+{NAMES}"
    rf"(?:\s\d+\s{NAMES})?(?:\s+(?:and|&)\s+the\s+{NAMES})?(?:\s+(?:[a-z]+\s+)?(?:team|desk|staff))?"
    rf"|(?i:{_STAMP})\s+by\s+{NAMES}"
    r"|(?i:(?:web|news|city|foreign|world|digital|sports|business|online|national|staff|our|special)\s?"
    r"(?:desk|staff|reporters?|correspondents?|bureau|team|writers?)|staff\s+report(?:er)?|newsroom)|[A-Z][a-z]+\s(?:desk|bureau))"
    rf"(?:\s*[,|·•—–-]\s*(?:{NAMES}|(?i:{_ROLE})|(?i:{_STAMP})|@\w+)"
    rf"|\s+on\s+(?i:{_STAMP})|\s+in\s+[A-Z][\w,& ]{{2,60}})*"
)
_ROLE_LINE = re.compile(rf"{NAME}(?:\s+{NAME}){{1,3}}(?:\s*,\s*|\s*[|·•—–-]\s*)(?i:{_ROLE})")
_SEPARATOR = re.compile(r"\s{2,}|\s*[|·•]\s*|\s(?://?|[–—])\s")
_SHORT_CELL = re.compile(r"[A-Z][\w&’'!+°-]*(?:[\s,/]+[\w&’'!+°-]+){0,3}")
_SPEECH = re.compile(
    r"\b(?:said|says?|told|tells|according\s+to|announced|added|warn(?:s|ed)|found|ruled|reported|court|regulators?)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[-*•‣▪◦·–—]|\d{1,2}[.)])\s+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]]*$")
_FULL_STOP = re.compile(r"(?<!\.)[.。।۔][\"'”’»)\]]*$")
_QUOTES = "\"“”'‘’«»„"
_LONGEST = 400  # code points; no furniture line is longer


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
        _is_known(bare, plain=bullet is None)
        or bool(_ROLE_LINE.fullmatch(bare))
        or _is_notice(bare)
        or is_row(bare)
    )


def is_bare_date(content: str) -> bool:
    """True for a day without a word around it: a page's date, or the head of an entry in a chronicle."""
    return bool(re.fullmatch(_STAMP, content, re.IGNORECASE))


def cells_of(content: str) -> list[str]:
    """The parts of a line that stand apart: by two spaces, a bar, a dot, a spaced dash or slash."""
    return [cell for cell in _SEPARATOR.split(content) if cell]


def is_row(content: str, *, known_only: bool = False) -> bool:
    """True for cells of which each is furniture, or (unless known_only) a short label among others."""
    if len(content) > _LONGEST or _FULL_STOP.search(content):
        return False
    cells = cells_of(content)
    if len(cells) < 2:
        return False
    known = [_is_known(cell, plain=True) for cell in cells]
    if all(known):
        return True
    if known_only or not all(a or _SHORT_CELL.fullmatch(cell) for a, cell in zip(known, cells, strict=True)):
        return False
    return any(known) or len(cells) >= 3


def _is_known(content: str, *, plain: bool) -> bool:
    if _ALONE.fullmatch(content) or _BYLINE.fullmatch(content):
        return True
    if plain and _PLAIN.fullmatch(content):
        return True
    return not _FULL_STOP.search(content) and bool(_LABELS.fullmatch(content))


def _is_notice(content: str) -> bool:
    return content[0] not in _QUOTES and bool(_NOTICES.fullmatch(content)) and not _SPEECH.search(content)
