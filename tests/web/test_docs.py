"""The viewer of the OpenAPI document in a browser: it shows every route, and asks nobody but this service."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_every_described_route_is_shown(page: Page, address: str) -> None:
    """Under a policy without exceptions, which the page's fixture would tell the breach of."""
    described = page.request.get(f"{address}/openapi.json").json()["paths"]
    page.goto(f"{address}/docs")
    expect(page.locator(".opblock")).to_have_count(sum(len(operations) for operations in described.values()))
    page.locator(".opblock-summary").first.click()
    expect(page.locator(".opblock.is-open")).to_have_count(1)
