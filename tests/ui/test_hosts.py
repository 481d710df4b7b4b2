"""The names that a server answers to: read from a setting, with nothing in it that is no name."""

import pytest

from ae_models.base import UserError
from ae_models.ui.desk import is_loopback, why_not_own_desk
from ae_models.ui.hosts import VARIABLE, Hosts, name_in


@pytest.fixture
def named(monkeypatch):
    """Make the hosts of a setting's value."""

    def made(value: str) -> Hosts:
        monkeypatch.setenv(VARIABLE, value)
        return Hosts.of_environment()

    return made


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8501", "localhost"),
        ("lab.school.org.:443", "lab.school.org"),
        ("[::1]:8501", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("192.168.1.5:80", "192.168.1.5"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_host_header_holds_a_name(host, name):
    assert name_in(host) == name


@pytest.mark.parametrize(
    "host",
    ["", ":80", "a b", "a/b", "a@b", "a:b", "a:123456", "a..b", ".a", "[::1", "::1", "[::g]", "[1]", "é", "a\nb"],
)
def test_what_is_no_host_header_is_no_name(host):
    assert name_in(host) is None


OWN = ["localhost", "a.localhost", "localhost.", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"]
OTHERS = ["localhost.org", "127.0.0.1.org", "0.0.0.0", "10.0.0.1", "[::2]", "[::ffff:10.0.0.1]", "notlocalhost"]


@pytest.mark.parametrize("host", OWN)
def test_one_rule_says_what_this_computer_is(host):
    name = name_in(f"{host}:8501")
    assert is_loopback(host)
    assert is_loopback(name)
    assert Hosts(loopback=True).answers(name)
    assert why_not_own_desk(host, "::1", {"host": f"{host}:8501", "origin": f"http://{host}:8501"}) == ""


@pytest.mark.parametrize("host", [*OTHERS, "", ".localhost.org", "localhost@evil.org"])
def test_and_what_it_is_not(host):
    name = name_in(f"{host}:8501") or ""
    assert not is_loopback(host)
    assert not is_loopback(name)
    assert not Hosts(loopback=True).answers(name)
    assert why_not_own_desk(host, "::1", {"host": "localhost"})
    assert why_not_own_desk("localhost", "::1", {"host": f"{host}:8501"})
    assert why_not_own_desk("localhost", "::1", {"host": "localhost", "origin": f"http://{host}"})


def test_a_list_of_names_with_ports_ignored(named):
    hosts = named(" Lab.School.org:8501, 10.0.0.7 ,[::1]:80, fd00::7, ")
    for name in ("lab.school.org", "10.0.0.7", "::1", "fd00::7"):
        assert hosts.answers(name)
    for name in ("school.org", "a.lab.school.org", "localhost", "127.0.0.1", "10.0.0.70", "xlab.school.org"):
        assert not hosts.answers(name)


def test_a_star_stands_for_all_names_below_and_a_dot_for_the_name_too(named):
    below, both = named("*.school.org"), named(".school.org")
    assert below.answers("a.b.school.org")
    assert both.answers("a.b.school.org")
    assert both.answers("school.org")
    assert not below.answers("school.org")
    assert not both.answers("oldschool.org")
    assert named("*").answers("anything.at.all")


@pytest.mark.parametrize(
    "value", ["https://lab.org", "lab.org/x", "lab .org", "a@b", "lab.*.org", "**", "lab.org:x", "[::g]", "lab.org;b"]
)
def test_what_is_no_name_ends_in_a_line_that_names_the_setting(named, value):
    with pytest.raises(UserError, match=f"{VARIABLE} must be names") as told:
        named(value)
    assert "\n" not in str(told.value)


def test_by_default_a_server_of_this_computer_answers_to_this_computer(named):
    hosts = named("")  # .streamlit/config.toml: server.address = "localhost"
    assert hosts.answers("localhost")
    assert hosts.answers("127.0.0.1")
    assert not hosts.answers("lab.school.org")
    assert not hosts.answers("192.168.1.5")
