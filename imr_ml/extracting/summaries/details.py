"""What stands beside the care that a sentence names: scores, the kind of a drug, sessions, results, parts."""

from __future__ import annotations

from functools import cache

from imr_ml.extracting.care.injections import (
    ANESTHETICS,
    PUMPED,
    STEROID,
    is_injected,
    name_injections,
    place_injections,
)
from imr_ml.extracting.care.results import IMAGING, add_outcomes, tell_by_scores, tell_by_spared
from imr_ml.extracting.care.sessions import count_sessions
from imr_ml.extracting.care.stopped import stop_drugs, take_up_again
from imr_ml.extracting.findings.pain import pain_mentions
from imr_ml.extracting.findings.studies import add_study_results, tell_of_none
from imr_ml.extracting.grammar.mentions import DRUG_KINDS, FINDINGS, Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import CARE, CUE, TOLD, TRAIT, Hit, word_set
from imr_ml.extracting.lexicon import whole_number
from imr_ml.extracting.requests.drugs import topical_words
from imr_ml.resources import read_rows

_NASAL = word_set("nasal")
_BREATHED = word_set("breathed")
_INHALED = word_set("breathed steroid")
_AROUND = 20
_NEAR = 6
_COMMA = CUE["comma"]
_OPENS = CUE["open"]
_ENDS_PARTS = CUE["stop"] | CUE["colon"]
_BODY_MASS = CUE["body mass"]
_OUTCOME = CUE["helped"] | CUE["failed"]
_NO = CUE["no"]
_PLANS = CUE["plan"] | CUE["plan after"]
_HAS_CARE = TRAIT["care"]
_DRUG = TRAIT["drug"]
_THERAPY = TRAIT["therapy"]
_STUDY = TRAIT["study"]
_HAS_PART = TRAIT["part"]
_MAY_HELP = TRAIT["can help"]
_NUMBERED = TOLD["number"]
_SCORED = TOLD["score"]
_GIVES_UP = TOLD["given up"]
_INJECTS = TOLD["injects"]
_NAMES_SURGEON = TOLD["surgeon"]
_NAMES_CREAM = TOLD["what is compounded"]
_NUMBERS_OR_COUNTS = _NUMBERED | TOLD["visit count"]
_NAMES_SCORE = CUE["pain"] | CUE["with medication"] | CUE["without medication"]
DETAILED = _NAMES_SCORE | _HAS_CARE | _BODY_MASS
"""The cues and traits of which one stands in every sentence that has details."""
_NONE: list[Mention] = []


def add_details(words: list[str], hits: list[Hit], mentions: list[Mention], cues: int, told: int) -> None:
    """Add scores to the mentions of a sentence, and say more of its drugs, therapies and studies."""
    scored: list[Mention] = _NONE
    # Some scores nothing names: "8/10, 4/10 with Norco".
    if told & _NUMBERED and (
        cues & _NAMES_SCORE
        or (told & _SCORED and (cues & _MAY_HELP or (cues & _HAS_PART and not cues & _HAS_CARE)))
    ):
        scored = pain_mentions(words, hits, cues, told)
        mentions.extend(scored)
        if scored and not cues & _MAY_HELP and not _UNNAMED.isdisjoint(words):
            _add_unnamed_drug(words, mentions, scored)
    if cues & _DRUG:
        _tell_of_drugs(words, mentions, cues, told)
    if cues & _NO and not _LEADS_TO_WHY.isdisjoint(words):
        _tell_why_not(words, mentions)
    if cues & _HAS_CARE:
        if told & _GIVES_UP:
            if not cues & _DRUG:
                # "Opioids were last used in 2010" names no drug.
                stop_drugs(words, mentions, gives_up=True, is_denying=False)
            take_up_again(words, mentions)
        _tell_of_care(words, hits, mentions, cues, told)
        if scored and any(one.fact == "pain_drop" for one in scored):
            tell_by_scores(words, mentions)
        if cues & _THERAPY:
            tell_by_spared(words, mentions)
    if cues & _BODY_MASS:
        mentions.extend(_body_mass_index(words, hits))


