"""What every measure is called, how it is defined, and whom to cite: for tables, sheets and the methods paragraph."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure as it is shown: label, short label of a column, definition with its undefined answers, reference."""

    label: str
    short: str
    text: str
    reference: str = ""


REFERENCES = {
    "brennan": "Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: Some uses, misuses, and "
    "alternatives. Educational and Psychological Measurement, 41(3), 687–699.",
    "cicchetti": "Cicchetti, D. V., & Feinstein, A. R. (1990). High agreement but low kappa: II. Resolving the "
    "paradoxes. Journal of Clinical Epidemiology, 43(6), 551–558.",
    "cohen": "Cohen, J. (1960). A coefficient of agreement for nominal scales. "
    "Educational and Psychological Measurement, 20(1), 37–46.",
    "conger": "Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. "
    "Psychological Bulletin, 88(2), 322–328.",
    "devries": "de Vries, H., Elliott, M. N., Kanouse, D. E., & Teleki, S. S. (2008). Using pooled kappa to "
    "summarize interrater agreement across many items. Field Methods, 20(3), 272–282.",
    "dice": "Dice, L. R. (1945). Measures of the amount of ecologic association between species. "
    "Ecology, 26(3), 297–302.",
    "efron": "Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall.",
    "fleiss": "Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. "
    "Psychological Bulletin, 76(5), 378–382.",
    "fleiss-se": "Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and "
    "weighted kappa. Psychological Bulletin, 72(5), 323–327.",
    "gwet": "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high "
    "agreement. British Journal of Mathematical and Statistical Psychology, 61(1), 29–48.",
    "jaccard": "Jaccard, P. (1901). Étude comparative de la distribution florale dans une portion des Alpes et des "
    "Jura. Bulletin de la Société Vaudoise des Sciences Naturelles, 37, 547–579.",
    "krippendorff": "Krippendorff, K. (2019). Content analysis: An introduction to its methodology (4th ed.). SAGE.",
    "light": "Light, R. J. (1971). Measures of response agreement for qualitative data: Some generalizations "
    "and alternatives. Psychological Bulletin, 76(5), 365–377.",
    "mathet": "Mathet, Y., Widlöcher, A., & Métivier, J.-P. (2015). The unified and holistic method gamma (γ) for "
    "inter-annotator agreement measure and alignment. Computational Linguistics, 41(3), 437–479.",
    "passonneau": "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and "
    "pragmatic annotation. Proceedings of LREC 2006, 831–836.",
    "scott": "Scott, W. A. (1955). Reliability of content analysis: The case of nominal scale coding. "
    "Public Opinion Quarterly, 19(3), 321–325.",
    "unitizing": "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of "
    "unitizing textual continua: Further developments. Quality & Quantity, 50(6), 2347–2364.",
}

_UNDEFINED = "Undefined if nobody applied the code, or everybody applied it everywhere."

