"""The second reading: what an importer stored, held against a plain reading of the source.

The law for every format: each visible word of the source is stored under the one who said it, or is listed as taken
off, with what it was. An importer does not promise this; it is checked here. `plain` reads a source the simplest way
there is, `words` compares sequences of words, `accounts` says what an importer stored and took off, `inside` looks for
lines inside turns that look like labels.

A format joins in with a plain reader (`plain.READERS`) and an importer that lists what it takes off
(`Recognised.taken`, beside header, footer, sections and notes).
"""

from postil_formats.texts.second_reading.differences import Differences, compare

__all__ = ["Differences", "compare"]
