"""What strangers send besides words: looked at byte by byte, drawn anew, and never shown as it came."""
