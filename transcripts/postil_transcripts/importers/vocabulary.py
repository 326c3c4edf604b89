"""Word lists the readers go by."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """A set of words, written as a text."""
    return frozenset(text.split())


ROLES = words(
    """interviewer interviewee participant respondent moderator facilitator researcher speaker student teacher patient
    expert host guest subject informant proband befragter befragte interviewerin befragerin i b p q a r f m
    question answer frage antwort"""
)
HEADER_KEYS = words(
    """date place time location duration length present participants interviewer interviewee moderator project title
    subject file audio recording recorded transcribed transcriber transcript transcription language topic session
    name size created modified author version attendees study id datum ort dauer datei thema teilnehmer projekt"""
)
NO_LABELS = words(
    """note notes example remark ps nb so yes no okay ok well and but because first second third http https anyway
    warning summary todo tip update e.g i.e"""
)
PARTICLES = words("van von de der den da di du la le of the and und et y e & zu st.")
SPEAKER_COLUMNS = words("speaker speakers name who label person voice participant actor sprecher sprecherin locutor")
TEXT_COLUMNS = words(
    """text utterance content transcript transcription words speech what said sentence utterances turn_text inhalt
    texto aussage message"""
)
START_COLUMNS = words("start begin start_time starttime from timestamp time timecode in anfang zeit start_ms")
END_COLUMNS = words("end stop end_time endtime to out ende end_ms")
