"""What ``argparse`` says of wrong arguments, in the words and the language of the program."""

from __future__ import annotations

import re

from resources.phrases import load_phrases, phrase

_SAYINGS = {
    "needed": r"the following arguments are required: (?P<names>.+)",
    "one_needed": r"one of the arguments (?P<names>.+) is required",
    "not_among": r"argument (?P<name>.+?): invalid choice: (?P<value>.*?) .*?\(choose from (?P<choices>.+)\)",
    "value_unusable": r"argument (?P<name>.+?): invalid \w+ value: (?P<value>.*)",
    "value_needed": r"argument (?P<name>.+?): expected .+",
    "not_together": r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
    "no_value": r"argument (?P<name>.+?): ignored explicit argument (?P<value>.*)",
    "not_known": r"unrecognized arguments: (?P<names>.+)",
}
_PATTERNS = {code: re.compile(saying, re.DOTALL) for code, saying in _SAYINGS.items()}


def explain(language: str, message: str) -> str:
    """The sentence for a message of ``argparse``; one that is not known stays as it is."""
    for code, pattern in _PATTERNS.items():
        found = pattern.fullmatch(message)
        if found is not None:
            return phrase(language, "usage", code, **_words(language, found.groupdict()))
    return message


def _words(language: str, said: dict[str, str]) -> dict[str, str]:
    comma = load_phrases(language)["usage"]["comma"]
    words = {name: text.strip("'\"") for name, text in said.items()}
    if "choices" in words:
        words["choices"] = comma.join(choice.strip(" '") for choice in said["choices"].split(","))
    return words
