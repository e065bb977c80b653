"""The system's Chromium, driven as a writer would use it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from selenium.common.exceptions import JavascriptException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from tests.checkers.programs import program
from tests.preview import eventually


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a profile of its own; where there is none, the test is skipped, and fails in CI."""
    options = ChromeOptions()
    options.binary_location = str(program("chromium"))
    for argument in ("headless=new", "window-size=1000,700", "disable-dev-shm-usage", "no-first-run"):
        options.add_argument(f"--{argument}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium's sandbox refuses to work for root, who alone is there in a container.
        options.add_argument("--no-sandbox")
    driver = Chrome(options, Service(str(program("chromedriver"))))
    try:
        driver.set_page_load_timeout(30)
        yield Browser(driver)
    finally:
        driver.quit()


class Browser:
    """One browser; `run` and the others speak of the tab that is shown."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        """Opens an address and marks the page: a page that was loaded again has lost the mark."""
        self.driver.get(url)
        self.run("window.untouched = true")

    def run(self, script: str) -> Any:
        """Runs statements in the page; what they return."""
        return self.driver.execute_script(script)

    @property
    def is_untouched(self) -> bool:
        """Whether the page is the one that was opened, not loaded again."""
        return self.run("return window.untouched === true") is True

    def eventually(self, script: str) -> bool:
        """Whether an expression becomes true in the page, which may be loading."""

        def holds() -> bool:
            try:
                return bool(self.run(f"return {script}"))
            except (JavascriptException, WebDriverException):
                return False

        return eventually(holds)

    def sees(self, text: str) -> bool:
        """Whether a text comes to be seen in the page itself."""
        return self.eventually(f"document.body.innerText.includes({text!r})")

    def press(self, *keys: str) -> None:
        """Presses keys in the page."""
        self.driver.find_element(By.TAG_NAME, "body").send_keys(*keys)

    def press_on(self, key: str) -> None:
        """Presses a key where the focus is."""
        ActionChains(self.driver).send_keys(key).perform()

    def overlay(self) -> str:
        """What the overlay says; "" where there is none."""
        return self._inside("sitegen-problems", "section")

    def inspector(self) -> str:
        """What the inspector's panel says; "" where it is closed."""
        return self._inside("sitegen-inspector", "div")

    def button(self) -> str:
        """What stands on the inspector's button."""
        return self._inside("sitegen-inspector", "button")

    def _inside(self, name: str, selector: str) -> str:
        found = self.run(
            f"const part = document.querySelector({name!r})?.shadowRoot.querySelector({selector!r});"
            "return part && !part.hidden ? part.innerText : ''"
        )
        return str(found)

    def wait(self, holds: Callable[[], bool]) -> bool:
        """Whether something becomes true, while the page may be loading."""

        def safely() -> bool:
            try:
                return holds()
            except WebDriverException:
                return False

        return eventually(safely)
