"""The app's pages without a browser, as Streamlit runs them."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import formcheck.app

MAIN = Path(formcheck.app.__file__).with_name("main.py")


def open_page(name: str = "", language: str = "en", **query: str) -> AppTest:
    """Return a page by the last part of its address (empty: the first one), drawn once in a language."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    if name:
        page._page_hash = calc_hash(name)  # AppTest has no other way to a page that is not a file
    page.query_params["lang"] = language
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    """Press a button by its key, and return the page as it is then."""
    next(button for button in page.button if button.key == key).click().run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    """Everything that can be read on the page."""
    kinds = (page.title, page.subheader, page.markdown, page.error, page.info, page.warning, page.success)
    return "\n".join(element.value for kind in kinds for element in kind)
