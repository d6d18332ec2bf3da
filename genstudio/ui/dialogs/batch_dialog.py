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
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.errors import GenStudioError
from genstudio.base.texts import translate
from genstudio.packs.controls import takes_prompt
from genstudio.recipe.prompts import check_prompts
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import SEED_LIMIT, WeightedPrompt
from genstudio.studio.queue import MOST
from genstudio.studio.studio import Studio
from genstudio.ui.durations import rough_duration
from genstudio.ui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from genstudio.ui.widgets.seed_box import SeedBox

_USUAL: Final = 16
_WIDTH: Final = 520


class BatchDialog(QDialog):
    """Asks and, when it is accepted, queues the batch. Show it with `open`: nothing stops."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("batch-dialog")
        self.setWindowTitle(translate("BatchDialog", "Batch"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        pack, recipe = studio.editor.pack, studio.editor.recipe
        self._takes_prompt = pack is not None and takes_prompt(pack.manifest)
        self._build_numbers(seed_of(recipe) if recipe else None)
        self._build_prompts()
        self._build_folder()
        self._said = QLabel(self)
        self._said.setObjectName("batch-said")
        self._said.setProperty("role", "muted")
        self._lay_out()
        self._count.valueChanged.connect(self._check)
        self._prompts.textChanged.connect(self._check)
        self._folder.textChanged.connect(self._check)
        self._only_show.toggled.connect(self._check)
        self._check()
        self.resize(_WIDTH, self.minimumSizeHint().height())

    def accept(self) -> None:
        """Queue the batch."""
        # A seed that is being typed counts as soon as its field is left.
        self._go.setFocus()
        folder = None if self._only_show.isChecked() else self._folder_path()
        if folder is not None:
            self._studio.preferences.change(pictures_folder=str(folder))
        self._studio.make_batch(self._count.value(), self._seed.seed() or 0, self._lines(), folder)
        super().accept()

    # Building

    def _build_numbers(self, now: int | None) -> None:
        """What is drawn without a seed comes out the same each time: then there is but one."""
        self._count = QSpinBox(self)
        self._count.setObjectName("batch-count")
        self._count.setAccessibleName(translate("BatchDialog", "Pictures"))
        self._count.setRange(1, MOST)
        self._count.setValue(1 if now is None else _USUAL)
        self._count.setEnabled(now is not None)
        self._seed = SeedBox(
            translate("BatchDialog", "From seed"), "batch-seed", lockable=False, parent=self
        )
        self._seed.set_seed(None if now is None else (now + 1) % SEED_LIMIT)
        self._seed.dice_rolled.connect(self._roll)
        self._count_wrong = _wrong_label("batch-count-wrong", self)

    def _build_prompts(self) -> None:
        self._prompts = QPlainTextEdit(self)
        self._prompts.setObjectName("batch-prompts")
        self._prompts.setAccessibleName(translate("BatchDialog", "Prompts, one a line"))
        self._prompts.setTabChangesFocus(True)
        self._prompts.setMinimumHeight(6 * self.fontMetrics().lineSpacing())
        self._prompts.setPlaceholderText(
            translate("BatchDialog", "Left empty, the present one is drawn.")
        )
        self._prompts_wrong = _wrong_label("batch-prompts-wrong", self)

    def _build_folder(self) -> None:
        self._folder = QLineEdit(str(self._usual_folder()), self)
        self._folder.setObjectName("batch-folder")
        self._folder.setAccessibleName(translate("BatchDialog", "Folder"))
        self._choose = QPushButton(translate("BatchDialog", "Choose ..."), self)
        self._choose.setObjectName("batch-choose")
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._choose_folder)
        self._folder_wrong = _wrong_label("batch-folder-wrong", self)
        self._only_show = QCheckBox(translate("BatchDialog", "Only show them, save no files"), self)
        self._only_show.setObjectName("batch-only-show")
        self._only_show.toggled.connect(self._folder.setDisabled)
        self._only_show.toggled.connect(self._choose.setDisabled)

    def _lay_out(self) -> None:
        numbers = QHBoxLayout()
        numbers.setSpacing(SPACE_S)
        numbers.addWidget(QLabel(translate("BatchDialog", "Pictures"), self))
        numbers.addWidget(self._count, 1)
        numbers.addSpacing(SPACE_M)
        numbers.addWidget(self._seed, 3)
        place = QHBoxLayout()
        place.setSpacing(SPACE_S)
        place.addWidget(self._folder, 1)
        place.addWidget(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_XS)
        column.addLayout(numbers)
        column.addWidget(self._count_wrong)
        column.addSpacing(SPACE_S)
        for widget in (
            QLabel(translate("BatchDialog", "Prompts, one a line"), self),
            self._prompts,
        ):
            widget.setVisible(self._takes_prompt)
            column.addWidget(widget, 1 if widget is self._prompts else 0)
        column.addWidget(self._prompts_wrong)
        column.addSpacing(SPACE_S)
        column.addWidget(QLabel(translate("BatchDialog", "Folder"), self))
        column.addLayout(place)
        column.addWidget(self._folder_wrong)
        column.addWidget(self._only_show, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(SPACE_M)
        column.addWidget(self._said)
        column.addSpacing(SPACE_M)
        column.addWidget(self._build_buttons())

    def _build_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(self)
        self._go = QPushButton(translate("BatchDialog", "Make them"), self)
        self._go.setObjectName("batch-go")
        self._go.setProperty("primary", True)
        self._go.setDefault(True)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(
            translate("BatchDialog", "Cancel"), QDialogButtonBox.ButtonRole.RejectRole
        )
        cancel.setObjectName("batch-cancel")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    # What it says

    def _check(self) -> None:
        """Say what is wrong beside its field, and how much the batch is."""
        wrongs = (
            (self._count_wrong, self._wrong_count()),
            (self._prompts_wrong, self._wrong_prompt()),
            (self._folder_wrong, self._wrong_folder()),
        )
        for label, wrong in wrongs:
            label.setText(wrong)
            label.setVisible(bool(wrong))
        self._said.setText(self._amount())
        self._go.setEnabled(not any(wrong for _, wrong in wrongs))

    def _amount(self) -> str:
        pictures = self._pictures()
        one = translate("BatchDialog", "1 picture")
        many = translate("BatchDialog", "{count} pictures")
        said = one if pictures == 1 else many.format(count=pictures)
        rendering, recipe = self._studio.picture.rendering, self._studio.editor.recipe
        if rendering is None or recipe is None or rendering.recipe.model != recipe.model:
            return said
        return translate("BatchDialog", "{pictures}, about {time}").format(
            pictures=said, time=rough_duration(pictures * sum(rendering.seconds.values()))
        )

    def _wrong_count(self) -> str:
        if self._pictures() <= MOST:
            return ""
        return translate("BatchDialog", "A batch makes up to {most} pictures.").format(most=MOST)

    def _wrong_prompt(self) -> str:
        for line in self._lines():
            try:
                check_prompts((WeightedPrompt(text=line),))
            except GenStudioError as error:
                return str(error)
        return ""

    def _wrong_folder(self) -> str:
        if self._only_show.isChecked() or self._folder_path().is_absolute():
            return ""
        return translate("BatchDialog", "Choose a folder for them, or save no files.")

    # What is asked for

    def _pictures(self) -> int:
        return self._count.value() * max(1, len(self._lines()))

    def _lines(self) -> tuple[str, ...]:
        if not self._takes_prompt:
            return ()
        lines = self._prompts.toPlainText().splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def _folder_path(self) -> Path:
        return Path(self._folder.text().strip())

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
        dialog.filesSelected.connect(self._take_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_folder(self, names: list[str]) -> None:
        """The folder that was chosen: Qt's dialog also names those above it that were typed."""
        self._folder.setText(max(names, key=len))

    def _roll(self) -> None:
        self._seed.set_seed(self._studio.editor.new_seed())


def _wrong_label(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setProperty("role", "error")
    label.setWordWrap(True)
    return label
