"""Units, scales and currencies as news writes them, each with its base unit and the factor to it.

Units of one kind share a base, so that 24 hours is one day and 1.5 tonnes is 1,500 kg. Metric and imperial
units keep apart: reports round when they convert, so that such figures are never comparable.
"""

from __future__ import annotations

import re

SCALES = {
    "hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "mln": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "lakh": 1e5, "crore": 1e7,
    "万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8,
}  # fmt: skip

_CURRENCIES = {
    "$": "USD", "US$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "JPY",
    "₹": "INR", "₽": "RUB", "₩": "KRW", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "R$": "BRL",
}  # fmt: skip

# Spellings of a unit stand between bars; the factor is to the base unit.
_ROWS: tuple[tuple[str, str, float], ...] = (
    ("%|percent|per cent|pc", "%", 1.0), ("percentage points|percentage point|pp", "pp", 1.0),
    ("basis points|basis point", "pp", 0.01), ("point", "pp", 1.0),
    ("g|gram|grams|gramme|grammes", "g", 1.0), ("mg|milligram|milligrams", "g", 1e-3),
    ("kg|kilo|kilos|kilogram|kilograms|kilogrammes", "g", 1e3), ("tonne|tonnes|ton|tons", "g", 1e6),
    ("metre|metres|meter|meters", "m", 1.0), ("cm|centimetre|centimetres|centimeter|centimeters", "m", 0.01),
    ("mm|millimetre|millimetres|millimeter|millimeters", "m", 1e-3),
    ("km|kms|kilometre|kilometres|kilometer|kilometers", "m", 1e3),
    ("mile|miles", "mi", 1.0), ("foot|feet|ft", "ft", 1.0), ("inch|inches", "in", 1.0), ("lb|lbs", "lb", 1.0),
    ("square metre|square metres|square meter|square meters|sq m|m²|m2", "m2", 1.0),
    ("square kilometre|square kilometres|square kilometer|square kilometers|sq km|km²|km2", "m2", 1e6),
    ("hectare|hectares|ha", "m2", 1e4), ("acre|acres", "acre", 1.0),
    ("square mile|square miles|sq mi", "mi2", 1.0), ("square foot|square feet|sq ft", "ft2", 1.0),
    ("second|seconds|sec|secs", "s", 1.0), ("minute|minutes|min|mins", "s", 60.0),
    ("hour|hours|hr|hrs", "s", 3600.0), ("day|days", "s", 86_400.0), ("week|weeks", "s", 604_800.0),
    ("month|months", "month", 1.0), ("year|years|yr|yrs", "month", 12.0),
    ("dollar|dollars|us dollar|us dollars|usd", "USD", 1.0), ("euro|euros|eur|€", "EUR", 1.0),
    ("pound|pounds|gbp", "GBP", 1.0), ("pence|p", "GBP", 0.01), ("yen", "JPY", 1.0), ("yuan", "CNY", 1.0),
    ("rupee|rupees", "INR", 1.0), ("rouble|roubles|ruble|rubles", "RUB", 1.0),
    ("litre|litres|liter|liters", "l", 1.0), ("ml|millilitre|millilitres", "l", 1e-3),
    ("°c|celsius|degrees celsius|degrees c|c", "C", 1.0),
    ("°f|fahrenheit|degrees fahrenheit|degrees f|f", "F", 1.0),
    ("mph", "mph", 1.0), ("km/h|kph|kmh", "km/h", 1.0),
    ("kw|kilowatt|kilowatts", "MW", 1e-3), ("mw|megawatt|megawatts", "MW", 1.0),
    ("gw|gigawatt|gigawatts", "MW", 1e3),
)  # fmt: skip
_UNITS = {name: (unit, factor) for names, unit, factor in _ROWS for name in names.split("|")}
_CASED = r"(?-i:g|(?<=\d)[CFp](?!-))"  # single letters are units in this case alone: 35C, but two F-16s
_POINT = "(?<=half-)point|(?<=quarter-)point"  # of a percentage: other points are counted
_SPELLINGS = [
    re.escape(name).replace(r"\ ", r"[\s-]") for name in _UNITS if name not in ("c", "f", "g", "p", "point")
]

UNIT = rf"(?:{'|'.join(sorted(_SPELLINGS, key=len, reverse=True))}|{_POINT}|{_CASED})"
SCALE = "|".join(sorted((name for name in SCALES if name.isascii() and name != "b"), key=len, reverse=True))
SIGN = rf"(?-i:{'|'.join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))})"


def unit_of(spelling: str) -> tuple[str, float]:
    """The base unit of a spelling that UNIT matched, and how many of the base unit it is."""
    return _UNITS[" ".join(spelling.lower().replace("-", " ").split())]


def currency_of(sign: str) -> str:
    """The ISO 4217 code of a sign that SIGN matched."""
    return _CURRENCIES[sign.upper()]
