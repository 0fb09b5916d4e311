"""Mails made fit to be shown: the policy that forbids reaching out stands where a browser obeys it."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from desktop_relay.message.safe import compose_safe_html


@pytest.mark.parametrize(
    "html",
    [
        "<p>hi",
        "",
        "<!doctype html><html><head><title>x</title></head><body><img src='http://t.example/x.png'>",
        "<!--<head>--><html><head></head><body><img src='http://t.example/x.png'>",
        "<!doctype html><!-- <html> --><!--<html><head>--><p>hi",
        "<html lang='<head>'><body>hi<!--<head>-->",
    ],
)
def test_the_policy_is_the_first_thing_in_the_head(html: str) -> None:
    tree = LexborHTMLParser(compose_safe_html(html))
    assert tree.head is not None
    first = tree.head.first_child
    assert first is not None
    assert first.attributes.get("http-equiv") == "Content-Security-Policy"


def test_nothing_that_runs_or_reaches_out_is_left() -> None:
    shown = compose_safe_html(
        "<script>x()</script><link rel=preconnect href='//t.example'><p onclick='x()'>見</p>"
        "<svg><script>x()</script></svg><base href='//t.example'><meta http-equiv=refresh content=0>"
    )
    assert "見" in shown
    assert not any(word in shown for word in ("x()", "t.example", "refresh"))


def test_the_kind_of_document_stays() -> None:
    assert compose_safe_html("<!--a--><!doctype html><!--b--><p>hi").startswith("<!DOCTYPE html><html>")
