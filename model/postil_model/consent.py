"""Who may be quoted: asked of everything that prints or writes people's words."""

from __future__ import annotations

from collections.abc import Mapping

from postil_transcripts.types import Participant


def not_quoted(participants: Mapping[str, Participant]) -> frozenset[str]:
    """Participants who refused to be quoted; consent that nobody recorded is no refusal."""
    return frozenset(name for name, person in participants.items() if person.consent_quote is False)
