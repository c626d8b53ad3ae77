"""`python -m tests.house`: print every departure from the rules of the house; 1 where there is any."""

import sys

from tests.house import books, floors, pages, planted, proofs, sizes, supply, traces


def main() -> int:
    findings = [
        finding
        for rule in (sizes, pages, traces, planted, supply, floors, books, proofs)
        for finding in rule.check()
    ]
    for finding in findings:
        print(finding)  # noqa: T201
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
