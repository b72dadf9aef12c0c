import pytest

from config import environment


@pytest.fixture
def installs(monkeypatch, tmp_path):
    """What would have been run, in a folder of its own."""
    commands = []
    monkeypatch.setattr(environment, "_run", lambda command, failure: commands.append(command))
    monkeypatch.setattr(environment.sys, "prefix", str(tmp_path))
    for name in ("_PYPROJECT", "_CONSTRAINTS"):
        copy = tmp_path / getattr(environment, name).name
        copy.write_bytes(getattr(environment, name).read_bytes())
        monkeypatch.setattr(environment, name, copy)
    return commands


def test_packages_are_installed_once_for_the_same_pins(installs):
    environment._install_packages(["embedded"])
    environment._install_packages(["embedded"])

    assert len(installs) == 1


def test_packages_are_installed_again_when_the_pins_change(installs):
    environment._install_packages(["embedded"])
    environment._CONSTRAINTS.write_text("Django==5.2.0\n")
    environment._install_packages(["embedded"])

    assert len(installs) == 2


def test_running_needs_no_package_of_developers(installs):
    environment._install_packages(["embedded"])
    environment._install_packages(["embedded", "dev"])

    without, with_dev = installs
    assert not any(word.startswith("pytest") for word in without)
    assert any(word.startswith("pytest") for word in with_dev)


def test_every_pin_is_a_plain_name_and_version():
    lines = environment._CONSTRAINTS.read_text().splitlines()

    assert all(line.count("==") == 1 and "/" not in line and " " not in line for line in lines)


@pytest.fixture
def browser_code(installs, monkeypatch, tmp_path):
    """Where browser code would go: nothing is served from there."""
    package = tmp_path / "package.json"
    package.write_text('{"served": []}')
    monkeypatch.setattr(environment, "_CHECKOUT", tmp_path)
    monkeypatch.setattr(environment, "_PACKAGE_JSON", package)
    return installs


def test_running_needs_no_browser_code_of_tests(browser_code):
    environment._install_browser_code(with_tools=False)
    environment._install_browser_code(with_tools=True)

    without, with_tools = browser_code
    assert "--omit=dev" in without
    assert "--omit=dev" not in with_tools


def test_browser_code_of_tests_is_enough_to_run(browser_code):
    environment._install_browser_code(with_tools=True)
    environment._install_browser_code(with_tools=False)

    assert len(browser_code) == 1
