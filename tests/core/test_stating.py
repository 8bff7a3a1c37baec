"""Which claims a document states: with all their parts, and no weaker."""

from __future__ import annotations

import pytest

from service.core.corroboration import find_evidence
from service.core.model import Claim
from service.core.support import support
from tests import builders

# A claim, who says it ("" for nobody), what another document says, and whether that states the claim.
PAIRS = [
    # who did what: threatened, tried, or did
    (
        "Rebels attacked the radio mast at Dunmore.",
        "",
        "Rebels threatened to attack the radio mast at Dunmore.",
        False,
    ),
    (
        "Rebels threatened to attack the radio mast at Dunmore.",
        "",
        "Rebels attacked the radio mast at Dunmore.",
        False,
    ),
    ("The drivers will strike on Friday.", "", "The drivers have threatened to strike on Friday.", False),
    ("The council closed the baths at Elmstead.", "", "The council plans to close the baths at Elmstead.", False),
    ("Surgeons removed the bullet from his leg.", "", "Surgeons tried to remove the bullet from his leg.", False),
    ("The mill dismissed forty weavers.", "", "The mill has been forced to dismiss forty weavers.", True),
    # another verb between the same two
    ("Police arrested the driver.", "", "The driver attacked police.", False),
    (
        "Police arrested the driver of the van.",
        "",
        "Police have detained the driver of the van, a spokesman said.",
        True,
    ),
    ("The museum sold the painting.", "", "The museum insured the painting.", False),
    ("The farmer shot the wolf.", "", "The farmer fed the wolf.", False),
    # the other way round
    ("The union sued Brackwater Steel.", "", "Brackwater Steel sued the union on Monday.", False),
    ("The union sued Brackwater Steel.", "", "Brackwater Steel was sued by the union on Monday.", True),
    # one of two things
    ("The blast killed two miners and destroyed the winding house.", "", "The blast killed two miners.", False),
    ("The blast killed two miners.", "", "The blast killed two miners and destroyed the winding house.", True),
    ("The council cut bus routes and library hours.", "", "The council cut bus routes last spring.", False),
    ("The court fined the captain and the owner.", "", "The court fined the owner and the captain.", True),
    # where
    ("A crane fell on the ferry in Oldport.", "", "A crane fell on the ferry, witnesses said.", False),
    ("A crane fell on the ferry in the inner harbour.", "", "A crane fell on the ferry, witnesses said.", False),
    ("A crane fell on the ferry.", "", "In the inner harbour of Oldport a crane fell on the ferry.", True),
    # when
    ("The dam burst on Tuesday.", "", "The dam burst, flooding two farms.", False),
    ("The dam burst on Tuesday.", "", "On Tuesday the dam burst, flooding two farms.", True),
    ("The dam burst on Tuesday.", "", "On Wednesday the dam burst, flooding two farms.", False),
    # who says it
    ("Mayor Ann Lee said the bridge was safe.", "Ann Lee", "Engineer Paul Reed said the bridge was safe.", False),
    ("Mayor Ann Lee said the bridge was safe.", "Ann Lee", "The bridge was safe, Mayor Ann Lee said.", True),
    ("He said the bridge was safe.", "Ann Lee", "Engineer Paul Reed said the bridge was safe.", False),
    # hedged, denied, or on a condition
    ("The pilot was drunk on duty.", "", "The pilot may have been drunk on duty.", False),
    ("The pilot was drunk on duty.", "", "The pilot was not drunk on duty.", False),
    ("The pilot was drunk on duty.", "", "If the pilot was drunk on duty, he will be charged.", False),
    ("The pilot was drunk on duty.", "", "The pilot was drunk on duty, the airline admitted.", True),
    ("The zoo will close.", "", "The zoo will close unless the town pays its debts.", False),
    # what for, and why
    ("The town drained the lake to find the missing boy.", "", "The town drained the lake in two days.", False),
    ("The race was cancelled because of fog.", "", "The race was cancelled at noon.", False),
    ("The race was cancelled because of fog.", "", "Because of fog the race was cancelled at noon.", True),
    ("The school shut after mould was found.", "", "The school shut last week.", False),
    # another object, another number
    ("The bank bought the airline.", "", "The bank bought the railway.", False),
    ("The storm damaged 40 houses.", "", "The storm damaged 14 houses.", False),
    ("The storm damaged 40 houses.", "", "Forty homes were damaged in the storm.", True),
    # in other words
    ("The minister resigned on Monday.", "", "On Monday the minister quit.", True),
    ("The army evacuated the village.", "", "The village was evacuated by soldiers of the army.", True),
    (
        "The firm's purchase of the quarry was approved by regulators.",
        "",
        "Regulators approved the firm's purchase of the quarry.",
        True,
    ),
    (
        "The regulator investigated the spill at Carrow.",
        "",
        "The regulator's investigation of the spill at Carrow took a year.",
        True,
    ),
    (
        "Officials announced the closure of the Harwell plant.",
        "",
        "The Harwell plant is to be closed, officials announced.",
        True,
    ),
    ("The company acquired the brewery in Stoke.", "", "The company bought the brewery in Stoke.", True),
    ("Doctors treated twelve passengers.", "", "A dozen passengers were treated by doctors.", True),
    # over two sentences
    (
        "Vandals set fire to the chapel of Saint Bride.",
        "",
        "Vandals broke into the chapel of Saint Bride. They set fire to it.",
        True,
    ),
    (
        "Divers found the trawler Meg Ann at a depth of 60 metres.",
        "",
        "Divers have found the trawler Meg Ann. It lies at a depth of 60 metres.",
        True,
    ),
    # a long claim without its doing
    (
        "Strikers from the mill at Carrow barricaded the old stone bridge over the river Ash and the northern gates.",
        "",
        "Strikers from the mill at Carrow were seen on the stone bridge over the river Ash and at the gates.",
        False,
    ),
    # without three things in a row
    (
        "Strikers blocked the bridge and the gates of the port at Carrow with heavy burning lorry tyres.",
        "",
        "Strikers blocked the bridge and the gates of the port at Carrow.",
        False,
    ),
    # all of it, and more
    (
        "A fox bit a postman in Larkhall.",
        "",
        "A fox bit a postman in Larkhall on Friday, and was caught an hour later.",
        True,
    ),
    ("The village hall will reopen in May.", "", "The village hall, flooded last winter, will reopen in May.", True),
]


@pytest.mark.parametrize(("claim", "speaker", "other", "stated"), PAIRS)
def test_a_document_states_a_claim_with_all_its_parts(claim: str, speaker: str, other: str, stated: bool) -> None:
    """A claim is stated by who tells what was done, by whom, to whom, where, when and why, as plainly as it does."""
    index = builders.index(claim, f"{other} Rain is expected all over the country.")
    home = builders.sentence(index, "a")
    asked = Claim("c1", claim, "a", (home,), speaker or None, claim)
    hits = find_evidence(asked, index).get("b", ())
    assert support(index, index.of_claim(asked), asked.attributed_to, hits).stated is stated
