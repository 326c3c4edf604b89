"""Run mutants by name (parts of names, too; without any: all of them) and print the survivors."""

from __future__ import annotations

import sys

from tests.mutants.running import survived
from tests.mutants.table import MUTANTS


def main(wanted: list[str]) -> int:
    chosen = [mutant for mutant in MUTANTS if not wanted or any(word in mutant.name for word in wanted)]
    survivors = [said for mutant in chosen if (said := survived(mutant))]
    print("\n".join(survivors))
    print(f"{len(chosen)} mutants, survivors: {len(survivors) or 'none'}")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
