"""Somebody at the desk who has a keyboard and no mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from browser import assert_accessible
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TABS = 200
"""More than any page has places to go to."""
FOCUSED = """() => {
    const one = document.activeElement;
    return {name: one.name || null, id: one.id || null, text: one.innerText?.trim() || null, value: one.value ?? null};
}"""
OPTIONS = "() => [...document.activeElement.options].map((one) => one.value)"


@dataclass(frozen=True)
class Officer:
    """One page, by keyboard."""

    page: Page

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, *, name: str = "", id_: str = "", words: str = "") -> None:
        """Go on with Tab until a field of that name, an element of that id, or one of just those words has focus."""
        for _ in range(TABS):
            here = self.page.evaluate(FOCUSED)
            if {("name", name), ("id", id_), ("text", words)} & set(here.items()):
                return
            self.press("Tab")
        raise AssertionError(f"no Tab leads to {name or id_ or words!r} on {self.page.url}")

    def fill(self, name: str, text: str) -> None:
        """Type into the field of that name, in the place of what stands there."""
        self.reach(name=name)
        self.press("Control+a")
        # As an input method does it: whole words, in any script.
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """Take an option of the list of that name, with the arrows."""
        self.reach(name=name)
        options = self.page.evaluate(OPTIONS)
        assert value in options, f"{name} has {options}, not {value!r}"
        steps = options.index(value) - options.index(self.page.evaluate(FOCUSED)["value"])
        self.press(*["ArrowDown" if steps > 0 else "ArrowUp"] * abs(steps))
        assert self.page.evaluate(FOCUSED)["value"] == value

    def choose_radio(self, name: str, value: str) -> None:
        """Take one of several of which one is taken, with the arrows."""
        self.reach(name=name)
        for _ in range(TABS):
            self.press("Space")
            if self.page.evaluate(FOCUSED)["value"] == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name} has no {value!r}")

    def sees(self, selector: str, words: str) -> Locator:
        """Wait until what a selector finds has these words; returns it."""
        found = self.page.locator(selector)
        expect(found).to_contain_text(words)
        return found

    def reads(self, selector: str) -> str:
        """The words of what a selector finds, once it is there."""
        return self.page.locator(selector).inner_text()

    def looks(self) -> None:
        """At the page as somebody would who hears it, or sees little."""
        assert_accessible(self.page)
