"""Texts as YAML: the short way for plain words writes what PyYAML writes."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from postil_base.yaml.write import render_flow


@given(
    st.from_regex(r"\A[A-Za-z][A-Za-z0-9_./-]{0,12}\Z") | st.sampled_from(["On", "NULL", "y", "No", "e10", "a-", "x."])
)
def test_plain_words_as_pyyaml_writes_them(word: str) -> None:
    theirs = yaml.dump([word], default_flow_style=True, width=float("inf")).strip("\n")[1:-1]
    assert render_flow(word).strip("'") == theirs.strip("'")
    assert yaml.safe_load(render_flow(word)) == word
