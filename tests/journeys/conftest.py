"""Real browsers against the running desk, and the few words that journeys are told in."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Playwright, expect, sync_playwright

from supportdesk.demo import DEMO_PASSWORD
from supportdesk.embedded.binaries import node_folder
from tests.desk import Desk, free_port, until

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
ARGUMENTS = [
    "--headless=shell",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
SOON_MS = 15_000
expect.set_options(timeout=SOON_MS)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser that npm brought, unpacked at the first use."""
    find = "import('@sparticuz/chromium').then(async m => console.log(await m.default.executablePath()))"
    found = subprocess.run(
        [str(node_folder() / "node"), "-e", find], cwd=FRONTEND, capture_output=True, text=True, check=True, timeout=60
    )
    return found.stdout.strip()


@pytest.fixture(scope="package")  # it keeps an event loop running: that must end before the next asyncio test
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, headless=True)
    yield running
    running.close()


class CustomerPage:
    """Ana in the shop, with the widget open."""

    def __init__(self, context: BrowserContext, desk: Desk) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.goto(f"{desk.url}/shop/")
        self.page.get_by_test_id("launcher").click()
        self.widget: FrameLocator = self.page.frame_locator("iframe[name=supportdesk]")
        expect(self.widget.get_by_test_id("composer")).to_be_visible()

    def says(self, text: str) -> None:
        self.widget.get_by_test_id("composer").fill(text)
        self.widget.get_by_test_id("send").click()

    def asks_for_a_person(self) -> None:
        self.widget.get_by_test_id("talk-to-person").click()

    def sees(self, text: str) -> None:
        expect(self.widget.get_by_test_id("timeline")).to_contain_text(text)

    def messages(self, author: str) -> Any:
        return self.widget.locator(f"[data-testid=message][data-author={author}]")

    def seqs(self) -> list[int]:
        shown = self.widget.locator("[data-testid=message][data-seq]")
        return [int(s) for s in shown.evaluate_all("all => all.map(one => one.dataset.seq)") if s]


class AgentPage:
    """Bob or carol in the console."""

    def __init__(self, context: BrowserContext, desk: Desk, name: str) -> None:
        self.page: Page = context.new_page()
        self.page.goto(f"{desk.url}/console/")
        self.page.get_by_test_id("login-username").fill(name)
        self.page.get_by_test_id("login-password").fill(DEMO_PASSWORD)
        self.page.get_by_test_id("login-submit").click()
        expect(self.page.get_by_test_id("availability")).to_be_visible()

    def is_available(self) -> None:
        self._choose("available")

    def goes_away(self) -> None:
        self._choose("away")

    def _choose(self, wanted: str) -> None:
        switch = self.page.get_by_test_id("availability")
        if switch.get_attribute("data-availability") != wanted:
            switch.click()
            self.page.get_by_test_id(f"availability-{wanted}").click()
        expect(switch).to_have_attribute("data-availability", wanted)

    def accepts(self) -> None:
        self.page.get_by_test_id("offer-accept").click()
        expect(self.page.get_by_test_id("composer")).to_be_visible()

    def says(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def whispers(self, text: str) -> None:
        self.page.get_by_test_id("whisper-tab").click()
        self.says(text)
        expect(self.page.get_by_test_id("note").filter(has_text=text)).to_be_visible()

    def opens(self, conversation_id: str, view: str = "open") -> None:
        self.page.goto("/".join([*self.page.url.split("/")[:4], view, conversation_id]))
        expect(self.page.get_by_test_id("timeline")).to_be_visible()

    def conversation(self) -> str:
        """The id of the one that is open."""
        return self.page.url.rsplit("/", 1)[1]

    def sees(self, text: str) -> None:
        expect(self.page.get_by_test_id("timeline")).to_contain_text(text)

    def notes(self, text: str) -> None:
        self.page.get_by_test_id("note-tab").click()
        self.says(text)
        self.page.get_by_test_id("reply-tab").click()

    def closes(self) -> None:
        self.page.get_by_test_id("close").click()
        self.page.get_by_test_id("close-submit").click()


@pytest.fixture(scope="session")
def token_of_the_desk(desk: Desk) -> str:
    return desk.create_token("journeys")


@pytest.fixture(autouse=True)
def _nobody_waits(desk: Desk, token_of_the_desk: str) -> None:
    """An agent of this journey is offered this journey's customers only."""
    desk.close_all(token_of_the_desk)


@pytest.fixture
def customer(browser: Browser, desk: Desk) -> Iterator[CustomerPage]:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800})
    yield CustomerPage(context, desk)
    context.close()


@pytest.fixture
def agent(browser: Browser, desk: Desk) -> Iterator[AgentPage]:
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    bob = AgentPage(context, desk, "bob")
    bob.is_available()
    yield bob
    bob.goes_away()
    context.close()


@pytest.fixture
def doomed_agent(
    playwright: Playwright, chromium: str, desk: Desk, tmp_path: Path
) -> Iterator[tuple[AgentPage, Callable[[], None]]]:
    """Carol in a browser of her own, and what kills it as a crash would."""
    port = free_port()
    process = subprocess.Popen(
        [chromium, *ARGUMENTS, f"--remote-debugging-port={port}", f"--user-data-dir={tmp_path}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        connected: list[Browser] = []

        def is_up() -> bool:
            try:
                connected.append(playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}"))
            except Exception:  # whatever it says, it is not up yet
                return False
            return True

        until(is_up, 20, "the second browser does not answer")
        carol = AgentPage(connected[0].contexts[0], desk, "carol")
        carol.is_available()
        yield carol, lambda: os.killpg(process.pid, signal.SIGKILL)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
