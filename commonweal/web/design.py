"""What `/design/` shows: each component in its usual, empty, busy, wrong and right-to-left state, with made-up people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock

STATES: tuple[tuple[str, str | Promise], ...] = (
    ("usual", _("As it usually is")),
    ("empty", _("Empty")),
    ("busy", _("Busy")),
    ("wrong", _("Something wrong")),
    ("rtl", _("Right to left")),
)
