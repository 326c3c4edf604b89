"""The report: self-contained, escaped, consent obeyed; in a real browser where there is one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from postil_base.quoting.pages import policy
from postil_model.decision.of_study import build_model
from postil_model.drawing.picture import Group, Picture
from postil_model.report.figures import inline, thresholds
from postil_model.report.of_study import report
from postil_study.study import open_study
from tests.firefox import FIREFOX, firefox
from tests.postil_formats.tables.test_spreadsheets import contrast

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


def test_inline_svg_gets_a_prefix() -> None:
    made = inline(Picture("P", 9, 8, (Group((), "a", "b"),)), "t2-")
    assert made.startswith("<svg ") and '<g id="t2-a" class="b"></g>' in made


class Counts(HTMLParser):
    """What stands below each heading, and the number in the heading."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.told: dict[str, int] = {}
        self.listed: dict[str, list[str]] = {}
        self.passages: list[tuple[int, int]] = []  # told in a summary, listed below it
        self.path: list[tuple[str, str]] = []
        self.heading = self.number = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "input", "br"):
            return
        self.path.append((tag, dict(attrs).get("class") or ""))
        if tag in ("h2", "h3"):
            self.heading = ""
        if ("details", "evidence") in self.path and tag == "details":
            self.passages.append((0, 0))
        if tag == "blockquote":
            told, listed = self.passages[-1]
            self.passages[-1] = (told, listed + 1)
        parent = self.path[-2][0] if len(self.path) > 1 else ""
        if (tag, parent) in (("details", "section"), ("tr", "tbody"), ("dt", "div")):
            self.listed.setdefault(self.heading, []).append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.path]
        if self.path and self.path[-1] == ("span", "count"):
            number = int(data.split()[0])
            if "summary" in tags:
                self.passages[-1] = (number, self.passages[-1][1])
            else:
                self.told[self.heading] = number
        elif "h2" in tags or "h3" in tags:
            self.heading += data.strip()


def test_every_heading_counts_what_is_listed_below_it(page: str) -> None:
    found = Counts(page)
    assert {"Nodes", "Edges in the figure", "Codebook", "Said and measured", "Other measures"} <= set(found.told)
    for heading, number in found.told.items():
        assert len(found.listed[heading]) == number, heading
    assert len(found.passages) > 30 and all(told == listed for told, listed in found.passages)
    model = build_model(open_study(ROOT))
    assert found.told["Nodes"] == len(model.shown_nodes) and found.told["Edges in the figure"] == len(model.shown_edges)


def test_no_word_is_smaller_than_eleven_pixels(page: str) -> None:
    style = page[page.index("<style>") : page.index("</style>")]
    screen = style[: style.index("@page {")]
    assert all(float(size) >= 11 for size in re.findall(r"font(?:-size)?:\s*(?:[\d.]+\s+)?([\d.]+)px", screen))
    assert all(float(size) * 16 * 0.88 >= 11 for size in re.findall(r"font-size:\s*([\d.]+)r?em", screen))
    smallest = min(float(size) for size in re.findall(r'<text [^>]*font-size="([\d.]+)"', page))
    readable = re.search(r"READABLE = (\d+) / (\d+);", page)
    assert readable is not None and smallest * int(readable[1]) / int(readable[2]) >= 11


def test_in_the_dark_every_colour_of_a_picture_has_one_that_can_be_read(page: str) -> None:
    style = page[page.index("<style>") : page.index("</style>")]
    found = dict(re.findall(r'svg (\[(?:fill|stroke)="#[0-9A-F]{6}"\]) \{ (?:fill|stroke): (#[0-9a-f]{6}); \}', style))
    pictures = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    used = {f'[{what}="{color}"]' for what, color in re.findall(r'\b(fill|stroke)="(#[0-9A-Fa-f]{6})"', pictures)}
    assert used and used <= set(found)
    assert not re.search(r'\b(?:fill|stroke)="(?!#|none)', pictures), "only colours that the page can turn"
    grounds = [found[f'[fill="{color}"]'] for color in ("#FFFFFF", "#F4F5F9", "#EAEDF2")]
    for color in set(re.findall(r'<text [^>]*fill="(#[0-9A-F]{6})"', pictures)):
        assert all(contrast(found[f'[fill="{color}"]'], ground) >= 4.5 for ground in grounds), color


