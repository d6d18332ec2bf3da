"""What can be done, as data: menus, shortcuts and the command palette derive from these rows.

Rows here need only the studio. The window adds its own (views, dialogs) of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from genstudio.base.texts import translate
from genstudio.packs.manifest import Upscaler
from genstudio.packs.scores import missing_for_best
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import LatentRecipe, UpscaleRecipe
from genstudio.studio.studio import Studio

Menu = Literal["file", "edit", "picture", "view", "jobs", "help"]
MENUS: Final[tuple[Menu, ...]] = ("file", "edit", "picture", "view", "jobs", "help")
_BEST_OF: Final = 16


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One thing that can be done.

    `words` gives the text anew where it changes ("Undo truncation 0.7 → 0.5"); `checked` is there
    for what is on or off. Shortcuts are in Qt's portable spelling; the first one is shown.
    """

    id: str
    menu: Menu
    text: str
    run: Callable[[], None]
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    tooltip: str = ""
    enabled: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None
    words: Callable[[], str] | None = None
    separated: bool = False
    """A line stands above it in the menu."""
    short: str = ""
    """What stands on a tool button that has no icon."""
    submenu: str = ""
    """The title of the menu inside the menu that it stands in."""


def actions_of(studio: Studio) -> tuple[Action, ...]:
    """The studio's rows, in the order of the menus."""
    return (*_edit(studio), *_picture(studio), *_jobs(studio))


def _edit(studio: Studio) -> list[Action]:
    editor = studio.editor
    history = editor.history

    def undo_words() -> str:
        words = history.undo_words
        return translate("Actions", "Undo {what}").format(what=words).strip()

    def redo_words() -> str:
        words = history.redo_words
        return translate("Actions", "Redo {what}").format(what=words).strip()

    return [
        Action(
            "undo",
            "edit",
            translate("Actions", "Undo"),
            editor.undo,
            ("Ctrl+Z",),
            "undo-2",
            enabled=lambda: history.can_undo,
            words=undo_words,
        ),
        Action(
            "redo",
            "edit",
            translate("Actions", "Redo"),
            editor.redo,
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            "redo-2",
            enabled=lambda: history.can_redo,
            words=redo_words,
        ),
        Action(
            "reset-controls",
            "edit",
            translate("Actions", "Reset all controls"),
            editor.start_again,
            ("Ctrl+Shift+Backspace",),
            "rotate-ccw",
            translate(
                "Actions", "Every control back to the model's default; seed and prompt stay."
            ),
            enabled=lambda: editor.recipe is not None,
            separated=True,
        ),
        Action(
            "reset-sliders",
            "edit",
            translate("Actions", "Reset the latent sliders"),
            studio.sliders.reset,
            ("Ctrl+Backspace",),
            "sliders-horizontal",
            enabled=lambda: studio.sliders.has_latent,
        ),
        Action(
            "randomise-sliders",
            "edit",
            translate("Actions", "Randomise the latent sliders"),
            lambda: studio.sliders.randomise("named"),
            ("Ctrl+D",),
            "shuffle",
            translate("Actions", "Roll the dice for all sliders that are not locked."),
            enabled=lambda: studio.sliders.directions is not None,
        ),
    ]


