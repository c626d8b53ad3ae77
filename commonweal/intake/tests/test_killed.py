"""Nothing that came in and nothing that was promised is lost, wherever the worker is killed; nobody hears it twice."""

import json
import os
import subprocess
import sys

import pytest

SHARES = 3


@pytest.mark.parametrize("share", range(1, SHARES + 1))
def test_a_worker_killed_before_any_step_loses_nothing_and_repeats_nothing(site, share):
    """Every write, commit, hand-over and acknowledgement in turn: every third by each of three runs."""
    code = f"import json; print(json.dumps(killing.run({share}, {SHARES})))"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); from commonweal.intake.tests import killing; {code}"],
        env={**os.environ, **site.environment}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == {}
    assert found["rounds"] > 20
