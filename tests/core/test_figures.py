"""Figures: value, unit, bound and what is counted, and how two figures compare."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.details.bounds import Bound
from service.core.details.figures import Figure, find_figures
from service.core.model import Span


def figure_in(text: str) -> Figure:
    """The only figure of a text."""
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("600,000 soldiers", 600_000),  # commas
        ("600 000 soldiers", 600_000),  # spaces
        ("600\u202f000 soldiers", 600_000),  # narrow no-break spaces
        ("600’000 soldiers", 600_000),  # Swiss apostrophes
        ("6.000.000 soldiers", 6_000_000),  # continental points
        ("6,00,000 soldiers", 600_000),  # Indian grouping
        ("1,234,567.89 points", 1_234_567.89),  # grouping and decimals
        ("600,000.", 600_000),  # no list number, long as it is
        ("1000. That was all.", 1000),
        ("12.” was the answer", 12),  # nor without a space behind
        ("1,5 million voters", 1_500_000),  # a decimal comma, told by what follows
        ("6 000,5 units", 6000.5),  # spaces and a decimal comma
        ("a share of .5", 0.5),  # no nought
        ("2½ cups", 2.5),  # a vulgar fraction behind digits
        ("2 1/2 cups", 2.5),  # the same, typed
        ("½ cup", 0.5),  # a vulgar fraction alone
        ("12k followers", 12_000),  # thousands, short
        ("5m people", 5_000_000),  # millions, short
        ("1.3bn people", 1.3e9),  # billions, short
        ("two trillion stars", 2e12),  # trillions, in words
        ("10 lakh people", 1_000_000),  # South Asian scales
        ("死者は100人", 100),  # a script without spaces touches the number
        ("100万人", 1_000_000),  # and has scales of its own
        ("٣٠٠ people", 300),  # other digits
        ("minus 5 points", -5),  # below nought, in words
        ("at −5 points", -5),  # and as a sign
        ("-5 points", -5),  # a hyphen that opens the text
        ("(-5 points)", -5),  # or a bracket
    ],
)
def test_digits_have_one_value_however_they_are_written(text: str, value: float) -> None:
    """A number in digits is read with its separators, decimals, fractions, scales and sign."""
    assert figure_in(text).low == pytest.approx(value)
    assert figure_in(text).high == figure_in(text).low


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three soldiers", 3),  # one word
        ("Twenty-one soldiers", 21),  # a hyphen, a capital
        ("twenty one soldiers", 21),  # no hyphen
        ("fourteen soldiers", 14),  # not four
        ("twelve hundred people", 1_200),  # hundreds over a thousand
        ("a hundred and fifty people", 150),  # `a` is one
        ("one hundred twenty-three people", 123),  # American, without `and`
        ("a thousand people", 1_000),  # a scale alone
        ("six hundred thousand soldiers", 600_000),  # two scales
        ("two million four hundred thousand people", 2_400_000),  # in falling order
        ("nine hundred and ninety-nine thousand nine hundred and ninety-nine people", 999_999),  # the longest
        ("two thousand million people", 2e9),  # an older English billion
        ("a dozen people", 12),  # dozens
        ("two dozen people", 24),
        ("half a dozen people", 6),
        ("two and a half million people", 2_500_000),  # halves of a scale
        ("one and a quarter million people", 1_250_000),  # quarters of a scale
        ("three-and-a-half points", 3.5),  # halves, hyphenated
        ("half a million people", 500_000),  # half of a scale
        ("a half-million people", 500_000),  # the same, hyphenated
        ("a quarter of a million people", 250_000),  # other parts of a scale
        ("three quarters of a million people", 750_000),
        ("Two hundred, they said", 200),  # no point of a list
        ("one person died", 1),  # `one` counts people
        ("One other man died", 1),
        ("a five-member panel", 5),  # joined to what it counts
    ],
)
def test_written_out_numbers_have_the_value_of_their_digits(text: str, value: float) -> None:
    """A number in words is the number that its digits would be."""
    assert figure_in(text).low == pytest.approx(value)


def test_every_number_word_has_its_value() -> None:
    """From two to ninety-nine, with a hyphen and without."""
    ones = "one two three four five six seven eight nine".split()
    teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    words = ones + teens + [word for ten in tens for word in (ten, *(f"{ten}-{one}" for one in ones))]
    for number, word in enumerate(words[1:], start=2):
        assert {figure_in(f"{form} ships").low for form in (word, word.replace("-", " "))} == {number}


def test_every_fraction_has_its_value() -> None:
    """Parts in words, as signs and typed are the same shares."""
    parts = "half third quarter fifth sixth seventh eighth ninth tenth".split()
    for lower, part in enumerate(parts, start=2):
        assert figure_in(f"one-{part} of the ships").low == pytest.approx(100 / lower)
    for typed in "1/2 1/3 1/4 1/5 1/8 2/3 2/5 3/4 3/5 3/8 4/5 5/8 7/8".split():
        upper, lower = map(int, typed.split("/"))
        assert figure_in(f"{typed} of the ships").low == pytest.approx(100 * upper / lower)
    for sign, value in zip("½¼¾⅓⅔", (1 / 2, 1 / 4, 3 / 4, 1 / 3, 2 / 3), strict=True):
        assert figure_in(f"2{sign} ships").low == pytest.approx(2 + value)


def test_every_currency_sign_has_its_currency() -> None:
    """A dollar is American unless it says whose it is."""
    signs = "$ US$ € £ ¥ ₹ ₽ ₩ A$ AU$ C$ CA$ NZ$ HK$ S$ R$".split()
    codes = "USD USD EUR GBP JPY INR RUB KRW AUD AUD CAD CAD NZD HKD SGD BRL".split()
    assert [figure_in(f"it cost {sign}500").unit for sign in signs] == codes


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$4.5m", 4.5e6, "USD"),  # a sign in front, millions behind
        ("US$3bn", 3e9, "USD"),  # a sign with its country
        ("$3B", 3e9, "USD"),  # a short scale that only money has
        ("€1.3bn", 1.3e9, "EUR"),  # another sign
        ("€ 3.20", 3.2, "EUR"),  # a space behind the sign
        ("3,20 €", 3.2, "EUR"),  # a sign behind the number
        ("£2 million", 2e6, "GBP"),  # a scale in words
        ("50p", 0.5, "GBP"),  # hundredths
        ("A$20", 20, "AUD"),  # other dollars
        ("EUR 20", 20, "EUR"),  # a code in place of a sign
        ("10 million euros", 10e6, "EUR"),  # a unit behind a scale
        ("a billion dollars", 1e9, "USD"),  # all in words
        ("5 million US dollars", 5e6, "USD"),
        ("3.4 per cent", 3.4, "%"),  # the same share in five spellings
        ("3.4 percent", 3.4, "%"),
        ("3.4%", 3.4, "%"),
        ("3.4 %", 3.4, "%"),
        ("3.4pc", 3.4, "%"),
        ("0.25 percentage points", 0.25, "pp"),  # no percentage
        ("25 basis points", 0.25, "pp"),
        ("a 25-basis-point cut", 0.25, "pp"),  # hyphenated
        ("a 0.25-percentage-point cut", 0.25, "pp"),
        ("a quarter-point cut", 0.25, "pp"),  # a point that is parted is one of a percentage
        ("by a half-percentage-point", 0.5, "pp"),
        ("a three-quarter-point rise", 0.75, "pp"),
        ("a three-point lead", 3, ""),  # others are counted
        ("one in five", 20, "%"),  # shares in words are percentages
        ("1 in 5", 20, "%"),
        ("6 out of 10", 60, "%"),
        ("one out of every five", 20, "%"),
        ("three in 100", 3, "%"),
        ("one in a hundred", 1, "%"),
        ("a one-in-ten chance", 10, "%"),  # hyphenated
        ("two-thirds", 200 / 3, "%"),
        ("a quarter of voters", 25, "%"),
        ("one-third", 100 / 3, "%"),
        ("1/3", 100 / 3, "%"),
        ("half the voters", 50, "%"),
        ("an eighth of voters", 12.5, "%"),
        ("90 minutes", 5400, "s"),  # one base for each kind of unit
        ("half an hour", 1800, "s"),
        ("a half-hour delay", 1800, "s"),
        ("24 hours", 86_400, "s"),
        ("a five-day trip", 432_000, "s"),
        ("two weeks", 1_209_600, "s"),
        ("18 months", 18, "month"),
        ("about 2,500 years old", 30_000, "month"),
        ("a 45-year-old", 540, "month"),
        ("aged 45", 540, "month"),  # an age without its unit
        ("at the age of 45", 540, "month"),
        ("aged at least 45", 540, "month"),
        ("The storm damaged 40 houses", 40, ""),  # no age
        ("12.5km", 12_500, "m"),
        ("a five-kilometre zone", 5000, "m"),
        ("3m high", 3, "m"),  # metres, told by what follows
        ("the 100m final", 100, "m"),
        ("1.8 m", 1.8, "m"),  # metres, told by the space
        ("25 sq km", 25e6, "m2"),
        ("25 km²", 25e6, "m2"),
        ("10 miles", 10, "mi"),  # imperial units keep apart
        ("50,000 tonnes", 5e10, "g"),
        ("5 g", 5, "g"),
        ("38.5°C", 38.5, "C"),
        ("35C", 35, "C"),
        ("minus 5 degrees Celsius", -5, "C"),
        ("3.5 GW", 3500, "MW"),
        ("100km/h", 100, "km/h"),
        ("the 21st", 21, "th"),  # a place in an order is no count
        ("a magnitude-7.1 earthquake", 7.1, ""),  # no code has decimals
        ("the GPT-4.5 model", 4.5, ""),
        ("a category-4 hurricane", 4, ""),  # and no grade is one
    ],
)
def test_units_come_in_their_base(text: str, value: float, unit: str) -> None:
    """A unit is read with its number and reduced to the base of its kind."""
    figure = figure_in(text)
    assert figure.low == pytest.approx(value)
    assert figure.unit == unit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 tonne", "1,000 kg"),  # mass
        ("1 kg", "1,000 grams"),
        ("1 g", "1,000 mg"),
        ("1 km", "1,000 metres"),  # length
        ("1 metre", "100 cm"),
        ("1 cm", "10 mm"),
        ("1 sq km", "100 hectares"),  # area
        ("1 hectare", "10,000 m²"),
        ("1 litre", "1,000 ml"),  # volume
        ("1 min", "60 secs"),  # time
        ("1 hr", "60 minutes"),
        ("1 day", "24 hours"),
        ("1 week", "7 days"),
        ("1 yr", "12 months"),
        ("1 GW", "1,000 megawatts"),  # power
        ("1 MW", "1,000 kW"),
        ("£1", "100 pence"),  # money
        ("1 percentage point", "100 basis points"),  # differences of shares
        ("1 crore voters", "100 lakh voters"),  # scales
        ("1 lakh voters", "100k voters"),
        ("1 trillion stars", "1,000 bn stars"),
        ("1 billion stars", "1,000 mln stars"),
        ("1億人", "10,000万人"),
    ],
)
def test_an_amount_is_equal_in_the_next_smaller_unit(one: str, other: str) -> None:
    """Units and scales of one kind are as many of the next smaller one as everybody knows."""
    assert figure_in(one).same_value(figure_in(other))


@pytest.mark.parametrize(
    ("text", "bound", "phrase"),
    [
        ("lost 23 people", Bound.EXACT, "23 people"),  # none
        ("At least 23 people", Bound.AT_LEAST, "At least 23 people"),  # from below
        ("over 600,000 Russian soldiers", Bound.AT_LEAST, "over 600,000 Russian soldiers"),
        ("more than $2 million", Bound.AT_LEAST, "more than $2 million"),  # in front of a sign
        ("more than a dozen people", Bound.AT_LEAST, "more than a dozen people"),  # in front of `a`
        ("no fewer than 23 people", Bound.AT_LEAST, "no fewer than 23 people"),  # not `fewer than`
        ("at least another 23 people", Bound.AT_LEAST, "at least another 23 people"),
        ("just over 23 people", Bound.AT_LEAST, "just over 23 people"),
        ("as few as 23 people", Bound.AT_LEAST, "as few as 23 people"),
        ("as low as 3%", Bound.AT_LEAST, "as low as 3%"),
        ("deaths topped 300", Bound.AT_LEAST, "topped 300"),  # a verb
        ("the top 10 firms", Bound.EXACT, "10 firms"),  # which is another word without its ending
        ("23 or more people", Bound.AT_LEAST, "23 or more people"),  # behind the number
        ("23-plus people", Bound.AT_LEAST, "23-plus people"),
        ("23+ people", Bound.AT_LEAST, "23+ people"),
        ("lost >23 people", Bound.AT_LEAST, ">23 people"),  # a sign
        ("no more than 900 seats", Bound.AT_MOST, "no more than 900 seats"),  # from above
        ("up to 900 seats", Bound.AT_MOST, "up to 900 seats"),
        ("as high as 45C", Bound.AT_MOST, "as high as 45C"),
        ("fewer than 900 seats", Bound.AT_MOST, "fewer than 900 seats"),
        ("900 seats or fewer", Bound.EXACT, "900 seats"),  # too far behind
        ("900 or fewer seats", Bound.AT_MOST, "900 or fewer seats"),
        ("(about 900 seats)", Bound.ABOUT, "about 900 seats"),  # a bracket in front
        ("some 900 seats", Bound.ABOUT, "some 900 seats"),
        ("an estimated 900 seats", Bound.ABOUT, "an estimated 900 seats"),
        ("900 or so seats", Bound.ABOUT, "900 or so seats"),
        ("900-odd seats", Bound.ABOUT, "900-odd seats"),
        ("~900 seats", Bound.ABOUT, "~900 seats"),
        ("one in five seats", Bound.ABOUT, "one in five seats"),  # a share in words is never exact
        ("nearly 40% of seats", Bound.NEARLY, "nearly 40% of seats"),
        ("instead of 900 seats", Bound.EXACT, "900 seats"),  # a word that ends a bound elsewhere
        ("questions about the 900 seats", Bound.EXACT, "900 seats"),  # `about` something, no bound
        ("took between 8 and 10 minutes", Bound.EXACT, "between 8 and 10 minutes"),  # a range from its first word
        ("Between 8 and 10 minutes", Bound.EXACT, "Between 8 and 10 minutes"),
        ("took 8 to 10 minutes", Bound.EXACT, "8 to 10 minutes"),
    ],
)
def test_bounds_are_read_on_either_side(text: str, bound: Bound, phrase: str) -> None:
    """The words for a bound stand before a number or behind it, and belong to its phrase."""
    figure = figure_in(text)
    assert (figure.bound, figure.phrase) == (bound, phrase)


@pytest.mark.parametrize(
    ("bound", "wordings"),
    [
        (
            Bound.AT_LEAST,
            "at least #|not less than #|greater than #|exceeding #|surpassed #|topping #|well over #|above #"
            "|upwards of #|in excess of #|a minimum of #|as little as #|>#|≥#|# or above|# and over"
            "|# or higher|#-plus|#+",
        ),
        (
            Bound.AT_MOST,
            "at most #|not more than #|less than #|under #|below #|a maximum of #|as much as #|<#|≤#|# or less"
            "|# or below",
        ),
        (Bound.NEARLY, "almost #|close to #|just under #|just short of #"),
        (
            Bound.ABOUT,
            "about #|around #|approximately #|approx. #|some #|roughly #|estimated #|circa #|ca. #|in the region of #"
            "|≈#|# or thereabouts",
        ),
    ],
)
def test_a_bound_has_many_wordings(bound: Bound, wordings: str) -> None:
    """Each wording of a bound is read, wherever in a sentence it stands, and is part of the figure's phrase."""
    for wording in wordings.split("|"):
        figure = figure_in(f"it was {wording.replace('#', '23')}, they said")
        assert (figure.bound, figure.phrase) == (bound, wording.replace("#", "23"))


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("200 seats", (200, 200)),  # exact
        ("about 200 seats", (195, 205)),  # 2.5 % either way
        ("nearly 200 seats", (180, 200)),  # a tenth below
        ("at least 200 seats", (200, inf)),
        ("at most 200 seats", (-inf, 200)),
        ("100 to 200 seats", (100, 200)),  # a range
        ("about minus 200 points", (-205, -195)),  # still the lower end first
    ],
)
def test_a_bound_leaves_an_interval_open(text: str, interval: tuple[float, float]) -> None:
    """The interval of a figure holds the values that its wording leaves open."""
    assert figure_in(text).interval == pytest.approx(interval)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("8-10 minutes", [(480, 600)]),  # a unit for both
        ("8 to 10 minutes", [(480, 600)]),
        ("between 8 and 10 minutes", [(480, 600)]),
        ("It took between 8 and 10 minutes", [(480, 600)]),
        ("1.5 to 2.5 points", [(1.5, 2.5)]),  # with decimals
        ("between five and six people", [(5, 6)]),  # in words
        ("one or two people", [(1, 2)]),  # `one` counts in a range
        ("two-to-three seats", [(2, 3)]),
        ("8- to 10-page letters", [(8, 10)]),
        ("$3-4 billion", [(3e9, 4e9)]),  # a sign and a scale for both
        ("$30 to 40", [(30, 40)]),  # a sign for both
        ("children aged 8 to 10", [(96, 120)]),  # an age for both
        ("children aged between 8 and 10", [(96, 120)]),
        ("$1.5m-$2m", [(1.5e6, 2e6)]),  # each its own
        ("900 to 1 million people", [(900, 1e6)]),  # a scale of the second alone
        ("between 40% and 60%", [(40, 60)]),
        ("between one-third and 40%", [(100 / 3, 40)]),  # a share in words and one in digits
        ("from 40 to 60 percent", [(40, 40), (60, 60)]),  # a change tells two figures
        ("3 and 5 people", [(3, 3), (5, 5)]),  # no range without `between`
        ("won 3-2", [(3, 3), (2, 2)]),  # a score
        ("drew 3-3", [(3, 3), (3, 3)]),
        ("2 ships and 3 million people", [(2, 2), (3e6, 3e6)]),  # nothing shared where there is no range
        ("killed 3 and 5 million fled", [(3, 3), (5e6, 5e6)]),
        ("5 km or 3 miles", [(5000, 5000), (3, 3)]),  # a length, converted
        ("$10 to 5 people", [(10, 10), (5, 5)]),  # falling: no range, and no money
        ("10% or 20 people", [(10, 10), (20, 20)]),  # two units
        ("two-thirds to 40 seats", [(200 / 3, 200 / 3), (40, 40)]),  # a share and a count
        ("1-2-3", [(1, 2), (3, 3)]),  # no range of ranges
        ("12 people and 3 dogs", [(12, 12), (3, 3)]),  # words between
        ("12 — 30 of them children", [(12, 12), (30, 30)]),  # a dash between clauses
    ],
)
def test_two_numbers_make_a_range_where_they_rise(text: str, values: list[tuple[float, float]]) -> None:
    """Two numbers joined as a range are one figure and share unit and scale; others are two."""
    assert [(f.low, f.high) for f in find_figures(text)] == [pytest.approx(value) for value in values]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("$5 to 10", ["USD"]),  # a range is of one unit
        ("$5 to 5 people", ["USD", ""]),  # where the second number is not the greater, it is no range
        ("$5 for 10 people", ["USD", ""]),  # nor where they are not joined
    ],
)
def test_a_unit_is_shared_in_a_range_alone(text: str, units: list[str]) -> None:
    """A number without a unit has that of the number before it only where they are one range."""
    assert [figure.unit for figure in find_figures(text)] == units


