"""Notices on a member's own devices, by the push service of their browser (RFC 8030), and nobody else between."""