def _picture(studio: Studio) -> list[Action]:
    editor, picture, variations = studio.editor, studio.picture, studio.variations

    def is_drawn() -> bool:
        return editor.recipe is not None and not isinstance(editor.recipe, UpscaleRecipe)

    def has_seed() -> bool:
        return editor.recipe is not None and seed_of(editor.recipe) is not None

    def has_best() -> bool:
        pack, recipe = editor.pack, editor.recipe
        if pack is None or recipe is None:
            return False
        return missing_for_best(recipe, pack.manifest) is None

    def lock_seed() -> None:
        editor.lock_seed(not editor.seed_locked)

    rows = [
        Action(
            "draw",
            "picture",
            translate("Actions", "Draw another"),
            studio.draw,
            ("Ctrl+Return", "Ctrl+Enter"),
            "dice-5",
            translate("Actions", "A new picture: a new seed, unless the seed is locked."),
            enabled=is_drawn,
        ),
        Action(
            "stop",
            "picture",
            translate("Actions", "Stop drawing"),
            picture.stop,
            ("Esc",),
            "square",
            translate("Actions", "Stop, and keep what is drawn so far."),
            enabled=lambda: picture.is_busy,
        ),
        Action(
            "draw-again",
            "picture",
            translate("Actions", "Finish the drawing"),
            picture.draw_again,
            ("F5",),
            "play",
            enabled=lambda: picture.is_stopped,
        ),
        Action(
            "lock-seed",
            "picture",
            translate("Actions", "Lock the seed"),
            lock_seed,
            ("Ctrl+L",),
            "lock",
            enabled=has_seed,
            checked=lambda: editor.seed_locked,
        ),
        Action(
            "variations",
            "picture",
            translate("Actions", "Variations nearby"),
            lambda: variations.begin(9, "near"),
            ("Ctrl+G",),
            "grid-3x3",
            translate("Actions", "A sheet of nine pictures like this one; pick one."),
            enabled=lambda: variations.can_vary and isinstance(editor.recipe, LatentRecipe),
            separated=True,
        ),
        Action(
            "other-seeds",
            "picture",
            translate("Actions", "Other seeds"),
            lambda: variations.begin(9, "seeds"),
            ("Ctrl+Shift+G",),
            "layout-grid",
            translate("Actions", "A sheet of nine pictures from other seeds; pick one."),
            enabled=is_drawn,
        ),
        Action(
            "best-of",
            "picture",
            translate("Actions", "Best of {count}").format(count=_BEST_OF),
            lambda: studio.best_of(_BEST_OF),
            ("Ctrl+Shift+B",),
            "star",
            translate(
                "Actions",
                "Try the next seeds and keep the one that the model itself scores highest.",
            ),
            enabled=has_best,
        ),
    ]
    return [
        *rows,
        *_repainting(studio),
        *_token_looks(studio),
        *_blending(studio),
        *_walking(studio),
        *_enlarging(studio, is_drawn),
    ]


def _repainting(studio: Studio) -> list[Action]:
    repaint = studio.repaint

    def turn() -> None:
        repaint.end() if repaint.is_on else repaint.begin()

    return [
        Action(
            "repaint",
            "picture",
            translate("Actions", "Mask for drawing again"),
            turn,
            ("Ctrl+R",),
            "brush",
            translate("Actions", "Brush over what is to be drawn again; [ and ] change the brush."),
            enabled=lambda: repaint.is_on or repaint.can_begin,
            checked=lambda: repaint.is_on,
            separated=True,
        ),
        Action(
            "redraw",
            "picture",
            translate("Actions", "Draw the masked part again"),
            repaint.redraw,
            ("Ctrl+Shift+R",),
            enabled=lambda: repaint.is_on and bool(repaint.mask.any()),
        ),
        Action(
            "empty-mask",
            "picture",
            translate("Actions", "Empty the mask"),
            lambda: repaint.fill(marked=False),
            ("Ctrl+Alt+R",),
            enabled=lambda: repaint.is_on and bool(repaint.mask.any()),
        ),
    ]


def _token_looks(studio: Studio) -> list[Action]:
    repaint, sight, extending = studio.repaint, studio.token_sight, studio.extending

    def turn() -> None:
        sight.end() if sight.is_on else sight.begin()

    return [
        Action(
            "mask-all",
            "picture",
            translate("Actions", "Mark all but the locked tokens"),
            lambda: repaint.fill(marked=True),
            ("Ctrl+Alt+A",),
            tooltip=translate("Actions", "L locks the token under the cursor, so that it stays."),
            enabled=lambda: repaint.is_on,
        ),
        Action(
            "unlock-tokens",
            "picture",
            translate("Actions", "Unlock all tokens"),
            repaint.unlock_all,
            ("Ctrl+Alt+L",),
            enabled=lambda: repaint.is_on and bool(repaint.locked.any()),
        ),
        Action(
            "mask-ring",
            "picture",
            translate("Actions", "One ring more around the mask"),
            repaint.turn_ring,
            ("Ctrl+Alt+M",),
            tooltip=translate("Actions", "So that the neighbours do not give the hole away."),
            enabled=lambda: repaint.is_on,
            checked=lambda: repaint.ring,
        ),
        Action(
            "token-odds",
            "picture",
            translate("Actions", "How sure the model was"),
            turn,
            ("Ctrl+U",),
            "flame",
            translate("Actions", "Each token's entropy; click one for what might have been."),
            enabled=lambda: sight.is_on or sight.can_begin,
            checked=lambda: sight.is_on,
        ),
        Action(
            "extend-right",
            "picture",
            translate("Actions", "Extend to the right"),
            lambda: extending.extend("right"),
            ("Ctrl+Alt+Right",),
            tooltip=translate("Actions", "Draw half a picture more; what is there stays."),
            enabled=lambda: extending.can_extend("right"),
        ),
        Action(
            "extend-below",
            "picture",
            translate("Actions", "Extend below"),
            lambda: extending.extend("below"),
            ("Ctrl+Alt+Down",),
            tooltip=translate("Actions", "Draw half a picture more; what is there stays."),
            enabled=lambda: extending.can_extend("below"),
        ),
    ]