@pytest.mark.parametrize(
    "text",
    [
        "nothing is counted here",  # no number at all
        "the F-16 jets",  # part of a code
        "COVID-19 cases",
        "An F-16",  # after an article too
        "the 5G network",  # a code that begins with a digit
        "version 2.0.1",  # no decimals
        "from 192.168.1.1",
        "1. First of all",  # a list number
        "2) Second",
        "100. Last of all",
        "2.",
        "One, he lies.",  # points of a list
        "Two: he steals.",
        "one of them",  # a word
        "no one",
        "a five-star hotel",  # an idiom
        "in the first half of the game",  # half of nothing measured
        "ten million two million people",  # no number in English
        "A320neo",  # digits inside a word
    ],
)
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    """Labels, codes, versions and number words used as words are no figures."""
    assert find_figures(text) == ()


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("10,000 North Korean soldiers", ("north", "korea", "soldier")),  # modifiers and head
        ("600 of the other soldiers", ("soldier",)),  # words that tell nothing are left out
        ("600 soldiers were killed", ("soldier",)),  # a verb ends the phrase
        ("600 soldiers deployed there", ("soldier",)),  # so does a participle behind a plural
        ("2.5 million people fled", ("peopl",)),  # `people` is always the head
        ("12 people including three children", ("peopl",)),  # the first of two figures
        ("600 soldiers, officials said", ("soldier",)),  # a comma ends it
        ("600 soldiers said", ("soldier",)),  # a word of reporting ends it
        ("600 soldiers – mostly young", ("soldier",)),  # a dash between clauses ends it
        ("600 soldiers - mostly young", ("soldier",)),
        ("600 soldiers — mostly young", ("soldier",)),
        ("12 masked men", ("mask", "men")),  # a participle in front
        ("a 27-nation bloc", ("nation", "bloc")),  # a hyphen joins
        ("600\u00a0soldiers", ("soldier",)),  # so does any space
        ("12 very large old green wooden garden sheds", ("larg", "old", "green", "wooden", "garden")),  # five
        ("600", ()),  # nothing
        ("600 40-page letters", ()),  # a number ends it
    ],
)
def test_what_is_counted_is_the_noun_phrase_behind(text: str, counted: tuple[str, ...]) -> None:
    """What a figure counts is the noun phrase after it, and the head is its last word."""
    figure = find_figures(text)[0]
    assert figure.counted == counted
    assert figure.head == (counted[-1] if counted else "")


