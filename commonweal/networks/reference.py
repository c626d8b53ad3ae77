"""The policy as a page of the documentation."""

from django.utils import translation

from commonweal.networks.policy import Policy, settings_by_name

HEAD = """# The policy

Numbers and choices that belong to the members. A steward changes them on the page *How we decide*, with a reason that
everybody reads; the history names every change. A network starts with the defaults below.

This page is written by `commonweal policy > docs/reference/policy.md`; a test compares the two.

| setting | what it is | default | limits | why it begins so |
|---|---|---|---|---|
"""


def policy_page() -> str:
    """Every setting as a table in Markdown, in English."""
    defaults = Policy()
    rows = []
    with translation.override("en"):
        for name, setting in settings_by_name().items():
            limits = ", ".join(f"`{value}`: {words}" for value, words in setting.choices.items())
            limits = limits or f"{setting.least} to {setting.most}"
            rows.append(
                f"| `{name}` | {setting.label} | `{getattr(defaults, name)}` | {limits} | {setting.reason} |"
            )
    return HEAD + "\n".join(rows) + "\n"
