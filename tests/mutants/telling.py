"""A plugin that tests/conftest.py registers: after a run of all mutants it prints the survivors."""

from __future__ import annotations

import re

from _pytest.terminal import TerminalReporter

WHOLE = re.compile(r"::test_no_mutant_survives\[(.*)\]$")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """One line: how many mutants were tried, and which of them nothing noticed."""
    of = {what: _named(terminalreporter, what) for what in ("passed", "failed", "error")}
    survivors = [*of["failed"], *of["error"]]
    count = len(of["passed"]) + len(survivors)
    if count:
        terminalreporter.write_line(f"{count} mutants, survivors: {', '.join(survivors) or 'none'}")


def _named(reporter: TerminalReporter, what: str) -> list[str]:
    reports = (WHOLE.search(getattr(report, "nodeid", "")) for report in reporter.stats.get(what, ()))
    return [found[1] for found in reports if found]