def test_what_dates_hold_is_left_to_them() -> None:
    """A number inside a span that is taken is no figure, and its neighbours are."""
    text = "On 28 October 600 of 900 left"
    assert [f.text for f in find_figures(text, [Span(3, 13)])] == ["600", "900"]


@pytest.mark.parametrize(
    ("one", "other", "same", "excludes"),
    [
        ("600,000 men", "six hundred thousand men", True, False),  # written forms
        ("600,000 men", "60,000 men", False, True),  # a digit lost
        ("$4.5m", "4.5 million dollars", True, False),  # money
        ("$4.5m", "€4.5m", False, False),  # never comparable
        ("24 hours", "one day", True, False),  # units of one kind
        ("one in five", "20 per cent", True, False),  # shares
        ("at least 23 men", "30 men", False, False),  # a bound holds the other
        ("at least 23 men", "20 men", False, True),  # and excludes what is below
        ("more than 500 men", "fewer than 500 men", True, True),  # opposite bounds of one value
        ("more than 400 men", "fewer than 500 men", False, False),  # with values between them
        ("about 1,000 men", "1,010 men", False, False),  # near enough
        ("nearly 1,000 men", "300 men", False, True),  # not nearly
        ("8-10 men", "9 men", False, False),  # inside a range
        ("8-10 men", "11 men", False, True),  # outside
        ("two-thirds", "67%", False, False),  # rounded
    ],
)
def test_figures_compare_by_value(one: str, other: str, same: bool, excludes: bool) -> None:
    """Equal values are equal in any written form; values exclude each other where no number satisfies both."""
    a, b = figure_in(one), figure_in(other)
    assert (a.same_value(b), b.same_value(a)) == (same, same)
    assert (a.excludes(b), b.excludes(a)) == (excludes, excludes)


