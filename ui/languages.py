"""The window's language: which one, and its translators."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from resources import locate


def choose_language(option: str | None, setting: str) -> str:
    """``ja`` or ``en``: the option, else the setting, else the system's."""
    for wish in (option, setting):
        if wish in ("ja", "en"):
            return wish
    return "ja" if QLocale.system().language() is QLocale.Language.Japanese else "en"


def install_translators(app: QCoreApplication, language: str) -> list[QTranslator]:
    """Load every catalogue of the language; the caller keeps what it is given, or the words go.

    English needs none for single sentences, only for its plurals.
    """
    catalogues = sorted(locate("translations").glob(f"*_{language}.qm"))
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{language}.qm"
    kept: list[QTranslator] = []
    for path in [qt, *catalogues]:
        translator = QTranslator()
        if path.is_file() and translator.load(str(path)):
            app.installTranslator(translator)
            kept.append(translator)
    QLocale.setDefault(QLocale(QLocale.Language.Japanese if language == "ja" else QLocale.Language.English))
    return kept
