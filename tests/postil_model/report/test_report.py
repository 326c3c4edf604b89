"""The report: self-contained, escaped, consent obeyed; in a real browser where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from postil_model.decision.of_study import build_model
from postil_model.report.figures import inline, thresholds
from postil_model.report.of_study import report
from postil_study.study import open_study
from tests.firefox import FIREFOX, firefox

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def page() -> str:
    return report(open_study(ROOT))


class Structure(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "xlink:href") and not (value or "").startswith(("#", "data:")):
                self.loaded.append(value or "")


def test_loads_nothing_and_every_id_is_unique(page: str) -> None:
    found = Structure(page)
    assert found.loaded == []
    assert len(found.ids) == len(set(found.ids))
    assert "default-src 'none'" in page


def test_every_node_and_edge_of_the_figures_has_its_list(page: str) -> None:
    lists = set(re.findall(r'data-for="([^"]+)"', page))
    drawn = {re.sub(r"^t\d+-", "", one) for one in Structure(page).ids if re.match(r"t\d+-(node|edge)-", one)}
    assert drawn and drawn <= lists


def test_words_are_there_with_their_question_and_the_cue_is_marked(page: str) -> None:
    assert re.search(r"<blockquote[^>]*><p class=\"asked\">", page)
    assert page.count("<mark>") > 50


def test_refused_consent_is_obeyed() -> None:
    study = open_study(ROOT)
    refused = [p.id for p in study.settings.participants.values() if p.consent_quote is False]
    assert refused, "the illustrative study holds such a participant"
    text = report(study)
    evidence = build_model(study).evidence
    words = {evidence.quote(row) for row in evidence.rows if row.participant in refused and row.start is not None}
    assert any(len(said) > 60 for said in words)
    assert not any(said in text for said in words if len(said) > 60)
    assert "words withheld" in text


@pytest.mark.parametrize("quotes", ["ids", "none"])
def test_without_words_no_word_of_a_participant_is_in_the_file(quotes: str) -> None:
    study = open_study(ROOT)
    text = report(study, quotes)  # type: ignore[arg-type]
    model = build_model(study)
    said = {model.evidence.quote(row) for row in model.evidence.rows if row.start is not None}
    long_ones = {words for words in said if len(words) > 60}
    assert long_ones and not any(words in text for words in long_ones)
    assert ("<blockquote" in text) == (quotes == "ids")


def test_all_sections_are_there(page: str) -> None:
    for section in ("model", "evidence", "agreement", "saturation", "joint", "codebook"):
        assert f'<section id="{section}">' in page
    joint = page[page.index('<section id="joint">') : page.index('<section id="codebook">')]
    assert "3.19% (199/6,243)" in joint and "no sampling error: a census" in joint and "“" in joint


def test_the_same_study_gives_the_same_bytes(page: str) -> None:
    assert report(open_study(ROOT)) == page


def test_thresholds_hold_the_studys_own() -> None:
    model = build_model(open_study(ROOT))
    assert 1 in thresholds(model) and model.params.min_participants in thresholds(model)


def test_inline_svg_gets_a_prefix_and_no_fixed_size() -> None:
    svg = '<?xml version="1.0"?><!-- x --><svg width="9pt" height="8pt" viewBox="0 0 9 8"><g id="a" class="b"/></svg>'
    assert inline(svg, "t2-") == '<svg viewBox="0 0 9 8"><g id="t2-a" class="b"/></svg>'


@pytest.mark.prove
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_link_to_an_edge_opens_its_words_in_a_browser(page: str, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update", "--disable-quic"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=4000", "--dump-dom"),
            f"{file.as_uri()}#edge-E05",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    panel = re.search(r"<aside[^>]*>(.*?)</aside>", done.stdout, re.DOTALL)
    assert panel is not None
    assert "Find a PTM" in panel[1] and panel[1].count("<blockquote") >= 5
    assert re.search(r'<g id="t2-edge[^"]*E05"[^>]*role="button"', done.stdout)


@pytest.mark.prove
@pytest.mark.skipif(FIREFOX is None, reason="no Firefox here")
def test_keys_slider_and_people_work_in_firefox(page: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    (tmp_path / "profile").mkdir()
    with firefox(tmp_path / "profile") as browser:
        browser.go((tmp_path / "report.html").as_uri())
        for _ in range(40):
            browser.press("Tab")
            if browser.js("return document.activeElement.tagName") == "g":
                break
        here = "const a = document.activeElement; return [a.getAttribute('role'), a.getAttribute('aria-label')]"
        role, label = browser.js(here)
        assert role == "button" and re.search(r"\d+/12$", label)
        assert browser.js("return document.activeElement.closest('svg').getAttribute('role')") == "group"
        browser.press("Enter")
        panel = "const p = document.querySelector('aside'); "
        assert browser.js(f"{panel}return [p.hidden, p.querySelector('h3').textContent]") == [False, label]
        assert browser.js(f"{panel}return p.querySelectorAll('blockquote').length") > 0
        browser.press("Escape")
        assert browser.js(f"{panel}return p.hidden") and browser.js(here)[1] == label  # back where one was
        browser.js("document.querySelector('#threshold').focus()")
        level = "return Number(document.querySelector('.drawing > div:not([hidden])').dataset.threshold)"
        before = browser.js(level)
        browser.press("Right")
        assert browser.js(level) > before
        browser.js("document.querySelector('.person').focus()")
        browser.press("Space")
        assert browser.js("return document.querySelectorAll('.drawing > div:not([hidden]) g.dim').length") > 0