def _walking(studio: Studio) -> list[Action]:
    walking = studio.walking

    def turn() -> None:
        walking.stop() if walking.is_playing else walking.play()

    return [
        Action(
            "add-keyframe",
            "picture",
            translate("Actions", "Put on the walk"),
            walking.add,
            ("Ctrl+Shift+K",),
            "route",
            translate("Actions", "The picture becomes the next keyframe of the walk."),
            enabled=lambda: walking.can_add,
            separated=True,
        ),
        Action(
            "play-walk",
            "picture",
            translate("Actions", "Play the walk"),
            turn,
            ("Ctrl+Shift+P",),
            "play",
            enabled=lambda: walking.can_go,
            checked=lambda: walking.is_playing,
        ),
    ]


def _blending(studio: Studio) -> list[Action]:
    blend = studio.blend
    return [
        Action(
            "hold-a",
            "picture",
            translate("Actions", "Hold this picture as A"),
            lambda: blend.hold("a"),
            ("Ctrl+Shift+A",),
            tooltip=translate("Actions", "One end of the way between two pictures."),
            enabled=lambda: blend.can_hold,
            separated=True,
        ),
        Action(
            "hold-b",
            "picture",
            translate("Actions", "Hold this picture as B"),
            lambda: blend.hold("b"),
            ("Ctrl+Shift+D",),
            tooltip=translate("Actions", "The other end of the way between two pictures."),
            enabled=lambda: blend.can_hold,
        ),
        Action(
            "hold-c",
            "picture",
            translate("Actions", "Hold this picture as C"),
            lambda: blend.hold("c"),
            ("Ctrl+Alt+C",),
            tooltip=translate("Actions", "The lower left corner of a square of pictures."),
            enabled=lambda: blend.can_hold,
        ),
        Action(
            "hold-d",
            "picture",
            translate("Actions", "Hold this picture as D"),
            lambda: blend.hold("d"),
            ("Ctrl+Alt+D",),
            tooltip=translate("Actions", "The lower right corner of a square of pictures."),
            enabled=lambda: blend.can_hold,
        ),
    ]


def _enlarging(studio: Studio, is_drawn: Callable[[], bool]) -> list[Action]:
    """Enlarging by each scale; upscalers that are added later come with the next start."""
    editor = studio.editor

    def scale() -> int:
        recipe = editor.recipe
        if recipe is None or isinstance(recipe, UpscaleRecipe) or recipe.upscaling is None:
            return 1
        pack = studio.models.find(recipe.upscaling.model.id)
        return (
            pack.manifest.model.scale if pack and isinstance(pack.manifest.model, Upscaler) else 1
        )

    def enlarge(wanted: int) -> Callable[[], None]:
        def run() -> None:
            editor.enlarge(None if scale() == wanted else studio.upscaler(wanted))

        return run

    def is_there(wanted: int) -> Callable[[], bool]:
        return lambda: is_drawn() and studio.upscaler(wanted) is not None

    def is_on(wanted: int) -> Callable[[], bool]:
        return lambda: scale() == wanted

    return [
        Action(
            f"enlarge-{wanted}",
            "picture",
            translate("Actions", "Enlarge {scale} times").format(scale=wanted),
            enlarge(wanted),
            (f"Ctrl+Shift+{wanted}",),
            enabled=is_there(wanted),
            checked=is_on(wanted),
            separated=wanted == 2,
            short=f"{wanted}×",
        )
        for wanted in (2, 4)
    ]


def _jobs(studio: Studio) -> list[Action]:
    queue = studio.queue
    return [
        Action(
            "cancel-jobs",
            "jobs",
            translate("Actions", "Cancel all jobs"),
            queue.cancel_all,
            ("Ctrl+Shift+Esc",),
            "x",
            enabled=lambda: queue.waiting > 0,
        ),
        Action(
            "clear-jobs",
            "jobs",
            translate("Actions", "Clear finished jobs"),
            queue.clear,
            ("Ctrl+Shift+X",),
            "list-x",
            enabled=lambda: any(row.is_over for row in queue.rows),
        ),
    ]
