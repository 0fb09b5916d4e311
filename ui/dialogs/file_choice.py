"""File dialogs: opened, never executed, with every word in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_files(parent: QWidget, title: str, filters: list[str], *, many: bool = False) -> QFileDialog:
    """A dialog for files that are there; connect ``fileSelected`` or ``filesSelected``, then ``open()``."""
    dialog = _make(parent, title)
    modes = QFileDialog.FileMode
    dialog.setFileMode(modes.ExistingFiles if many else modes.ExistingFile)
    if filters:
        dialog.setNameFilters(filters)
    return dialog


def ask_for_target(parent: QWidget, title: str, filters: list[str], suffix: str) -> QFileDialog:
    """A dialog for a file to be written; connect ``fileSelected``, then ``open()``."""
    dialog = _make(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(suffix)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, QCoreApplication.translate("FileChoice", "&Save"))
    return dialog


def ask_for_folder(parent: QWidget, title: str, directory: str) -> QFileDialog:
    """A dialog for a folder that is there; connect ``fileSelected``, then ``open()``."""
    dialog = _make(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setDirectory(directory)
    for label, words in (
        (QFileDialog.DialogLabel.FileName, QCoreApplication.translate("FileChoice", "Folder &name")),
        (QFileDialog.DialogLabel.Accept, QCoreApplication.translate("FileChoice", "C&hoose")),
    ):
        dialog.setLabelText(label, words)
    return dialog


def _make(parent: QWidget, title: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # Qt's own catalogue lacks some of these words
    labels = QFileDialog.DialogLabel
    for label, words in (
        (labels.LookIn, QCoreApplication.translate("FileChoice", "Folder")),
        (labels.FileName, QCoreApplication.translate("FileChoice", "File &name")),
        (labels.FileType, QCoreApplication.translate("FileChoice", "Kind of file")),
        (labels.Accept, QCoreApplication.translate("FileChoice", "&Open")),
        (labels.Reject, QCoreApplication.translate("FileChoice", "Cancel")),
    ):
        dialog.setLabelText(label, words)
    return dialog
