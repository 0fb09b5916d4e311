"""Sentences one after the other."""

from __future__ import annotations


def join_sentences(language: str, *sentences: str) -> str:
    """In a row, as the language writes them."""
    return ("" if language == "ja" else " ").join(sentences)
