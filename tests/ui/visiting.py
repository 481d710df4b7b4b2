"""A visit to a script of the app at an address, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest


def opened(script: Path, parameters: dict[str, str], timeout: float = 600) -> AppTest:
    """Run a script as a link with these parameters opens it; nothing in it may raise."""
    page = AppTest.from_file(str(script), default_timeout=timeout)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    assert not [line.value for line in page.caption if "cannot be shown (" in line.value]  # a fault that was caught
    return page
