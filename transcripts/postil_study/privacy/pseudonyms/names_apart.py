"""What is capitalised and no name of a person, an organisation or a place: products, technical words, languages.

A judgement by form and by lists of what every field uses. Such words stand apart and are not offered; whoever wants
one replaced says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from postil_study.text.vocabulary import words

TECHNICAL = "technical"

_PRODUCTS = words(
    """python java javascript typescript linux windows android macos ios unix ubuntu debian mac docker kubernetes azure
    aws gcp jupyter notebook colab excel powerpoint outlook teams zoom slack discord skype whatsapp youtube wikipedia
    twitter instagram telegram wechat github gitlab git maven gradle npm pypi conda anaconda node react angular vue
    flask django rails spring keras pytorch tensorflow scikit pandas numpy scipy gradio streamlit spark hadoop kafka
    redis postgres postgresql postgre mysql mongo mongodb sqlite elasticsearch bash matlab stata spss nvivo maxqda
    chrome firefox safari bluetooth tableau jira confluence trello figma photoshop latex markdown apache nginx cuda
    jenkins terraform ansible grafana kubeflow airflow databricks snowflake bigquery lambda kindle iphone ipad alexa
    siri chatgpt copilot huggingface stackoverflow arxiv moodle canvas qualtrics"""
)
_LANGUAGES = words(
    """english german french spanish italian portuguese dutch danish swedish norwegian finnish polish czech russian
    ukrainian turkish greek hebrew arabic persian farsi hindi urdu bengali tamil telugu chinese mandarin cantonese
    japanese korean vietnamese thai indonesian malay swahili latin american british european asian african australian
    canadian mexican brazilian indian irish scottish christian muslim jewish catholic"""
)
_CAPS = re.compile(r"[A-Z]{2,}s?|[A-Z][A-Z0-9-]*\d[\w-]*")
_CAMEL = re.compile(r".*[a-zß-öø-ÿ][A-Z]|[A-Z]{2,}[a-z]{2,}")
_OF_NAMES = re.compile(r"(?:Mc|Mac|Fitz|De|Di|Du|La|Le|Van|O['’])[A-Z][a-z]+")
_TERMS = re.compile(r".{3,}(?:ability|ibility|i[sz]ation|ology|ness)", re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z]{2,3}")


def is_technical(phrase: str, spoken: str) -> bool:
    """Whether a row of capitalised words is a product or a technical word.

    ``spoken`` is the text as it is written: a term is there in small letters, too, whole or its last two words.

    >>> [is_technical(word, "") for word in ("GPU", "T5", "PyTorch", "Python", "Berlin", "McDonald", "JK Rowling")]
    [True, True, True, True, False, False, False]
    >>> is_technical("Deep Learning", "a model of deep learning"), is_technical("Will Baker", "the baker will")
    (True, False)
    """
    parts = phrase.split(" ")
    if len(parts) > 1 and _INITIALS.fullmatch(parts[0]) and not any(map(_is_word_apart, parts[1:])):
        return parts[0].lower() in _PRODUCTS
    if any(map(_is_word_apart, parts)):
        return True
    return len(parts) > 1 and " ".join(parts[-2:]).lower() in spoken


def _is_word_apart(word: str) -> bool:
    if word.lower().removesuffix("s") in _PRODUCTS or word.lower() in _PRODUCTS | _LANGUAGES:
        return True
    odd = _CAPS.fullmatch(word) or _TERMS.fullmatch(word) or any(character.isdigit() for character in word)
    return bool(odd) or (_CAMEL.match(word) is not None and _OF_NAMES.fullmatch(word) is None)


_DETERMINERS = words(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen meinem
    meiner dein deine sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser unsere unseren jede jeder jedes
    jeden diese dieser dieses diesen diesem welche welcher welches viel viele vielen wenig mehr manche alle allen am im
    zum zur vom beim ins ans"""
)
_MANY_CAPITALS = 0.1  # of the words inside sentences: a language that writes its nouns so


def writes_nouns_so(inside: int, all_words: int) -> bool:
    """Whether so many words inside sentences are capitalised that nouns must be, as in German."""
    return all_words > 20 and inside > _MANY_CAPITALS * all_words


def is_noun(before: Iterable[str]) -> bool:
    """Whether what stands before each place of a word is mostly an article: then it is a noun, no name."""
    heads = [text.rsplit(None, 1)[-1].lower() if text.split() else "" for text in before]
    return 2 * sum(head in _DETERMINERS for head in heads) > len(heads)