SEEN = """
const told = {}, at = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
const pick = () => [...document.querySelectorAll(".drawing > div:not([hidden]) g.live")];
told.marks = pick().map(g => {
  g.dispatchEvent(new MouseEvent("click", {bubbles: true}));
  const m = at(g.querySelector("text") || g), v = at(document.querySelector(".drawing"));
  const a = at(document.querySelector("aside"));
  return {id: g.id, mark: m, view: v, aside: a, heading: document.querySelector("aside h3").textContent,
    listed: document.querySelectorAll("aside blockquote:not([hidden])").length};
});
document.querySelector(".person").click();
told.only = [...document.querySelectorAll(".only")].map(p => p.hidden ? "" : p.textContent);
told.sifted = pick().map(g => {
  g.dispatchEvent(new MouseEvent("click", {bubbles: true}));
  const listed = document.querySelectorAll("aside blockquote:not([hidden])").length;
  return [document.querySelector("aside h3").textContent, listed];
});
const width = () => document.querySelector(".drawing > div:not([hidden]) svg").getBoundingClientRect().width;
told.zoom = [width()];
for (const name of ["in", "fit", "out"]) {
  document.querySelector(`[data-zoom=${name}]`).click();
  told.zoom.push(width());
}
told.wide = document.documentElement.scrollWidth > innerWidth;
told.size = [innerWidth, innerHeight];
dispatchEvent(new Event("beforeprint"));
told.folded = document.querySelectorAll("details:not([open])").length;
const out = document.createElement("pre");
out.id = "out"; out.textContent = JSON.stringify(told); document.body.append(out);
"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("size", ["500,844", "820,1180", "1440,900"])
def test_the_clicked_mark_stays_in_sight_and_its_heading_counts(page: str, tmp_path: Path, size: str) -> None:
    assert CHROMIUM is not None
    own = page.replace("script-src ", f"script-src {policy(SEEN).partition('script-src ')[2]} ", 1)
    own = own.replace("<dt>", f"<dt>{'Donau' * 30} ", 1).replace(
        '<span class="what">', f'<span class="what">{"x" * 99} ', 1
    )
    (tmp_path / "report.html").write_text(own.replace("</body>", f"<script>{SEEN}</script></body>"), encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += [f"--window-size={size}", "--dump-dom", (tmp_path / "report.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'<pre id="out">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stderr[-500:]
    told = json.loads(unescape(found[1]))
    wide, high = told["size"]
    assert len(told["marks"]) > 25
    for one in told["marks"]:
        (left, top, right, bottom), view, panel = one["mark"], one["view"], one["aside"]
        assert view[0] <= left and right <= view[2] and view[1] <= top and bottom <= view[3], one["id"]
        assert left >= 0 and right <= wide and top >= 0 and bottom <= high, one["id"]
        assert right <= panel[0] or bottom <= panel[1], "beside or above the panel, not below it"
    for heading, listed in [*((one["heading"], one["listed"]) for one in told["marks"]), *told["sifted"]]:
        counted = re.search(r"(\d+) passages?$", heading)
        assert (int(counted[1]) if counted else 0) == listed, heading
    assert all(re.search(r"[01]/1\b", heading) for heading, _ in told["sifted"])
    assert told["only"] == ["Only what E01 says is shown."] * 2
    first, larger, fitted, smaller = told["zoom"]
    assert larger > first and fitted < larger and smaller < fitted
    assert not told["wide"] and told["folded"] == 0


@pytest.mark.skipif(CHROMIUM is None or shutil.which("pdftotext") is None, reason="no Chromium here")
def test_a_printed_report_holds_every_passage_and_every_cell(page: str, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += [f"--print-to-pdf={tmp_path / 'r.pdf'}", "--no-pdf-header-footer", (tmp_path / "report.html").as_uri()]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    done = subprocess.run(["pdftotext", str(tmp_path / "r.pdf"), "-"], capture_output=True, timeout=60, check=True)
    printed = done.stdout.decode("utf-8")
    flat = re.sub(r"\W", "", printed)

    def texts(element: str) -> list[str]:
        found = re.findall(rf"<{element}\b.*?</{element}>", page, re.DOTALL)
        return [unescape(re.sub(r"<[^>]*>", " ", text)) for text in found]

    for element in ("blockquote", "dd", "dt"):
        assert len(texts(element)) > 20
        assert [text for text in texts(element) if re.sub(r"\W", "", text) not in flat] == []
    whole = set(printed.split())  # a row may go on over the page; a number is never broken
    numbers = {word for text in texts("td") for word in text.split() if re.fullmatch(r"[\d.,/]+", word)}
    assert len(numbers) > 100 and numbers <= whole


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