MEASURES: dict[str, Definition] = {
    "percent_agreement": Definition(
        "Percent agreement",
        "agreement",
        "Share of agreeing pairs of coders, mean over units with two or more ratings. Not corrected for chance, and "
        "always high for rare codes, because most text is uncoded.",
    ),
    "agreement_krippendorff": Definition(
        "Agreement (1 - observed disagreement of alpha)",
        "1 - D_o",
        "Units weighted by their number of ratings; differs from percent agreement once ratings are missing.",
        "krippendorff",
    ),
    "krippendorff_alpha": Definition(
        "Krippendorff's alpha",
        "alpha",
        f"1 - observed/expected disagreement, nominal, missing ratings allowed. {_UNDEFINED}",
        "krippendorff",
    ),
    "cohen_kappa": Definition(
        "Cohen's kappa",
        "kappa",
        f"(p_o - p_e)/(1 - p_e) of two coders, p_e from each coder's own margins. {_UNDEFINED}",
        "cohen",
    ),
    "light_kappa": Definition(
        "Light's kappa",
        "kappa (Light)",
        "Mean of Cohen's kappas of all pairs of coders. Undefined if one of them is.",
        "light",
    ),
    "scott_pi": Definition(
        "Scott's pi", "pi", f"As kappa, with the two coders' margins averaged. {_UNDEFINED}", "scott"
    ),
    "fleiss_kappa": Definition(
        "Fleiss' kappa",
        "kappa (Fleiss)",
        "Scott's pi for more coders, in Gwet's form for missing ratings: text that one coder alone finished enters the "
        f"expected part. {_UNDEFINED}",
        "fleiss",
    ),
    "conger_kappa": Definition(
        "Conger's kappa", "kappa (Conger)", f"Cohen's kappa for more coders. {_UNDEFINED}", "conger"
    ),
    "gwet_ac1": Definition(
        "Gwet's AC1",
        "AC1",
        "p_e = 2 pi (1 - pi): not pulled down when a code is very rare or very common. "
        "Undefined if no unit has two ratings.",
        "gwet",
    ),
    "gwet_ac2": Definition("Gwet's AC2", "AC2", "AC1 with weights for a coded scale.", "gwet"),
    "brennan_prediger": Definition(
        "Brennan-Prediger",
        "BP",
        "p_e = 1/q with q declared categories (2 for a code: applied or not). Undefined if no unit has two ratings.",
        "brennan",
    ),
    "jaccard": Definition(
        "Jaccard",
        "Jaccard",
        "Of what either coder coded, the share both did: n11/(n11+n10+n01). Undefined if neither did.",
        "jaccard",
    ),
    "dice": Definition("Dice", "Dice", "2 n11/(2 n11+n10+n01). Undefined if neither coded anything.", "dice"),
    "pooled_kappa": Definition(
        "Pooled kappa",
        "pooled kappa",
        "(mean p_o - mean p_e)/(1 - mean p_e) over codes, per pair of coders. Other measures are pooled "
        "in the same way.",
        "devries",
    ),
    "u_alpha": Definition(
        "u-alpha",
        "u-alpha",
        "Alpha of units cut out of the running text: where and what. Text of transcripts laid end to end. Undefined if "
        "codes overlap, a coder is missing in a transcript, or nothing is coded.",
        "unitizing",
    ),
    "bu_alpha": Definition("Binary |u-alpha", "|u-alpha", "Coded against not coded, whatever the code.", "unitizing"),
    "cu_alpha": Definition(
        "cu-alpha", "cu-alpha", "Which code, within text that two coders coded; see its coverage.", "unitizing"
    ),
    "ku_alpha": Definition("(k)u-alpha", "(k)u-alpha", "One code within text that two coders coded.", "unitizing"),
    "alpha_jaccard": Definition(
        "Alpha over label sets, Jaccard distance",
        "alpha (Jaccard)",
        "Value of a character: the set of its codes; distance 1 - |A and B|/|A or B|, not squared.",
        "jaccard",
    ),
    "alpha_masi": Definition(
        "Alpha over label sets, MASI distance",
        "alpha (MASI)",
        "Distance 1 - J*M, M 1 for equal sets, 2/3 if one holds the other, 1/3 if they meet.",
        "passonneau",
    ),
    "krippendorff_alpha_setequality": Definition(
        "Alpha over label sets, equal or not",
        "alpha (equal)",
        "Sets count as different as soon as one label is.",
        "krippendorff",
    ),
    "code_existence_agreement": Definition(
        "Code existence",
        "existence",
        "Share of (transcript, code) cells where both or neither applied the code.",
    ),
    "code_existence_kappa": Definition(
        "Kappa of code existence", "existence kappa", "Cohen's kappa over these cells.", "cohen"
    ),
    "code_frequency_agreement": Definition(
        "Code frequency", "frequency", "Share of these cells where both have the same number of segments."
    ),
    "exact_f1": Definition("F1, exact segments", "F1 exact", "2|A and B|/(|A|+|B|) over segments with the same ends."),
    "overlap_f1": Definition(
        "F1, overlapping segments", "F1 overlap", "Share of both coders' segments that meet one of the other's."
    ),
    "specific_agreement": Definition(
        "Positive specific agreement on relations",
        "specific agreement",
        "2|A and B|/(|A|+|B|) over typed relations between codes with their guards, once a transcript; the same "
        "without guards beside it. Undefined if neither drew any.",
        "cicchetti",
    ),
    "gamma": Definition(
        "Gamma",
        "gamma",
        "1 - observed/expected disorder of the best alignment; say sampler, alpha, beta, samples and seed.",
        "mathet",
    ),
}

GENERAL = (
    ("unit char", "one Unicode code point of what participants said; line feeds within a turn count"),
    ("unit word, sentence", "by the rules of postil_study.text.units, whose version is printed"),
    ("unit turn", "the words of one turn of a participant"),
    ("any-overlap rule", "a word, sentence, turn or given unit is coded if at least one of its characters is"),
    ("not applied", "text left uncoded in a layer that is done; a layer that is not done is missing, not empty"),
    (
        "95% interval",
        "over transcripts that two or more coders finished: jackknife with Student's t, upper end cut at 1, "
        "or, if asked for, percentiles of 1,000 bootstrap replicates from a fixed seed",
    ),
    ("rough interval", "fewer than 8 such transcripts"),
    (
        "no interval",
        "a coder applied the code to fewer than 5 units (characters: 5 segments), or one such transcript",
    ),
    ("mode", "denied, hypothetical, wished and reported uses count as uses, unless modes are told apart"),
    ("pooled over codes", "1 - mean disagreement / mean room over codes that somebody applied"),
    ("headline, supplement", "the headline was declared in study.yaml; everything else is a supplement"),
)


def label_of(name: str) -> str:
    """How a measure is named in a sentence."""
    return MEASURES[name].label if name in MEASURES else name
