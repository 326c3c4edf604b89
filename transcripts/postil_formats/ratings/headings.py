"""What headings of tables of ratings tell: units, coders, ratings, totals, or a series of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise


# Words in headings, folded: letters and digits only, no capitals.
def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


UNITS = _words(
    "unit units unitid item items itemid id ids subject subjects case cases caseid segment segments segmentid object",
    "row line nr no num number index document doc docid file text transcript interview passage quote quotation excerpt",
    "utterance sentence turn post tweet comment response participant question stimulus article target sample task",
    "einheit einheiten fall fälle fallid nummer textstelle segmentnr fundstelle zeile beleg absatz dokument aussage",
    "unidad unidades segmento fragmento caso documento pasaje unité unités cas passage extrait unidad unità caso brano",
    "unidade trecho eenheid fragment geval jednostka 単位 单元",
)
CODERS = _words(
    "coder coders rater raters annotator judge reviewer observer worker user kodierer kodiererin codierer codiererin",
    "beurteiler beurteilerin codeur codeuse annotateur juge codificador codificadora codificadores evaluador juez",
    "anotador codificatore valutatore codeerder beoordelaar koder koderka",
)
VALUES = _words(
    "rating ratings value code codes category label score choice answer kategorie wert bewertung urteil judgement",
    "judgment código codigo categoría categoria valor catégorie valeur codice categoria valore waarde categorie",
)
OTHERS = _words(
    "note notes comment comments remark remarks memo memos reason rationale why agree agreed agreement match same",
    "bemerkung bemerkungen kommentar kommentare notiz notizen anmerkung anmerkungen hinweis hinweise begründung",
    "übereinstimmung uebereinstimmung konsens einigung endgültig mittelwert differenz abweichung",
    "observación observaciones observacion nota notas comentario comentarios acuerdo consenso remarque remarques",
    "commentaire commentaires accord consensus osservazioni commento commenti opmerking opmerkingen uwagi",
    "diff difference total totals sum summe mean average median mode consensus final gold goldstandard truth",
    "confidence conf certainty sicherheit date datum time timestamp start end page url source speaker file document",
    "doc text transcript interview quote quotation passage",
)
# Words that say it in a heading of several words, too; the others may be part of a coder's name.
_TELLING = OTHERS - _words("end page mode same why source speaker file document doc text interview quote date time sum")
TOTALS = _words(
    "total totals sum summe gesamt mean average mittelwert median sd agreement subtotal grandtotal count kappa alpha",
    "gesamtsumme zwischensumme insgesamt summen anzahl durchschnitt übereinstimmung uebereinstimmung prozent percent",
    "percentagreement stdev variance varianz σ suma totales promedio media recuento acuerdo somme totaux moyenne",
    "accord totale totali somma totaal som gemiddelde soma média razem suma średnia 合計 合计 总计 平均",
)


LETTERS_OF_TOTALS = frozenset({"n", "m", "ø", "%", "#", "x̄", "no", "nr"})  # a unit may be called so, too


def folded(word: str) -> str:
    """A heading as it is compared: letters and digits only, without capitals.

    >>> folded("Unit ID"), folded("Coder_1")
    ('unitid', 'coder1')
    """
    return "".join(c for c in word.casefold() if c.isalnum())


def is_number(cell: str) -> bool:
    """Whether a cell is a number, with a point or a comma."""
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def one_series(titles: Sequence[str]) -> bool:
    """Whether two headings count on from one another: c1 and c2, Rater A and Rater B.

    >>> one_series(["r0", "r1"]), one_series(["a", "b"]), one_series(["unit", "a"])
    (True, True, False)
    """
    one, other = (re.fullmatch(r"(.*?)(\d+|\w)", title.strip().casefold()) for title in titles)
    if not one or not other or one[1] != other[1]:
        return False
    if one[2].isdigit() and other[2].isdigit():
        return int(other[2]) == int(one[2]) + 1
    return len(one[2]) == len(other[2]) == 1 and ord(other[2]) == ord(one[2]) + 1


def counts_up(cells: Sequence[str]) -> bool:
    """1, 2, 3, … or another row of whole numbers in steps of one."""
    if len(cells) < 2 or not all(cell.isascii() and cell.isdigit() for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return all(b - a == 1 for a, b in pairwise(numbers))


def is_other(title: str) -> bool:
    """Whether a heading names what is no coder's: notes, a consensus, a total, a place in a text.

    >>> is_other("Notes on coding"), is_other("final code"), is_other("a_conf"), is_other("Max")
    (True, True, True, False)
    """
    return folded(title) in OTHERS or any(folded(word) in _TELLING for word in re.split(r"[\W_]+", title) if word)


def is_total(cell: str) -> bool:
    """Whether a cell names a row of totals, with or without a figure: "Total", "Summe: 3", "n = 12".

    >>> is_total("Gesamtsumme"), is_total("% agreement"), is_total("N=5"), is_total("12 total"), is_total("N")
    (True, True, True, False, False)
    """
    if cell[:1].isdigit():
        return False
    word = "".join(c for c in folded(cell) if not c.isdigit())
    return word in TOTALS or bool(re.match(r"[nN]\s*=\s*\d", cell))


def factors(titles: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """First and second parts of headings that cross two lists, theme_anna to tone_ben; None for any others.

    >>> factors(["theme_anna", "theme_ben", "tone_anna", "tone_ben"])
    (['theme', 'tone'], ['anna', 'ben'])
    """
    pairs = [re.fullmatch(r"(.+?)[\s_.:/-]+(.+)", title.strip()) for title in titles]
    parts = [(pair[1], pair[2]) for pair in pairs if pair]
    if len(parts) < len(titles) or len(set(parts)) < len(parts):
        return None
    first, second = (list(dict.fromkeys(part[i] for part in parts)) for i in (0, 1))
    crossed = len(first) > 1 and len(second) > 1 and len(first) * len(second) == len(parts)
    return (first, second) if crossed else None
