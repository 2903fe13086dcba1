"""Closed classes of English words that the rules of this package speak of."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Lower case wherever they do not begin a sentence.
ALWAYS_LOWER = _set("""
    a an the this that these those he she it we they you his her its our their your my
    there here in on at by to of for from with without as if when while where after before
    since until during although though because but and or so yet however also not no than
    then what which who whose how why is are was were be been has have had do does did can
    could will would should may might all some many most more few each every both one two
    three such other another over under about into through between among against despite
    according even just only still now today
""")

NUMBER_WORDS = _set("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred hundreds thousand thousands million millions billion billions
    trillion trillions dozen dozens half halves third thirds quarter quarters twice thrice
    double triple first second fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth thirtieth fortieth fiftieth hundredth thousandth millionth
""")
# "One" is a pronoun after these: "no one", "this one".
BEFORE_PRONOUN_ONE = _set("no any every some this that each which the another")

UNITS_OF_AMOUNT = _set("% ‰ $ € £ ¥ ₹ ₽ ¢ percent dollar dollars euro euros cent cents")
UNIT_OF = {
    "percent": "%",
    "dollar": "$", "dollars": "$",
    "euro": "€", "euros": "€",
    "cent": "¢", "cents": "¢",
}  # fmt: skip

CALENDAR = _set("""
    january february april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
""")
# These are dates only when they have a capital that is not the sentence's.
CALENDAR_IF_CAPITAL = _set("may march jan feb mar apr jun jul aug sept sep oct nov dec")

# Class of negation by word; a change from one class to another changes the meaning.
NEGATIONS = {
    **dict.fromkeys(_set("not no none nobody nothing nowhere neither nor cannot"), "not"),
    **dict.fromkeys(_set("dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt"), "not"),
    **dict.fromkeys(_set("cant couldnt wont wouldnt shouldnt mustnt"), "not"),
    "never": "never",
    "without": "without",
    **dict.fromkeys(_set("hardly barely scarcely rarely seldom"), "hardly"),
}
# Words in "-less" that do not say that something is lacking.
NOT_LACKING = _set("less nevertheless nonetheless regardless doubtless bless")
NEGATIVE_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non-", "non")