def _tell_what_is_averted(words: list[str], mentions: list[Mention]) -> None:
    """Let a drug be taken, and what would be but for it not be so: "would be | in bed | but for | Norco"."""
    for drug in mentions:
        if drug.kind not in DRUG_KINDS:
            continue
        at = drug.start - 1
        while at > 0 and words[at] in _OWN_DRUG:
            at -= 1
        lead = words[max(0, at - 2) : at + 1]
        if lead[1:] != ["but", "for"] and lead not in _WERE_IT_NOT:
            continue
        drug.status = "present"
        for finding in mentions:
            before = words[max(0, finding.start - _WOULD_REACH) : finding.start]
            if finding.kind in FINDINGS and not _WOULD.isdisjoint(before):
                finding.status = "possible"


_OWN_DRUG = word_set("own drug")
_WERE_IT_NOT = (["it", "not", "for"], ["if", "not", "for"])
_WOULD = frozenset(("would", "could"))
_WOULD_REACH = 4


def _tell_why_not(words: list[str], mentions: list[Mention]) -> None:
    """Let the worker have what keeps care from him: "no NSAIDs | given CKD", "no opioids | (sleep apnea)"."""
    denied = [one for one in mentions if one.status == "denied"]
    for care in denied:
        if care.kind not in CARE or words[care.end : care.end + 1] not in _BEFORE_WHY:
            continue
        if care.kind not in DRUG_KINDS and words[care.end] != "given":
            # "No surgery | (right | knee)"
            continue
        for why in denied:
            between = words[care.end + 1 : why.start]
            if (
                why.start > care.end
                and (why.kind not in CARE or why.kind == "surgery")
                and _LEADS_TO_WHY.issuperset(between)
            ):
                why.status = "present"


_BEFORE_WHY = (["given"], ["("])
_LEADS_TO_WHY = word_set("leads to why not")


def _add_unnamed_drug(words: list[str], mentions: list[Mention], scored: list[Mention]) -> None:
    """Add medication where scores tell of it: "Pain is 9/10 unmedicated and 5/10 after dosing"."""
    drop = next((one for one in scored if one.fact == "pain_drop"), None)
    if drop is not None and any(one.fact == "pain_without_medication" for one in scored):
        mentions.append(Mention("medication", "medication", drop.start, drop.end, "present"))
        tell_by_scores(words, mentions)


def _tell_of_drugs(words: list[str], mentions: list[Mention], cues: int, told: int) -> None:
    """Give the classes of drugs; see which were stopped, are injected, or are measured in urine or blood."""
    # What a pump delivers is compounded too, and no cream.
    is_compounded = not _COMPOUND.isdisjoint(words) and PUMPED.isdisjoint(words)
    for mention in mentions:
        if mention.kind == "drug":
            mention.drug_class = _class_of(words, mention, is_compounded=is_compounded)
            if mention.fact in ANESTHETICS and cues & _THERAPY and is_injected(words, mention):
                mention.drug_class = ""
    if told & _NAMES_CREAM:
        _tell_of_mixtures(words, mentions)
    if "film" in words:
        _drop_drug_films(words, mentions)
    if cues & _OPENS:
        _tell_of_brackets(words, mentions)
    stop_drugs(words, mentions, gives_up=bool(told & _GIVES_UP), is_denying=bool(cues & _NO))
    if "for" in words and not _WOULD.isdisjoint(words):
        _tell_what_is_averted(words, mentions)
    if cues & _THERAPY:
        name_injections(words, mentions)
    is_tested = cues & _STUDY and any(mention.fact == "urine_drug_test" for mention in mentions)
    if is_tested or not _TESTED.isdisjoint(words):
        # What a urine test did not find may be taken all the same.
        for mention in mentions:
            is_found = mention.drug_class == "cannabinoid" and not _FOUND_IN.isdisjoint(words)
            if mention.kind in DRUG_KINDS and (mention.status == "denied" or is_found):
                mention.status = "possible"


def _class_of(words: list[str], drug: Mention, *, is_compounded: bool) -> str:
    """Give the class of a drug as the words beside it tell it, none of what is sprayed into the nose."""
    first = drug.start - (words[drug.start - 1 : drug.start] == ["topical"])
    if is_compounded and not _COMPOUND.isdisjoint(words[max(0, first - _COMPOUND_REACH) : first]):
        return "topical compound"
    own = drug_class(drug.fact, words[first : drug.end + 2])
    if own != STEROID:
        return own
    before = drug.start - (4 if drug.fact in _INHALED else 1)
    near = words[max(0, before) : drug.end + 2]
    if _BREATHED.isdisjoint(near):
        return own
    return "asthma" if _NASAL.isdisjoint(near) else ""


