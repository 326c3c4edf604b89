"""Consent written under keys in other words and languages is a no until somebody writes it as consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_study.privacy.consent.purposes import doubts, not_quoted, not_recorded, quoted_by_consent
from postil_study.study import open_study
from tests.postil_study.privacy.consent.test_everywhere import STUDY, the_study

REFUSES = "E02: {size: large, consent: {quote: false, share: true}}"
ABOUT = (
    "einwilligung: nein",
    "Einverständnis: {zitat: nein}",
    "consentimiento: no",
    "consenso: no",
    "informed_consent: no",
    "toestemming: nee",
    "quotable: no",
    "may_quote: no",
    "do not quote: true",
    "zitieren: nein",
    "同意: 否",
    "permission to quote: no",
    "consent: {quote: true, share: true}, quote_ok: no",
)


@pytest.mark.parametrize("line", ABOUT)
def test_consent_in_other_words_is_a_no_and_said(line: str, tmp_path: Path) -> None:
    study = open_study(the_study(tmp_path / "s", STUDY.replace(REFUSES, f"E02: {{size: large, {line}}}")))
    assert "E02" in not_quoted(study) and any("E02" in doubt for doubt in doubts(study))


@pytest.mark.parametrize("line", ["consensus: high", "citations: 12", "situation: calm", "x-consent-note: oral"])
def test_attributes_that_are_not_about_consent_leave_it_as_it_is(line: str, tmp_path: Path) -> None:
    study = open_study(the_study(tmp_path / "s", STUDY.replace(REFUSES, f"E02: {{{line}}}")))
    assert "E02" in not_recorded(study) and not doubts(study)


@pytest.mark.parametrize("line", ["consent_date: 2024-01-01", "consent form: signed", "einwilligung_datum: 2024-01-01"])
def test_when_somebody_agreed_does_not_undo_a_clear_yes(line: str, tmp_path: Path) -> None:
    text = STUDY.replace(REFUSES, f"E02: {{{line}, consent: {{quote: true, share: true}}}}")
    assert "E02" in quoted_by_consent(open_study(the_study(tmp_path / "s", text)))
