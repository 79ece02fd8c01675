"""The command line says what is wrong in one sentence, and opens the course."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.utils.importstring import import_item

from snrilab import __main__, installation
from tests.conftest import ROOT
from tests.servers import fetched, free_port


@contextmanager
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_a_way_out(capsys):
    with listening() as port:
        assert __main__.main(["lab", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert f"Port {port} is taken" in said
    assert f"make lab PORT={port + 1}" in said


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8.5"])
def test_an_impossible_port_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        __main__.main(["lab", f"--port={port}"])
    assert "from 1 to 65535" in capsys.readouterr().err


def test_outside_a_clone_the_message_says_where_it_looked(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(installation, "__file__", str(tmp_path / "site" / "installation.py"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert __main__.main(["lab", "--port", str(free_port())]) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "course") in said
    assert "clone" in said


def test_without_jupyterlab_the_message_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert __main__.main(["lab", "--port", str(free_port())]) == 1
    assert "'.[lab]'" in capsys.readouterr().err


def test_check_says_that_this_environment_is_ready(capsys):
    assert __main__.main(["check"]) == 0
    assert "Everything the course needs is here." in capsys.readouterr().out


def test_check_names_what_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(installation._NEEDED, "a-package-nobody-wrote", "nothing at all")
    assert __main__.main(["check"]) == 1
    said = capsys.readouterr().out
    assert "MISSING  a-package-nobody-wrote" in said
    assert "Not ready yet: a-package-nobody-wrote" in said


@contextmanager
def lab_running(tmp_path, *options):
    """JupyterLab as `snrilab lab` starts it, with a fresh home; gives a way to fetch from it."""
    port = free_port()
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)}
    environment |= {"JUPYTER_RUNTIME_DIR": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path)}
    log = tmp_path / "lab.log"
    with log.open("w") as out:
        lab = subprocess.Popen(
            [sys.executable, "-m", "snrilab", "lab", *options, "--port", str(port), "--no-browser"],
            cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            token = _wait_for_token(lab, log)
            yield lambda path: fetched(f"http://127.0.0.1:{port}{path}", lab, log, token)
        finally:
            lab.terminate()
            lab.wait(timeout=20)


def disabled_extensions(page):
    config = re.search(rb'id="jupyter-config-data"[^>]*>(.*?)</script>', page, flags=re.DOTALL)
    return set(json.loads(config.group(1)).get("disabledExtensions", []))


def test_lab_opens_a_learners_own_copies_without_a_teachers_tools(tmp_path):
    with lab_running(tmp_path) as fetch:
        page = fetch("/lab/tree/00_start.ipynb")
        listing = fetch("/api/contents/?content=1")
    assert "@jupyter/nbgrader:validate-assignment" in disabled_extensions(page)
    assert "@jupyter/nbgrader:formgrader" in disabled_extensions(page)
    names = {item["name"] for item in json.loads(listing)["content"]}
    assert {"00_start.ipynb", "02_binding_assays.ipynb", "ps2_binding"} <= names
    assert "my_course" in (tmp_path / "lab.log").read_text()


def test_a_teacher_sees_the_whole_folder_and_nbgraders_tools(tmp_path):
    with lab_running(tmp_path, "--teach") as fetch:
        page = fetch("/lab")
        listing = fetch("/api/contents/?content=1")
        assert b"formgrader" in fetch("/formgrader").lower()
    assert not [name for name in disabled_extensions(page) if "nbgrader" in name]
    names = {item["name"] for item in json.loads(listing)["content"]}
    assert {"source", "release", "course"} <= names


def test_the_kernel_connection_of_the_settings_sends_each_message_at_once(monkeypatch):
    settings = json.loads((ROOT / "snrilab" / "jupyter" / "jupyter_lab_config.json").read_text())
    connection = import_item(settings["ServerApp"]["kernel_websocket_connection_class"])
    own = connection.__mro__[1]
    assert own is ZMQChannelsWebsocketConnection
    done = []
    monkeypatch.setattr(own, "connect", lambda _: done.append("connected") or "a future")
    monkeypatch.setattr(KernelWebsocketHandler, "set_nodelay", lambda _, on: done.append(on))
    bare = connection.__new__(connection)
    bare.websocket_handler = KernelWebsocketHandler.__new__(KernelWebsocketHandler)
    assert bare.connect() == "a future"
    assert done == [True, "connected"]


def _wait_for_token(lab: subprocess.Popen, log) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(r"token=([0-9a-f]+)", log.read_text())
        if found:
            return found.group(1)
        assert lab.poll() is None, log.read_text()
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start within a minute:\n{log.read_text()}")
