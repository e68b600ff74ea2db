"""What the pages' forms are read as, whatever somebody put in them."""

from __future__ import annotations

from bot.web.chat_form import Form
from bot.web.posted import Posted

TWICE = b"text=een&text=twee&after=1.1.1&after=2.2.2"


def test_field_that_comes_twice_counts_once() -> None:
    form, posted = Form.from_body(TWICE), Posted.from_body(TWICE)

    assert (form.text, form.after) == ("een", "1.1.1")
    assert (posted.text("text"), posted.text("after")) == ("een", "1.1.1")
