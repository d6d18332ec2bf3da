"""Making many pictures: how many, from which seed, of which prompts, into which folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.packs.controls import takes_prompt
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import SEED_LIMIT
from genstudio.studio.queue import MOST
from genstudio.studio.studio import Studio
from genstudio.ui.status_bar import duration
from genstudio.ui.theme.tokens import SPACE_L, SPACE_S
from genstudio.ui.widgets.seed_box import SeedBox

_USUAL: Final = 16
_WIDTH: Final = 520


class BatchDialog(QDialog):
    """Asks and, when it is accepted, queues the batch."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("batch-dialog")
        self.setWindowTitle(translate("BatchDialog", "Batch"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._count = QSpinBox(self)
        self._count.setObjectName("batch-count")
        self._count.setRange(1, MOST)
        self._count.setValue(_USUAL)
        self._seed = SeedBox("", "batch-seed", lockable=False, parent=self)
        recipe, pack = studio.editor.recipe, studio.editor.pack
        now = seed_of(recipe) if recipe else None
        self._seed.set_seed(None if now is None else (now + 1) % SEED_LIMIT)
        self._seed.dice_rolled.connect(self._roll)
        self._count.setEnabled(now is not None)
        if now is None:
            self._count.setValue(1)
        self._takes_prompt = pack is not None and takes_prompt(pack.manifest)
        self._prompts = QPlainTextEdit(self)
        self._prompts.setObjectName("batch-prompts")
        self._prompts.setTabChangesFocus(True)
        self._prompts.setPlaceholderText(
            translate("BatchDialog", "One prompt a line; left empty, the present one is drawn.")
        )
        self._only_show = QCheckBox(translate("BatchDialog", "Only show them, save no files"), self)
        self._only_show.setObjectName("batch-only-show")
        self._folder = QLineEdit(str(self._usual_folder()), self)
        self._folder.setObjectName("batch-folder")
        self._said = QLabel(self)
        self._said.setObjectName("batch-said")
        self._said.setWordWrap(True)
        self._lay_out()
        self._count.valueChanged.connect(self._say)
        self._prompts.textChanged.connect(self._say)
        self._folder.textChanged.connect(self._say)
        self._only_show.toggled.connect(self._say)
        self._say()

    def accept(self) -> None:
        """Queue the batch."""
        folder = self._chosen_folder()
        if folder is not None:
            self._studio.preferences.change(pictures_folder=str(folder))
        seed = self._seed.seed() or 0
        self._studio.make_batch(self._count.value(), seed, self._lines(), folder)
        super().accept()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(SPACE_S)
        form.addRow(translate("BatchDialog", "Pictures"), self._count)
        form.addRow(translate("BatchDialog", "From seed"), self._seed)
        if self._takes_prompt:
            form.addRow(translate("BatchDialog", "Prompts"), self._prompts)
        else:
            self._prompts.hide()
        choose = QPushButton(translate("BatchDialog", "Choose ..."), self)
        choose.setObjectName("batch-choose")
        choose.clicked.connect(self._choose_folder)
        place = QHBoxLayout()
        place.addWidget(self._folder, 1)
        place.addWidget(choose)
        form.addRow(translate("BatchDialog", "Folder"), place)
        form.addRow("", self._only_show)
        self._only_show.toggled.connect(self._folder.setDisabled)
        self._only_show.toggled.connect(choose.setDisabled)
        buttons = QDialogButtonBox(self)
        self._go = QPushButton(translate("BatchDialog", "Make them"), self)
        self._go.setObjectName("batch-go")
        self._go.setProperty("primary", True)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_L)
        column.addLayout(form)
        column.addWidget(self._said)
        column.addWidget(buttons)

    def _say(self) -> None:
        """How many pictures that makes and how long it takes, or what is wrong."""
        wrong = self._wrong()
        count = self._count.value() * max(1, len(self._lines()))
        text = wrong or translate("BatchDialog", "{count} pictures").format(count=count)
        rendering = self._studio.picture.rendering
        if rendering is not None and not wrong:
            about = duration(count * sum(rendering.seconds.values()))
            text = translate("BatchDialog", "{pictures}, about {time}").format(
                pictures=text, time=about
            )
        self._said.setText(text)
        self._said.setProperty("role", "error" if wrong else "muted")
        self._said.style().polish(self._said)
        self._go.setEnabled(not wrong)

    def _wrong(self) -> str:
        if self._count.value() * max(1, len(self._lines())) > MOST:
            return translate("BatchDialog", "A batch makes up to {most} pictures.").format(
                most=MOST
            )
        if not self._only_show.isChecked() and not Path(self._folder.text()).is_absolute():
            return translate("BatchDialog", "Choose a folder, or save no files.")
        return ""

    def _lines(self) -> tuple[str, ...]:
        if not self._takes_prompt:
            return ()
        lines = self._prompts.toPlainText().splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def _chosen_folder(self) -> Path | None:
        return None if self._only_show.isChecked() else Path(self._folder.text())

    def _usual_folder(self) -> Path:
        remembered = self._studio.preferences.now.pictures_folder
        if remembered:
            return Path(remembered)
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        return Path(QStandardPaths.writableLocation(pictures)) / "GenStudio"

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, translate("BatchDialog", "Where the pictures go"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(self._folder.text())
        dialog.fileSelected.connect(self._folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _roll(self) -> None:
        self._seed.set_seed(self._studio.editor.new_seed())
