"""The icon set: drawn for this project on a 24 x 24 grid, one stroke of width 2, no fill.

An icon never stands alone: `{% icon %}` hides it from screen readers, and a word beside it says what it means.
"""

#: Icons that point along the line of reading, and so turn round where the reading runs right to left.
TURNING = frozenset({"arrow", "back", "older", "newer", "again"})

ICONS: dict[str, str] = {
    "again": "M4 12a8 8 0 1 0 2.4-5.7M4 4v4.5h4.5",
    "arrow": "M4 12h16M14 6l6 6-6 6",
    "back": "M20 12H4M10 6l-6 6 6 6",
    "basket": "M3 10h18l-2 10H5zM8 10l3-6M16 10l-3-6M10 14v3M14 14v3",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 22h4",
    "box": "M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9",
    "calendar": "M4 6h16v14H4zM4 11h16M8 3v4M16 3v4",
    "car": "M4 16v-4l2-6h12l2 6v4zM4 12h16M7 16v3M17 16v3",
    "careful": "M12 3l10 18H2zM12 10v5M12 18v.01",
    "check": "M4 13l5 5L20 6",
    "clock": "M12 3a9 9 0 1 0 .01 0M12 7v5l4 2",
    "cross": "M5 5l14 14M19 5L5 19",
    "download": "M12 4v11M7 11l5 5 5-5M4 20h16",
    "eye": "M2 12c5-8 15-8 20 0-5 8-15 8-20 0zM12 9a3 3 0 1 0 .01 0",
    "filter": "M3 5h18M7 12h10M10 19h4",
    "globe": "M12 3a9 9 0 1 0 .01 0M3 12h18M12 3c-5 5-5 13 0 18 5-5 5-13 0-18",
    "heart": "M12 20C2 13 3 5 8 5c2 0 3 1 4 3 1-2 2-3 4-3 5 0 6 8-4 15z",
    "home": "M3 12l9-8 9 8M6 10v10h12V10M10 20v-6h4v6",
    "lock": "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3M12 15v2",
    "mail": "M3 6h18v13H3zM3 7l9 7 9-7",
    "message": "M4 5h16v11H11l-5 4v-4H4z",
    "minus": "M5 12h14",
    "newer": "M15 5l-7 7 7 7",
    "note": "M12 3a9 9 0 1 0 .01 0M12 11v6M12 7v.01",
    "older": "M9 5l7 7-7 7",
    "pause": "M8 5v14M16 5v14",
    "pencil": "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4",
    "people": "M9 4a4 4 0 1 0 .01 0M2 20c0-8 14-8 14 0M16 4.5a4 4 0 0 1 0 7M18.5 14.5c2.300 1 3.500 3 3.500 5.500",
    "person": "M12 4a4 4 0 1 0 .01 0M4 21c0-10 16-10 16 0",
    "phone": "M5 3h4l2 5-3 2c1 3 3 5 6 6l2-3 5 2v4c-9 3-19-7-16-16z",
    "pin": "M12 21c-9-9-7-18 0-18s9 9 0 18zM12 8a2 2 0 1 0 .01 0",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V3h10v6M7 17H3V9h18v8h-4M7 14h10v7H7z",
    "search": "M10 4a6 6 0 1 0 .01 0M15 15l6 6",
    "tool": "M14 6a5 5 0 0 1 6-2l-3 3 1 2 3-1a5 5 0 0 1-6 5l-8 8-3-3 8-8a5 5 0 0 1 2-4z",
}
