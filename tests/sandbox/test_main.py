"""``python -m octopus_sandbox``."""

import re
import subprocess
import sys

import pytest
import requests

from octopus_sandbox.__main__ import main
from octopus_sandbox.seed import demo


def test_it_starts_tells_how_to_come_in_and_stops(tmp_path):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "octopus_sandbox",
            "--port=0",
            "--latency=1",
            f"--state={tmp_path / 'state.json'}",
            "--switch=quota=off",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [process.stdout.readline() for _line in range(12)]
        text = "".join(lines)
        (url,) = re.findall(r"REST API +(\S+)", text)
        for word in (demo.SOFTWARE_HOUSE, demo.USER, demo.PASSWORD, demo.MAIN_VAT):
            assert word in text
        assert "Switch quota=off" in text
        assert "OctopusWSService?wsdl" in text
        response = requests.get(f"{url}/about/version", timeout=10)
        assert response.status_code == 200
    finally:
        process.terminate()
        process.wait(10)
    assert (tmp_path / "state.json").exists()


@pytest.mark.parametrize("wrong", ["quota", "quota=maybe", "nothing=on"])
def test_a_wrong_switch_is_explained(capsys, wrong):
    with pytest.raises(SystemExit):
        main([f"--switch={wrong}"])
    assert "argument --switch" in capsys.readouterr().err


def test_a_port_that_is_taken_is_explained(capsys, sandbox):
    port = sandbox.address.rpartition(":")[2]
    assert main([f"--port={port}"]) == 1
    assert "Cannot listen" in capsys.readouterr().out