def _tell_of_care(words: list[str], hits: list[Hit], mentions: list[Mention], cues: int, told: int) -> None:
    """Say of care for which part it was, how many sessions, and with what result."""
    if cues & _THERAPY and told & _INJECTS:
        place_injections(words, mentions)
    if cues & _PLANS and told & _NAMES_SURGEON:
        _drop_asking_surgeon(words, mentions)
    if cues & _HAS_PART:
        placed = [hit for hit in hits if hit[2].parts]
        _add_parts(words, hits, placed, mentions)
        _add_purposes(words, placed, mentions)
    if cues & _THERAPY and told & _NUMBERS_OR_COUNTS:
        count_sessions(words, mentions)
    if cues & _STUDY:
        _drop_unnamed(words, mentions)
        add_study_results(words, hits, mentions, cues, told)
    if cues & _MAY_HELP and cues & _NO:
        tell_of_none(words, mentions)
    if cues & _MAY_HELP and cues & _DENIES and not _NOW.isdisjoint(words):
        _tell_of_none_now(words, mentions)
    if cues & _OUTCOME and cues & _MAY_HELP:
        add_outcomes(words, hits, mentions)


def _drop_drug_films(words: list[str], mentions: list[Mention]) -> None:
    """Drop X-rays that are a drug's form: "Suboxone 8 mg films"."""
    drugs = [mention for mention in mentions if mention.kind == "drug"]
    for film in [mention for mention in mentions if mention.fact == "xray"]:
        if words[film.start] == "film" and any(
            0 <= film.start - drug.end <= _NEAR and "," not in words[drug.end : film.start] for drug in drugs
        ):
            mentions.remove(film)


