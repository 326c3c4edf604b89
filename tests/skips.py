"""Skips are loud: the reasons that are allowed, how many tests must pass, and the line that a run ends with.

A plugin that tests/conftest.py registers; it works in the workers of xdist too. A test skipped for a reason that stands
in no list here fails. With ``CI=true`` so does one whose reason is good on a person's machine only.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Generator, Mapping

import pytest

from tests.shared_data import NO_SHARED, SHARED

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
PROOF = "a long proof: make prove"
OTHER_TEXTUAL = "another version of Textual than constraints.txt names paints a little differently"

OTHER_PAINTING = "pictures are painted a little differently on this system"

ANYWHERE = (
    PROOF,
    "needs a pseudo-terminal",  # Windows
    "no Chromium here",
    "no Firefox here",
    "no LaTeX here",
    "the port of Graphviz is not installed here",  # Linux only
    OTHER_PAINTING,
)
NOT_IN_CI = (
    NO_SHARED,
    r"needs the extra postil\[parquet\]",
    OTHER_TEXTUAL,
    r"git is not installed( here)?",
    "not a git checkout",
    "sha256sum is not installed",
)
# A run of everything passes at least as many. A test taken out on purpose lowers the number, which is then a decision.
FLOOR = 7600
FLOOR_WITHOUT_SHARED = 7100


def why_not(reason: str, in_ci: bool) -> str:
    """What is wrong with skipping for this reason; nothing if it is allowed."""
    said = re.sub(r"^Skipped: ", "", reason)
    if any(re.fullmatch(pattern, said) for pattern in ANYWHERE):
        return ""
    if any(re.fullmatch(pattern, said) for pattern in NOT_IN_CI):
        return f"skipped, which CI does not allow: {said}" if in_ci else ""
    return f"skipped for a reason that tests/skips.py does not list: {said}"


def judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a failure of a skip that is not allowed."""
    if report.outcome != "skipped":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    wrong = why_not(getattr(report, "wasxfail", reason), IN_CI)
    if wrong:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: {wrong}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test's report, judged where it is made: in the worker."""
    report = yield
    judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module can skip as a whole."""
    report = yield
    judge(report)
    return report


def ending(counts: Mapping[str, int], reasons: Mapping[str, int], floor: int) -> tuple[str, bool]:
    """The last line of a run, and whether too few tests passed; a floor of 0 is none, for a run of a part."""
    passed = counts.get("passed", 0)
    parts = [f"{passed:,} passed" + (f" (at least {floor:,} must)" if floor else "")]
    parts += [f"{count:,} {what}" for what, count in counts.items() if what != "passed" and count]
    line = ", ".join(parts)
    if reasons:
        line += f", {sum(reasons.values()):,} skipped: "
        line += "; ".join(f"{count:,} {reason}" for reason, count in sorted(reasons.items(), key=lambda r: -r[1]))
    too_few = passed < floor
    if too_few:
        line += (
            "\nTOO FEW PASSED: tests are no longer found. If they went on purpose, lower the floor in tests/skips.py."
        )
    elif floor and passed > floor * 1.02:
        line += f"\nThe floor in tests/skips.py is low by now: raise it to {passed // 10 * 10}."
    return line, too_few


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests run: nothing named, nothing chosen by a word or a mark."""
    option = config.option
    chosen = option.keyword or option.markexpr or option.deselect or option.ignore or option.ignore_glob
    more = option.collectonly or getattr(option, "lf", False) or option.maxfail
    return config.args_source == pytest.Config.ArgsSource.TESTPATHS and not (chosen or more)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """End with one line of counts and reasons; too few are a failure."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if hasattr(session.config, "workerinput") or reporter is None:
        yield
        return
    stats = reporter.stats
    counts = {what: len(stats.get(what, ())) for what in ("passed", "failed", "error")}
    skipped = (report.longrepr for report in stats.get("skipped", ()))
    reasons = Counter(str(said[2] if isinstance(said, tuple) else said).removeprefix("Skipped: ") for said in skipped)
    floor = (FLOOR if IN_CI or SHARED.is_dir() else FLOOR_WITHOUT_SHARED) if is_whole(session.config) else 0
    line, too_few = ending(counts, reasons, floor)
    if too_few and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    yield
    reporter.write_line(line)
