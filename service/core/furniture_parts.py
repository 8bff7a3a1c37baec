"""What the patterns of furniture are made of: days and times, names, places, platforms, roles.

They are read with case ignored; where case matters, wrap them in (?-i:…).
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_ZONE = r"(?:\s*\(?(?-i:[A-Z]{2,5}(?:[+-]\d{1,2})?|local time)\)?)?"
CLOCK = rf"(?:\d{{1,2}}[:.]\d\d(?:\s*(?:[ap]\.?m\.?|hrs|h|uhr))?|\d{{1,2}}\s*[ap]\.?m\.?){_ZONE}"
DATE = (
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s*\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd"
    rf"|th)?(?:,?\s*\d{{4}})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d))"
)
_BETWEEN = r"\s*(?:[,|/·•—–-]|\bat\b|t)?\s*"
STAMP = rf"(?:{DATE}(?:{_BETWEEN}{CLOCK})?|{CLOCK}{_BETWEEN}{DATE})"
AGO = r"(?:about\s+)?(?:an?|\d{1,3})\s*(?:min(?:ute)?|hour|hr|h|day|week|month)s?\s+ago"
POSTED = (
    r"(?:(?:first|last|originally)\s+)?(?:published|updated|posted|modified|issued|date)(?:\s+(?:on"
    r"|at))?\s*:?\s*"
)

NAME = r"[^\W\d_a-z][\w.’'-]*"  # case matters: wrap it in (?-i:…) where case is ignored
_LINK = r"(?:and|&|de|da|del|van|von|of|for|the)"
NAMES = rf"{NAME}(?:(?:\s*,\s*|\s+)(?:{_LINK}\s+){{0,3}}{NAME})*"
_NAMED_WORD = rf"(?:{NAME}|\d[\w.:-]*|[\w.+-]+@[\w.-]+|https?://\S+|{_LINK}|by|from|in|at|via|[–—-])"
NAMED = rf"(?-i:{_NAMED_WORD}(?:[\s,;/|·()]+{_NAMED_WORD})*[.)]{{0,2}})"  # nothing but names, figures, addresses

PLATFORM = (
    r"(?:facebook|twitter|x|linkedin|whats\s?app|reddit|telegram|mastodon|bluesky|instagram|you\s?tube"
    r"|tik\s?tok|flipboard|pinterest|threads|messenger|pocket|e-?mail|google news|social media)"
)
SHARE_WORD = rf"(?:{PLATFORM}|tweet|pin(?: it)?|print|copy(?: the)? link|save|bookmark|share|like)"
LANGUAGE = (
    r"(?:english|français|francais|french|deutsch|german|español|espanol|spanish|italiano|português|русский"
    r"|українська|中文|日本語|한국어|العربية|polski|nederlands|türkçe|svenska|norsk|dansk|suomi|eesti|latviešu"
    r"|lietuvių|čeština|ελληνικά|magyar|română|български|हिन्दी|(?-i:EN|FR|DE|ES|IT|PT|RU|UK|UA|ZH|JA|KO|AR"
    r"|PL|NL|TR|SV|NO|DA|FI|ET|LV|LT|CS|EL|HU|RO|BG|HI|KA|[A-Z][a-z]+))"
)
STREET = (
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Way|Court|Ct|Square|Plaza|Quay|Row"
    r"|Place|Terrace)\b\.?"
)
AGENCY = r"(?:KCNA|AFP|AP|Reuters|Getty(?: Images)?|EPA|TASS|Xinhua|DPA|dpa|ANSA|PA(?: Media| Wire)?|Handout)"
ROLE = (
    r"(?:(?!an?\s|the\s|former\s|who\s)[\w’'&-]+\s+){0,4}(?:correspondent|editor|reporter|writer)s?(?:(?:,"
    r"|\s+in|\s+at)\s+[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?)?"
)
FULL_STOP = re.compile(r"(?<!\.)[.。।۔][\"'”’»)\]]*$")


def compiled(table: dict[str, str], tail: str = "") -> re.Pattern[str]:
    """Any of the patterns of a table, with what may follow it."""
    return re.compile("(?:" + "|".join(f"(?:{pattern})" for pattern in table.values()) + ")" + tail, re.IGNORECASE)
