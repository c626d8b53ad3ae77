"""Notes that people type, looked through for what they need not say: numbers, addresses, papers, illness.

A form asks once, gently, and keeps what it is told to keep. docs/explanation/notes-scan.md says what is looked for.
"""

from commonweal.exchange.scanning.finding import KINDS, Finding, pieces_of, scan, without

__all__ = ["KINDS", "Finding", "pieces_of", "scan", "without"]
