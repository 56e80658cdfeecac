"""The tour's page in a real browser: nothing missing, nothing loaded, nothing wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from viz.render.html import page
from viz.tour import Tour, story

from ..browser import needs_browser, new_page

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The tour's page, open."""
    file = tmp_path_factory.mktemp("page") / "tour.html"
    file.write_text(page(story(Tour())), encoding="utf-8")
    with new_page() as shown:
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: asked.append(message.text))
        shown.goto(file.as_uri())
        assert asked == [file.as_uri()]
        yield shown


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_sticks_out_of_the_window(browser_page: Page, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert browser_page.locator("svg[role=img]").count() == 2


def test_the_texts_of_a_picture_do_not_cover_one_another(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 1280, "height": 800})
    covered = browser_page.evaluate(
        """() => [...document.querySelectorAll("svg")].flatMap(svg => {
            const texts = [...svg.querySelectorAll("text")].map(t => [t.textContent, t.getBBox()]);
            return texts.flatMap(([a, p], i) => texts.slice(0, i).filter(([b, q]) =>
                Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x) > 1 &&
                Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y) > 4).map(([b]) => [a, b]));
        })"""
    )
    assert covered == []


def test_text_stays_inside_its_box_in_the_browsers_own_font(browser_page: Page) -> None:
    outside = browser_page.evaluate(
        """() => [...document.querySelectorAll("svg g")].filter(g => g.querySelector("rect")).flatMap(g => {
            const box = g.querySelector("rect").getBBox();
            return [...g.querySelectorAll("text")].filter(t => {
                const b = t.getBBox();
                return b.x < box.x + 2 || b.x + b.width > box.x + box.width - 2;
            }).map(t => t.textContent);
        })"""
    )
    assert outside == []
