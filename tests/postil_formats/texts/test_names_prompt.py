"""Names decided on while importing: kept with the import or not at all, shown in their sentences, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_cli.running import run
from postil_formats.texts.decided import Decided, import_with_names, replacements, words_of
from postil_formats.texts.plan import ImportOptions, plan_import
from postil_formats.texts.sensitive_terms import seen_in
from postil_formats.texts.writing import apply_import
from postil_study.new import create_study
from postil_study.privacy.pseudonyms.found import names_seen
from postil_study.privacy.pseudonyms.mapping import load_names, save_names
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.privacy.pseudonyms.restore import plan_restore
from postil_study.study import open_study
from postil_study.text.turns import RawTurn
from tests.shared_data import SHARED, needs_shared
from tests.terminal_talk import talk

TALK = """\
Interviewer: What do you use?
P01: We use Sesame mostly, and Anna Berg likes Sesame, too. I moved to Lisbon.
Interviewer: Only Sesame?
P01: And GPU servers. The GPU is in Lisbon.
"""
IMPORT = "Import this transcript?"
GIVE = "Give them pseudonyms first?"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = tmp_path / "study"
    create_study(made, "Test", ("ana",))
    (tmp_path / "P01.txt").write_text(TALK)
    return made


def ask(root: Path, *answers: tuple[str, str]) -> str:
    source = root.parent / "P01.txt"
    return talk(["import", str(source), "--speaker", "Interviewer=interviewer", "-C", str(root)], answers)[1]


def mapping(root: Path) -> Path:
    (found,) = (root.parent / "data").rglob("*.yaml")
    return found


NAMES = (("Sesame (", "P02"), ("Lisbon (", "[town]"), ("Anna Berg (", "P03"))


def test_a_no_keeps_nothing_and_a_dash_takes_an_entry_out(root: Path) -> None:
    """The corruption that was: an answer given once stayed, although nothing was written."""
    first = ask(root, (GIVE, "y"), *((name, new) for name, new in NAMES), ("One of these", ""), (IMPORT, "n"))
    assert "Nothing was written" in first and "[Sesame → P02] mostly" in first
    assert not list((root.parent / "data").rglob("*.yaml"))
    ask(root, (GIVE, "y"), ("Sesame (", "-"), ("Lisbon", "[town]"), ("Anna Berg", "-"), ("One of", ""), (IMPORT, "y"))
    text = open_study(root).transcripts["P01"].text
    assert "We use Sesame mostly" in text and "P02" not in text and "[town]" in text
    assert {rule.name for rule in load_names(mapping(root)).rules} == {"Lisbon"}


def test_an_entry_of_the_mapping_is_asked_about_and_can_go(root: Path) -> None:
    save_names(place := _place(root), [PseudonymRule("Sesame", "P02", "name"), PseudonymRule("Nobody", "P09")])
    shown = ask(root, (GIVE, "y"), ("Sesame (3, in your mapping)", "-"), ("Lisbon", "-"), ("Anna", "."), (IMPORT, "y"))
    assert "1 of them are in your mapping" in shown
    assert "We use Sesame mostly" in open_study(root).transcripts["P01"].text
    assert {rule.name for rule in load_names(place).rules} == {"Nobody"}


def test_technical_words_stand_apart_and_can_be_named(root: Path) -> None:
    ask(
        root, (GIVE, "y"), *((name, "-") for name, _ in NAMES), ("One of these", "gpu"), ("becomes", "[chip]"),
        ("One of these", ""), (IMPORT, "y"),
    )  # fmt: skip
    assert "And [chip] servers. The [chip] is in Lisbon." in open_study(root).transcripts["P01"].text


def _place(root: Path) -> Path:
    from postil_study.privacy.pseudonyms.mapping import default_map

    return default_map(open_study(root).settings.id)


@pytest.mark.parametrize("command", [["pseudonymise", "--undo"], ["undo", "--yes"]])
def test_undo_gives_the_names_back(command: list[str], root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(root, (GIVE, "y"), *((name, new) for name, new in NAMES), ("One of these", ""), (IMPORT, "y"))
    assert "We use P02 mostly, and P03 likes P02" in open_study(root).transcripts["P01"].text
    assert "Sesame" not in "".join(p.read_text() for p in root.rglob("*") if p.is_file() and ".postil" not in p.parts)
    assert run([*command, "-C", str(root)]) == 0
    study = open_study(root)
    assert "We use Sesame mostly, and Anna Berg likes Sesame, too. I moved to Lisbon." in study.transcripts["P01"].text
    assert study.problems() == []
    capsys.readouterr()


def plans(root: Path, place: Path) -> tuple[ImportOptions, Decided]:
    return ImportOptions(), Decided(place, (PseudonymRule("Sesame", "P02"), PseudonymRule("Lisbon", "[town]")))


def test_undo_counts_codings_back_that_were_made_since(root: Path, tmp_path: Path) -> None:
    from postil_formats.codings.plan import plan_codings
    from postil_formats.codings.sources.rows import read_codings
    from postil_formats.codings.writing import apply_codings

    place = tmp_path / "keys" / "map.yaml"
    options, decided = plans(root, place)
    plain = plan_import(open_study(root), [tmp_path / "P01.txt"], options)
    plan = plan_import(open_study(root), [tmp_path / "P01.txt"], ImportOptions(names=decided.names()))
    import_with_names(root, plan, plain, decided)
    rows = b"coder,quote,codes\nana,We use P02 mostly,first-code\n"
    apply_codings(open_study(root), plan_codings(open_study(root), [read_codings(rows, "x.csv")]))
    plan_restore(root, place).apply()
    study = open_study(root)
    layer = study.layer("ana", "P01")
    assert layer is not None and [s.quote for s in layer.segments] == ["We use Sesame mostly"]
    assert study.problems() == []


def test_a_failed_import_leaves_the_mapping_as_it_was(root: Path, tmp_path: Path) -> None:
    place = tmp_path / "keys" / "map.yaml"
    save_names(place, [PseudonymRule("Anna", "E01")])
    before = place.read_bytes()
    options, decided = plans(root, place)
    plain = plan_import(open_study(root), [tmp_path / "P01.txt"], options)
    plan = plan_import(open_study(root), [tmp_path / "P01.txt"], ImportOptions(names=decided.names()))
    apply_import(root, plain)  # somebody else was faster
    written, failures = import_with_names(root, plan, plain, decided)
    assert (written, len(failures)) == ([], 1)
    assert place.read_bytes() == before
    assert not place.with_name("map.yaml.before").exists()


def test_replacements_are_shown_in_their_sentences(root: Path, tmp_path: Path) -> None:
    plan = plan_import(open_study(root), [tmp_path / "P01.txt"], ImportOptions())
    found = list(replacements(words_of(plan), Names([PseudonymRule("Sesame", "P02")])))
    assert [(one.before, one.after) for one in found] == [
        ("We use ", " mostly, and Anna Berg likes Sesame, too."),
        ("We use Sesame mostly, and Anna Berg likes ", ", too."),
        ("Only ", "?"),
    ]


class TestWhatIsOffered:
    def seen(self, *texts: str) -> dict[str, str]:
        return {one.text: one.kind for one in names_seen([RawTurn("A", text) for text in texts])}

    def test_people_organisations_places_though_they_occur_once(self) -> None:
        kinds = self.seen("So I moved to Bergen when I was with Nordwind, and Ms Okonkwo came from Peru, too.")
        assert set(kinds) == {"Bergen", "Nordwind", "Ms Okonkwo", "Peru"}
        assert kinds["Bergen"] == "place"

    @pytest.mark.parametrize(
        "word", ["CPU", "GPUs", "NLP", "BERT", "T5", "GPT-2", "PyTorch", "GitHub", "Python", "Kubernetes", "Arabic"]
    )
    def test_products_and_technical_words_stand_apart(self, word: str) -> None:
        assert self.seen(f"Well, we use {word} a lot, and then {word} again.") == {word: "technical"}

    def test_who_employs_somebody_is_offered_whatever_its_form(self) -> None:
        assert self.seen("I work as an engineer at DataForge, mostly DataForge tools.")["DataForge"] == "organisation"
        assert self.seen("We looked at DataForge, mostly DataForge tools.")["DataForge"] == "technical"

    def test_terms_written_small_elsewhere(self) -> None:
        kinds = self.seen("We did some Deep Learning there.", "yes, deep learning. And then Will Baker will come.")
        assert kinds == {"Deep Learning": "technical", "Will Baker": "name"}

    def test_a_full_name_that_begins_a_sentence(self) -> None:
        kinds = self.seen("Maria Lindgren sent me a link. And Peter Holm asked. Yesterday Joan came, not yesterday.")
        assert set(kinds) == {"Maria Lindgren", "Peter Holm", "Joan"}

    def test_a_firm_named_by_its_address(self) -> None:
        assert self.seen("i work for nordwind.ai in a small town, file notes.py") == {"nordwind.ai": "address"}

    def test_german_nouns_are_no_names(self) -> None:
        talk = (
            "Ja, also der Lieferant war für uns ein Problem, und die Preise waren mit dem Lieferant nicht klar. "
            "Dann kam die Chefin aus Bergen mit einem Angebot, und das Angebot war für Bergen die Lösung in der Zeit. "
        )
        assert set(self.seen(talk)) == {"Bergen"}


@needs_shared
def test_on_the_real_interviews_few_are_offered(root: Path) -> None:
    """Counted by hand: 12 of the 20 are people, organisations or places, and none of these 12 is missing."""
    options = ImportOptions(id_from=(r"Interview-(\d+)", "P{}"))
    plan = plan_import(open_study(root), [SHARED / "ptm-study" / "transcripts"], options)
    apply_import(root, plan)
    seen = seen_in(open_study(root))
    offered = {one.text for one in seen if one.offered}
    apart = {one.text for one in seen if not one.offered}
    assert len(offered) == 20
    assert {"CPU", "GPU", "NLP", "BERT", "T5", "PyTorch"} <= apart
