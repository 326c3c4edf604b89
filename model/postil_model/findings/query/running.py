"""Runs queries in a child process of their own and gives back what they answered."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from postil_base.numbers import significant
from postil_base.problem import PostilError
from postil_model.findings.query.values import QueryRequest, QueryResponse

SECONDS = 15.0  # then the child is killed


def run(ask: QueryRequest, seconds: float = SECONDS) -> QueryResponse:
    """Load the tables and answer the queries; what goes wrong with one query is in its answer.

    Raises:
        PostilError: the data could not be read, it took too long, or the child ended without an answer.
    """
    command = [sys.executable, "-I", "-m", "postil_model.findings.query.child"]
    try:
        done = subprocess.run(
            command,
            input=msgspec.json.encode(ask),
            capture_output=True,
            env={},
            start_new_session=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise PostilError(
            f"the queries took more than {significant(seconds, 3)} seconds and were stopped; ask for less."
        ) from error
    except OSError as error:
        raise PostilError(f"the process that queries could not be started: {error.strerror or error}.") from error
    if done.returncode or not done.stdout:
        raise PostilError(
            "the process that queries ended without an answer: it needed more memory or time than it may have."
        )
    told = msgspec.json.decode(done.stdout, type=QueryResponse)
    if told.error:
        raise PostilError(f"{told.error}.")
    return told
