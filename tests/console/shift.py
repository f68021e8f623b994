"""The night shift as somebody at the desk has it: a daemon, a console, a browser, a keyboard, a language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from officer import Officer
from playwright.sync_api import expect
from story_words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser import Watched
    from console_process import DeskProcess
    from playwright.sync_api import Page
    from story_night import Night


@dataclass
class Shift:
    """One night at the desk, in one language."""

    language: str
    night: Night
    desk: DeskProcess
    come: Callable[..., Watched]
    seat: Watched | None = None
    """Of whoever has sat down."""

    @property
    def page(self) -> Page:
        assert self.seat is not None
        return self.seat.context.pages[0]

    @property
    def officer(self) -> Officer:
        return Officer(self.page)

    @property
    def words(self) -> dict[str, str]:
        return WORDS[self.language]

    def at_the_door(self) -> Shift:
        """Somebody sits down at a computer of their own, and switches to their language."""
        one = replace(self, seat=self.come(locale="zh-CN"))
        one.seat.context.new_page().goto(self.desk.address)
        if self.language == "en":
            one.officer.reach(words="English")
            one.officer.press("Enter")
            expect(one.page.locator("html")).to_have_attribute("lang", "en")
        return one

    def enter(self, number: str) -> None:
        """With number, password and code."""
        who = self.desk.account(number)
        for name, typed in (("number", who.number), ("password", who.password), ("code", who.code())):
            self.officer.fill(name, typed)
        self.officer.press("Enter")
        self.page.wait_for_url(f"{self.desk.address}/")

    def log_in(self, number: str) -> Shift:
        """Both."""
        one = self.at_the_door()
        one.enter(number)
        return one

    def open(self, alarm: str) -> None:
        """From the queue to the page of an alarm."""
        self.officer.reach(id_=f"open-{alarm}")
        self.officer.press("Enter")
        self.page.wait_for_url(f"**/alarm/{alarm}")

    def back(self) -> None:
        """From there to the queue."""
        self.officer.press("b")
        self.page.wait_for_url(f"{self.desk.address}/")

    def submit(self, **fields: str) -> None:
        """Fill the form that a key has opened, and send it: it closes once it is done."""
        expect(self.page.locator("#panel-title")).to_be_visible()
        for name, value in fields.items():
            is_list = self.page.locator(f"#panel [name={name}]").evaluate("(one) => one.tagName") == "SELECT"
            (self.officer.choose if is_list else self.officer.fill)(name, value)
        self.officer.reach(id_="act-submit")
        self.officer.press("Enter")

    def done(self) -> None:
        expect(self.page.locator("#panel")).to_be_hidden()
