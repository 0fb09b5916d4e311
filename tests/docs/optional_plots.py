"""The plots, where matplotlib is installed (extra ``docs``): figures can be remade and checked without it."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from types import ModuleType

plots: ModuleType | None = importlib.import_module("tests.docs.plots") if find_spec("matplotlib") else None
