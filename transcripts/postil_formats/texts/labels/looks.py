"""What the words of a label look like: a role, a name, the display name of a meeting program, a date."""

from __future__ import annotations

import re

from postil_study.text.vocabulary import DEVICES, GREETINGS, NO_LABELS, PARTICLES, REPORTING, ROLES

_REST = re.compile(r"\s+[|/–—-]\s+|\s*[|]\s*")  # between the name and what a display name says beside it
_ASIDE = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]|<[^<>]*>")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_LONGEST = 10  # words of a display name


def like_role(label: str) -> bool:
    """A label that names a role or carries a number: ``Speaker 2``, ``P31``, ``Unknown Speaker``.

    >>> like_role("Speaker 2"), like_role("P31"), like_role("Maria said"), like_role("I would say")
    (True, True, False, False)
    """
    words = label.split()
    if not words or len(words) > 3 or any(word[0].islower() for word in words[1:]):
        return False
    numbered = any(character.isdigit() for character in label)
    return numbered or (words[0].lower() in ROLES and len(words) == 1) or words[-1].lower() in ROLES


def like_name(label: str) -> bool:
    """A label whose words are capitalised, numbers, or of a script without capitals; a device, an address.

    >>> like_name("Okafor, Dr. Ngozi"), like_name("P32 (Guest)"), like_name("id1"), like_name("Maria said")
    (True, True, True, False)
    >>> like_name("Dana Smith (she/her) | Univ. of Somewhere"), like_name("dana's iPad #2")
    (True, True)
    """
    if not any(character.isalnum() for character in label) or len(label.split()) > _LONGEST:
        return False
    plain = (
        _ASIDE.sub(" ", label) if any(sign in label for sign in "([<") else label
    )  # (she/her), (Guest): part of the label all the same
    name = _REST.split(plain.strip(), maxsplit=1)[0]
    words = re.findall(r"[^\s(),]+", name)
    if not words or len(words) > 5:
        return False
    if len(words) == 1 or like_role(label) or is_device(label):
        return True
    return all(word in PARTICLES or not word[0].islower() for word in words)


def is_device(label: str) -> bool:
    """Whether a label is called after a machine: ``dana's iPad #2``, ``Galaxy S21``, ``call-in user 3``.

    >>> is_device("dana's iPad #2"), is_device("call-in user 3"), is_device("on the phone")
    (True, True, False)
    """
    words = re.findall(r"[\w-]+", label.casefold())
    return bool(DEVICES.intersection(words)) and not {"the", "a", "my", "on", "with", "and"}.intersection(words)


def is_date(label: str) -> bool:
    """Whether a label is a date, which stands before a time in the heads of transcripts.

    >>> is_date("May 6, 2024"), is_date("12.5.26"), is_date("P07")
    (True, True, False)
    """
    return _DATE.search(label) is not None


def no_label(label: str) -> bool:
    """Whether words with a colon are such as stand in running text: ``Note:``, ``She said:``.

    >>> no_label("Note"), no_label("She said"), no_label("Edward Said"), no_label("Said")
    (True, True, False, False)
    """
    words = label.split()
    return label.lower() in NO_LABELS or (len(words) > 1 and words[-1] in REPORTING)


def names_somebody(text: str) -> bool:
    """Whether a text is no talk but a name, as a header gives it: ``Dana Smith``, ``Dr. X``, ``P07``.

    >>> names_somebody("Dana Smith"), names_somebody("Dr. X"), names_somebody("P07"), names_somebody("Welcome.")
    (True, True, True, False)
    >>> names_somebody("Hello"), names_somebody("How did you pick it?"), names_somebody("Mhm")
    (False, False, False)
    """
    words = text.split()
    if not words or len(words) > 5 or text.rstrip().endswith((".", "?", "!", "…", ",")):
        return False
    return like_name(text) and (len(words) > 1 or any(character.isdigit() for character in text))


def only_a_name(text: str) -> bool:
    """Whether a text may be nothing but a name, also a first name alone; words of greeting and assent are none.

    >>> only_a_name("Dana"), only_a_name("Dana Smith"), only_a_name("Hello"), only_a_name("Dana."), only_a_name("cheap")
    (True, True, False, False, False)
    """
    plain = text.strip()
    one = len(plain.split()) == 1 and plain[:1].isupper() and plain.isalpha() and plain.casefold() not in GREETINGS
    return names_somebody(plain) or one