@pytest.mark.parametrize(
    ("stated", "claimed", "supports"),
    [
        ("600,000 men", "600,000 men", True),  # the same
        ("600,000 men", "around 600,000 men", True),  # a looser claim
        ("over 600,000 men", "over 600,000 men", True),  # the same bound
        ("over 600,000 men", "600,000 men", False),  # the bound is lost
        ("around 600,000 men", "600,000 men", False),
        ("600,000 men", "over 600,000 men", False),  # the bound is made up
        ("600,000 men", "60,000 men", False),  # another value
    ],
)
def test_a_source_bears_out_its_own_bound(stated: str, claimed: str, supports: bool) -> None:
    """A figure in a source bears out an equal one with the same bound, or with `about`."""
    assert figure_in(stated).supports(figure_in(claimed)) is supports


@given(st.text(alphabet="1,. -$%amko–onetwhualfdozn五", max_size=60))
def test_figures_quote_the_text_in_order(text: str) -> None:
    """Whatever the text, figures quote it exactly, in order, apart, with the lower value first."""
    found = find_figures(text)
    assert all(text[f.start : f.end] == f.text and f.text in f.phrase for f in found)
    assert all(f.low <= f.high and f.interval[0] <= f.interval[1] for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.integers(min_value=0, max_value=10**12))
def test_separators_change_no_value(number: int) -> None:
    """A whole number has one value with commas, with spaces and without either."""
    plain, commas, spaces = f"of {number} men", f"of {number:,} men", f"of {number:,} men".replace(",", "\u202f")
    assert figure_in(plain).same_value(figure_in(commas))
    assert figure_in(plain).same_value(figure_in(spaces))