def _tell_of_brackets(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs in brackets be what a cream holds, and no drugs where a laboratory measures them."""
    for place, word in enumerate(words):
        if word != "(" or not place:
            continue
        before = words[place - 1]
        if before not in _CREAMS and before not in _MEASURED:
            continue
        end = words.index(")", place) if ")" in words[place:] else len(words)
        for drug in [one for one in mentions if one.kind == "drug" and place < one.start < end]:
            if before in _CREAMS:
                drug.drug_class = "topical compound"
            else:
                mentions.remove(drug)


def _tell_of_mixtures(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be those of one cream that are joined so: "ketoprofen 10 lidocaine 5 | cream"."""
    drugs = [one for one in mentions if one.kind == "drug"]
    mixed: list[Mention] = []
    for drug, following in zip(drugs, [*drugs[1:], None], strict=True):
        mixed.append(drug)
        is_strong = _has_strength(words, drug.end)
        end = drug.end + is_strong
        if following is not None:
            between = words[end : following.start]
            if not between or (is_strong and len(between) <= 2 and _LISTS.issuperset(between)):
                continue
        if len(mixed) > 1 and not _CREAMS.isdisjoint(words[end : end + _CREAM_REACH]):
            # Without strengths a list may end in a ready-made cream: "naproxen, gabapentin, Voltaren gel".
            is_called_so = not _COMPOUND.isdisjoint(words[end : end + 1])
            if is_called_so or all(_has_strength(words, one.end) for one in mixed):
                for one in mixed:
                    one.drug_class = "topical compound"
                # The cream is what they make.
                for one in [
                    one for one in mentions if one.fact == _TOPICAL and 0 <= one.start - end < _CREAM_REACH
                ]:
                    mentions.remove(one)
        mixed = []


def _has_strength(words: list[str], end: int) -> bool:
    """Say whether a number as of percent stands behind a drug: sentences have no signs of percent."""
    strength, unit = (*words[end : end + 2], "", "")[:2]
    return strength.replace(".", "", 1).isdigit() and float(strength) <= _STRONGEST and unit != "mg"


_TOPICAL = "topical"
_STRONGEST = 30
_CREAM_REACH = 3
_LISTS = frozenset((",", "and", "with"))
_CREAMS = word_set("what is compounded")
_MEASURED = word_set("laboratory")


_UNNAMED = word_set("unnamed drug")


_COMPOUND = word_set("compound")
_COMPOUND_REACH = 8


def _drop_asking_surgeon(words: list[str], mentions: list[Mention]) -> None:
    """Drop the surgeon who asks for care, for that is the treating one: "the surgeon | requests therapy"."""
    for mention in mentions:
        if mention.fact == "surgery_consult" and words[mention.end - 1] == "surgeon":
            behind = words[mention.end : mention.end + _ASKING_REACH]
            if not _ASKS.isdisjoint(behind) and _PARTS_SPEECH.isdisjoint(behind):
                mentions.remove(mention)
                return


_ASKS = word_set("surgeon asks")
_ASKING_REACH = 3
_PARTS_SPEECH = frozenset((",", "who", "for", "and"))
_ANY_KIND = word_set("any kind")
OF_ANY_KIND = "of any kind"
"""The result of imaging of which there was none of any kind."""


def _drop_unnamed(words: list[str], mentions: list[Mention]) -> None:
    """Drop "Imaging:" before the studies that it heads, and the radiologist who read one that is named."""
    unnamed = [mention for mention in mentions if mention.fact == "unnamed_imaging"]
    if not unnamed:
        return
    last = max((m.start for m in mentions if m.fact in IMAGING and m.fact != "unnamed_imaging"), default=-1)
    for mention in unnamed:
        if mention.status == "denied" and not _ANY_KIND.isdisjoint(words[mention.end : mention.end + _NEAR]):
            mention.result = OF_ANY_KIND
        is_heading = words[mention.end : mention.end + 1] == [":"]
        if (is_heading and mention.end < last) or (words[mention.start] == "radiologist" and last >= 0):
            mentions.remove(mention)


@cache
def _drug_classes() -> dict[str, tuple[str, str]]:
    classes: dict[str, tuple[str, str]] = {}
    for row in read_rows("lexicons/drugs.csv"):
        usual, topical = classes.get(row["generics"], ("", ""))
        classes[row["generics"]] = (usual or row["drug_class"], topical or row["topical_class"])
    return {generics: (usual, topical or usual) for generics, (usual, topical) in classes.items()}


def drug_class(generics: str, words: list[str]) -> str:
    """Give DWC's class of a drug; the topical one where its name or the words after it say so."""
    usual, topical = _drug_classes()[generics]
    return usual if topical_words().isdisjoint(words) else topical


def _add_parts(words: list[str], hits: list[Hit], placed: list[Hit], mentions: list[Mention]) -> None:
    """Say of which part of the body care was: named before ("lumbar MRI") or after ("MRI of the neck")."""
    starts = sorted(mention.start for mention in mentions if mention.kind in CARE)
    for mention in mentions:
        if mention.parts or mention.kind not in CARE or mention.kind in DRUG_KINDS:
            continue
        if mention.fact in _OF_NO_PART:
            continue
        following = next((start for start in starts if start > mention.start), 10**6)
        before = _parts_before(words, placed, mention.start)
        is_own = True
        named: list[str] = []
        for _, end, entry in before:
            named += entry.parts
            is_own = is_own and _JOINS.isdisjoint(words[end : mention.start])
        if not named and mention.kind == "study" and mention.status == "present":
            # What a study shows names its part: "An X-ray revealed that the wrist was broken".
            end = _before_none(words, mention.end, min(following, mention.end + _AROUND))
            named = [p for start, _, entry in placed if mention.end <= start < end for p in entry.parts]
        if not named or not is_own:
            # "Therapy of the shoulder and MRI of the knee": its own part goes before its neighbour's.
            end = _phrase_start(words, placed, mention.end, following)
            named = _parts_after(words, hits, mention.end, end) or named
        mention.parts = tuple(dict.fromkeys(named))
    if not _NONE_OF.isdisjoint(words):
        mentions += _denied_for_parts(words, placed, mentions)


def _before_none(words: list[str], start: int, end: int) -> int:
    """Give where it is told that there was none of another part: "MRI of the back |, none of the neck"."""
    return next((at for at in range(start, min(end, len(words) - 1)) if _is_none_of(words, at)), end)


def _is_none_of(words: list[str], place: int) -> bool:
    return words[place] in _NONE_OF and words[place + 1] in _OF_PART


def _denied_for_parts(words: list[str], placed: list[Hit], mentions: list[Mention]) -> list[Mention]:
    """Deny care for the parts that had none, which was had for others: "to the neck, but not to the back"."""
    denied: list[Mention] = []
    for place in range(1, len(words) - 1):
        if not _is_none_of(words, place):
            continue
        parts = [
            part for start, _, hit in placed if place < start <= place + _NONE_REACH for part in hit.parts
        ]
        had = [one for one in mentions if one.end <= place and one.kind in CARE and one.parts]
        if not parts or not had or had[-1].kind in DRUG_KINDS or had[-1].status != "present":
            continue
        if set(parts).isdisjoint(had[-1].parts):
            other = Mention(had[-1].fact, had[-1].kind, place, place + 1, "denied")
            other.parts = tuple(dict.fromkeys(parts))
            denied.append(other)
    return denied


_NONE_OF = frozenset(("none", "not", "never"))
_OF_PART = frozenset(("of", "for", "to", "on", "in"))


def _add_purposes(words: list[str], placed: list[Hit], mentions: list[Mention]) -> None:
    """Say for which part a drug or device is: "Soma is meant | for the neck", "the knee is | why | Soma"."""
    for mention in mentions:
        if mention.parts or (mention.kind not in DRUG_KINDS and mention.fact not in _DEVICES):
            continue
        others = [one for one in mentions if one.kind in CARE and one is not mention]
        begin = max((one.end for one in others if one.end <= mention.start), default=0)
        end = min((one.start for one in others if one.start >= mention.end), default=len(words))
        parts = _purpose_behind(words, placed, mention.end, end)
        mention.parts = parts or _purpose_before(words, placed, begin, mention.start)


def _purpose_behind(words: list[str], placed: list[Hit], place: int, end: int) -> tuple[str, ...]:
    """Give the parts behind the first "for" or "because of" that tells no time and goes on to some."""
    while place < end and words[place] not in _ENDS_PURPOSE:
        place += 1
        if words[place - 1] not in _FOR or place == end or begins_with_digit(words[place]):
            continue
        last = place
        while last < min(end, place + _NEAR) and words[last] not in _ENDS_PURPOSE:
            last += 1
        if found := [part for start, _, entry in placed if place <= start < last for part in entry.parts]:
            return tuple(dict.fromkeys(found))
    return ()


def _purpose_before(words: list[str], placed: list[Hit], begin: int, start: int) -> tuple[str, ...]:
    """Give the part that is told, right before a drug, to be its reason or treated with it."""
    for _, end, entry in reversed(placed):
        if begin <= end <= start and start - end <= _NEAR and _ENDS_PURPOSE.isdisjoint(words[end:start]):
            is_told = not _REASONS.isdisjoint(words[end:start])
            return tuple(entry.parts) if is_told else ()
    return ()


_DEVICES = frozenset(("tens", "electrical_stimulation", "heat_or_cold", "brace"))
_FOR = word_set("for a part")
_REASONS = word_set("reason for a drug")
_ENDS_PURPOSE = word_set("clause end") | {",", "(", ")"}
_JOINS = word_set("joins care")
_NONE_REACH = 4


def _parts_before(words: list[str], placed: list[Hit], start: int) -> list[Hit]:
    """Give the parts of the body named right before a place."""
    return [hit for hit in placed if start - 2 <= hit[1] <= start and "," not in words[hit[1] : start]]


def _phrase_start(words: list[str], placed: list[Hit], end: int, start: int) -> int:
    """Give where the phrase of the next care begins, which stands at `start`: "therapy |and lumbar MRI"."""
    if start < len(words) and any(
        _JOINS.isdisjoint(words[hit[1] : start]) for hit in _parts_before(words, placed, start)
    ):
        for place in range(start - 1, end - 1, -1):
            if words[place] in _JOINS or words[place] == ",":
                return place
    return start


_OF_NO_PART = frozenset(
    (
        *("heart_tests", "laboratory_tests", "urine_drug_test", "sleep_study", "psychological_evaluation"),
        *("functional_capacity_evaluation", "psychotherapy", "functional_restoration", "home_health"),
    )
)


def _parts_after(words: list[str], hits: list[Hit], start: int, end: int) -> list[str]:
    """Give the parts of the body named behind care, without those that had none of it."""
    parts: list[str] = []
    last = start
    for place, after, entry in hits:
        if place < start:
            continue
        if place >= end or place - last > _NEAR or entry.cues & _ENDS_PARTS:
            break
        if entry.cues & _COMMA and not parts:
            break
        if parts and entry.cues & _NO:
            # "To the neck only, | none to the back"
            break
        if entry.parts:
            if parts and "none" in words[after : after + _NONE_REACH]:
                # "Went to the neck, and the back | has had none"
                break
            parts += entry.parts
            last = after
    return parts


def _body_mass_index(words: list[str], hits: list[Hit]) -> list[Mention]:
    places = [end for _, end, entry in hits if entry.cues & _BODY_MASS]
    told = next(filter(None, (_stated_index(words, place) for place in places)), None)
    ahead, value = told or (places[0] - 1, _from_height_and_weight(words))
    if value is None or not 10 <= value <= 100:
        return []
    if told and _is_upper_bound(words, ahead):
        # "BMI is less than 40": how high it is remains open.
        is_lean = value <= _OVERWEIGHT
        return [Mention("obesity", "finding", ahead, ahead + 1, "denied")] if is_lean else []
    found = [Mention("body_mass_index", "score", ahead, ahead + 1, "present", value)]
    if value >= _OBESE:
        found.append(Mention("obesity", "finding", ahead, ahead + 1, "present"))
    elif value < _OVERWEIGHT:
        found.append(Mention("obesity", "finding", ahead, ahead + 1, "denied"))
    return found


def _is_upper_bound(words: list[str], ahead: int) -> bool:
    """Say whether a figure is one below which the index lies: "less than 40", "does not exceed 40"."""
    if "or" in words[ahead + 1 : ahead + 2] and not _BELOW.isdisjoint(words[ahead + 2 : ahead + 3]):
        return True
    before = words[max(0, ahead - 4) : ahead]
    return not (_BELOW if _NOT.isdisjoint(before) else _ABOVE).isdisjoint(before)


def _stated_index(words: list[str], place: int) -> tuple[int, float] | None:
    if words[place - 1] in _WEIGHS:
        return None
    for ahead in range(place, min(place + 5, len(words))):
        value = _figure(words[ahead])
        if value is not None and 10 <= value <= 100:
            if words[ahead - 1] == "from" and words[ahead + 1 : ahead + 2] == ["to"]:
                # "Fell from 44 | to 36"
                continue
            return ahead, value
    return None


def _from_height_and_weight(words: list[str]) -> float | None:
    """Give the index of "5'6" and 210 pounds", to one decimal; None where one of them lacks."""
    weight = height = None
    for place, word in enumerate(words):
        value = _figure(word)
        if value is None:
            continue
        unit, after = (*words[place + 1 : place + 3], "", "")[:2]
        before = words[max(0, place - 2) : place]
        if unit == "in" and not _HEIGHT.isdisjoint(before):
            unit = "inch"
        if unit in _MASS:
            weight = weight or value * _MASS[unit]
        elif unit in _LENGTH and (unit in _FEET or value > _SHORTEST_INCHES):
            inches = _figure(after) if unit in _FEET else None
            height = height or value * _LENGTH[unit] + (inches or 0.0) * _LENGTH["inch"]
        elif 4 <= value <= 7 and (inches := _figure(unit)) is not None and inches < 12:
            # 5'6"
            height = height or value * _LENGTH["foot"] + inches * _LENGTH["inch"]
        elif not _WEIGHS.isdisjoint(before) and value > _LIGHTEST:
            weight = weight or value * _MASS["pound"]
    return round(weight / height**2, 1) if weight and height else None


def _figure(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        # "Five feet four"
        return whole_number(word)


_WEIGHS = word_set("weighs")
_NOT = word_set("no")
_BELOW = word_set("below a bound")
_ABOVE = word_set("above a bound")
_MASS = {"lb": 0.4536, "lbs": 0.4536, "pound": 0.4536, "kg": 1.0, "kilogram": 1.0}
_LENGTH = {"foot": 0.3048, "feet": 0.3048, "ft": 0.3048, "inch": 0.0254, "cm": 0.01}
_HEIGHT = frozenset(("ht", "height"))
_FEET = frozenset(("foot", "feet", "ft"))
_SHORTEST_INCHES = 40
_LIGHTEST = 70
_OBESE = 30
_OVERWEIGHT = 25

_FOUND_IN = word_set("found in urine")
_TESTED = word_set("tested for drugs")
_DENIES = _NO | CUE["no after"]


def _tell_of_none_now(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken no longer where none is now: "medication: none now, | Norco | after surgery"."""
    for mention in mentions:
        if (
            mention.fact == "medication"
            and mention.status == "denied"
            and words[mention.end - 1] in _MEDICINES
        ):
            mention.result = STOPPED
            if not _NOW_SO.isdisjoint(words[mention.end : mention.end + _NEAR]):
                for drug in mentions:
                    if drug.kind == "drug" and drug.status == "present":
                        drug.status = "historical"


_NOW = word_set("now taken")
_MEDICINES = frozenset(("drug", "med", "medication", "medicine", "pill", "prescription", "tablet"))
_NOW_SO = frozenset(("currently", "now", "presently"))
STOPPED = "stopped"
"""The result of medication of which none is taken now."""
