import shutil

import pytest

from tests.house.units import UNITS, complaints, install

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not on this machine: nothing can judge the units",
)


@pytest.mark.parametrize("number", range(len(UNITS)))
def test_the_units_stand_up_to_systemd(tmp_path, number):
    assert complaints(install(tmp_path)[number]) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("ProtectSystem=strict", "ProtectSistem=strict", "'ProtectSistem'"),
        ("NoNewPrivileges=yes", "NoNewPrivileges=perhaps", "Failed to parse"),
        ("CapabilityBoundingSet=\n", "", "exposure"),
    ],
)
def test_a_mistake_in_a_unit_is_found(tmp_path, good, bad, said):
    unit = install(tmp_path)[0]
    source = unit.read_text()
    assert good in source
    unit.write_text(source.replace(good, bad))
    assert any(said in line for line in complaints(unit))
