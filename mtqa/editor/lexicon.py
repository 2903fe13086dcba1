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

# They begin sentences often, and are no names.
FIRST_WORDS = _set("""
    people police officials officers experts critics supporters opponents residents voters
    researchers scientists analysts investors members leaders ministers lawmakers politicians
    workers students teachers doctors parents children women men families neighbours friends
    players fans companies firms banks shares prices sales profits costs taxes authorities
    government prosecutors investigators lawyers witnesses protesters troops soldiers rebels
    sources reports figures data results details plans talks work life time money today yesterday
    tomorrow tonight news everyone everybody someone somebody anyone anybody nobody nothing
    everything something little much never always often sometimes perhaps maybe instead meanwhile
    later earlier soon again like near behind above below along inside outside besides
    once thanks given according asked told speaking whether either neither nor unless
    almost nearly about around up down out off back here's let's me him us them my mine
    being having going making looking good great new old big small long last next previous
    fewer less several many plenty half lots part much because until till whoever whatever
    wherever whenever please yes well oh okay sorry
""")

NUMBER_WORDS = _set("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred hundreds thousand thousands million millions billion billions
    trillion trillions dozen dozens half halves third thirds quarter quarters twice thrice
    double triple first second fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth thirtieth fortieth fiftieth hundredth thousandth millionth
    tens twenties thirties forties fifties sixties seventies eighties nineties
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


def _forms(text: str) -> dict[str, str]:
    """Every word of a line as the first one of it."""
    return {word: line.split()[0] for line in text.strip().splitlines() for word in line.split()}


# What follows a number and says of what it is one; other ways of writing it after the first.
UNITS_AFTER_NUMBER = _forms("""
    second seconds sec secs
    minute minutes min mins
    hour hours hr hrs
    day days
    week weeks
    month months
    year years yr yrs
    decade decades
    century centuries
    km kilometre kilometres kilometer kilometers kms
    mile miles mi
    m metre metres meter meters
    cm centimetre centimetres centimeter centimeters
    mm millimetre millimetres millimeter millimeters
    inch inches
    foot feet ft
    yard yards yd
    kg kilogram kilograms kilogramme kilogrammes kilo kilos kgs
    g gram grams gramme grammes
    mg milligram milligrams
    tonne tonnes ton tons
    lb lbs
    pound pounds
    ounce ounces oz
    litre litres liter liters l
    ml millilitre millilitres milliliter milliliters
    gallon gallons
    pint pints
    hectare hectares ha
    acre acres
    degree degrees
    celsius centigrade
    fahrenheit
    mph
    kph
    kw kilowatt kilowatts
    mw megawatt megawatts
    gw gigawatt gigawatts
    bn
    tn
    yen
    yuan renminbi
    rouble roubles ruble rubles
    rupee rupees
    zloty zlotys
    franc francs
    peso pesos
    krona kronor krone kroner
    am
    pm
""")
# "More than 5": the side of the number that is meant.  As prepositions they are SIDES.
BOUNDS = {"more": ">", "less": "<", "fewer": "<", "least": ">=", "most": "<="}
SIDES = {"over": ">", "above": ">", "under": "<", "below": "<", "before": "<", "after": ">"}

# Days and periods that are counted from today.
DAYS = _set("yesterday tomorrow tonight")
PERIODS = _set("""
    day night morning afternoon evening week weekend fortnight month quarter season year decade
    century january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
""")
BEFORE_PERIODS = {
    **dict.fromkeys(_set("last past previous"), "last"),
    **dict.fromkeys(_set("next following coming"), "next"),
}

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
    **dict.fromkeys(_set("cant couldnt wont wouldnt shouldnt mustnt aint"), "not"),
    "never": "never",
    "without": "without",
    **dict.fromkeys(_set("hardly barely scarcely rarely seldom"), "hardly"),
}
# Words in "-less" that do not say that something is lacking.
NOT_LACKING = _set("less nevertheless nonetheless regardless doubtless bless")
NEGATIVE_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "mis", "non-", "non")

# Initials that are also words: their capitals are all that tells them apart.
INITIALS = _set("US IT WHO")
# Little words that are also names: "Will", "May".
ALSO_NAMES = _set("will may")
