"""The life of an ask, drawn from the table that the program follows."""

from collections import defaultdict
from itertools import groupby

from commonweal.exchange.lifecycle import PRESSING, SEARCHING, TRANSITIONS, State, Step, Transition
from commonweal.networks.policy import settings_by_name

BEGIN = "<!-- made by `commonweal lifecycle`: begin -->"
END = "<!-- made by `commonweal lifecycle`: end -->"
COUNTED_FROM = {
    "now": "",
    "state": " after it came here",
    "end": " after the agreed time",
    "return": "on the day it comes back",
}
AT_ONCE = "at once"


def drawing() -> str:
    """A Mermaid state diagram of every row of the table: what happens, from where to where."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in TRANSITIONS:
        for source in _drawn_from(row):
            if source != row.target:
                arrows[source, row.target.value].append(row.trigger.value)
    inside = [f"        {state}" for state in State if state in SEARCHING]
    lines = ["```mermaid", "stateDiagram-v2", "    state searching {", *inside, "    }"]
    lines += [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    return "\n".join([*lines, "```"])


def _drawn_from(row: Transition) -> list[str]:
    """Where the arrows of a row begin: one arrow for all the states of searching, and one for the beginning."""
    if not row.sources:
        return ["[*]"]
    together = row.sources >= SEARCHING
    alone = row.sources - SEARCHING if together else row.sources
    return [*(["searching"] if together else []), *(state.value for state in State if state in alone)]


def table() -> str:
    """The same rows as a Markdown table, with the step that follows and when it is due."""
    head = ["| what happens | from | to | next step | when |", "|---|---|---|---|---|"]
    rows = []
    for trigger, group in groupby(TRANSITIONS, key=lambda row: row.trigger):
        rows += [
            f"| `{trigger}` | {_sources(row)} | {row.target} | {_step(row)} | {_when(row)} |" for row in group
        ]
    return "\n".join([*head, *rows])


def settings() -> str:
    """What the settings named in the table say, and how much shorter they are for an ask that is pressing."""
    known = settings_by_name()
    used = sorted({row.after for row in TRANSITIONS if row.after} | set(PRESSING))
    lines = ["| setting | what it says | for a pressing ask |", "|---|---|---|"]
    lines += [f"| `{name}` | {known[name].label} | {_shorter(name)} |" for name in used]
    return "\n".join(lines)


def page_with_drawing(page: str) -> str:
    """The page with everything between its two marks made anew; raises ValueError where it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for the drawing")
    made = "\n\n".join((drawing(), table(), settings()))
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def _sources(row: Transition) -> str:
    return ", ".join(state.value for state in State if state in row.sources) or "–"


def _step(row: Transition) -> str:
    if row.step == Step.NONE:
        return "–"
    return (
        row.step.value + (", ahead of others" if row.ahead else "") + (", one more try" if row.again else "")
    )


def _when(row: Transition) -> str:
    if row.step == Step.NONE:
        return "–"
    if not row.after:
        return COUNTED_FROM[row.since] or AT_ONCE
    return f"`{row.after}`{COUNTED_FROM[row.since]}"


def _shorter(name: str) -> str:
    if name == "answer_minutes":
        return "`urgent_answer_minutes`"
    return {2: "half", 4: "a quarter"}[PRESSING[name]] if name in PRESSING else "the same"
