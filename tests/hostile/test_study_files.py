"""Files of the study itself, broken or made to harm: `postil check` names file and place, and nothing hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_cli.running import run
from tests.hostile.attacks import YAML_ATTACKS
from tests.hostile.child import run_postil
from tests.hostile.test_hostile import within_limits
from tests.transcripts_support import CODEBOOK, FIRST, HEADER, STUDY, small_study

OTHERS = "process: codebook/process.yaml\nfindings: codebook/findings.yaml\nthemes: codebook/themes.yaml\n"
FILES = (
    "study.yaml",
    "codebook/codebook.yaml",
    "codebook/process.yaml",
    "codebook/findings.yaml",
    "codebook/themes.yaml",
    "transcripts/transcripts.yaml",
    "rounds/R1.yaml",
    "charts/E01.yaml",
    "queries.yaml",
)
LAYERS = {
    "zero": HEADER.encode() + b"\n\0\n",
    "surrogate": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","codes":["\\ud800"],"memo":"\\udfff"}\n',
    "latin": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","codes":["trust"],"memo":"\xe9"}\n',
    "deep": HEADER.encode() + b'\n{"id":' + b"[" * 100_000 + b"\n",
    "negative": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","start":-5,"end":3,"codes":["trust"]}\n',
    "reversed": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","start":9,"end":3,"codes":["trust"]}\n',
    "past": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","start":9,"end":99999,"codes":["trust"]}\n',
    "huge": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","start":9,"end":1' + b"0" * 400 + b',"codes":["trust"]}\n',
    "twice": f"{HEADER}\n{FIRST}\n{FIRST.replace('popularity', 'trust')}\n".encode(),
    "dangling": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","from":"x","to":"y","type":"leads-to"}\n',
    "cycle": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","from":"aaaaaaaaaa","to":"aaaaaaaaaa","type":"leads-to"}\n',
    "type": HEADER.encode() + b'\n{"id":"aaaaaaaaaa","start":"9","end":[],"codes":"trust"}\n',
    "no header": b'{"id":"aaaaaaaaaa"}\n',
    "list": b"[]\n",
}


def checked(root: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(["check", "--study", str(root)])
    said = capfd.readouterr()
    assert "did not expect" not in said.err, said.err
    assert "\x1b" not in said.out + said.err
    return code, said.out + said.err


@pytest.mark.parametrize("how", YAML_ATTACKS)
@pytest.mark.parametrize("path", FILES)
def test_yaml(path: str, how: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "study", {"study.yaml": STUDY + OTHERS, "codebook/other.yaml": CODEBOOK})
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(YAML_ATTACKS[how]())
    code, said = checked(root, capfd)
    assert code == 1 and Path(path).name in said, said


@pytest.mark.parametrize("how", LAYERS)
def test_layers(how: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = small_study(tmp_path / "study")
    (root / "codings/ana/I01.jsonl").write_bytes(LAYERS[how])
    code, said = checked(root, capfd)
    assert code == 1 and "codings/ana/I01.jsonl" in said, said


@pytest.mark.parametrize("path", ["transcripts/I01.txt", "study.yaml", "codings/ana/I01.jsonl", "memos/a.md"])
def test_pipes_instead_of_files(path: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import os

    root = small_study(tmp_path / "study", {"memos/a.md": "---\nauthor: ana\n---\n# A\n"})
    (root / path).unlink()
    os.mkfifo(root / path)
    code, said = checked(root, capfd)
    assert code == 1, said


@pytest.mark.prove
@pytest.mark.parametrize(
    "path", ["transcripts/I01.txt", "study.yaml", "codebook/codebook.yaml", "codings/ana/I01.jsonl"]
)
def test_a_line_of_200_megabytes(path: str, tmp_path: Path) -> None:
    root = small_study(tmp_path / "study")
    with (root / path).open("wb") as file:
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    ran = run_postil(["check", "--study", str(root)], tmp_path)
    assert ran.code == 1 and Path(path).name in ran.out + ran.err
    within_limits(ran)
