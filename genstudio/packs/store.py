"""The packs there are: GenStudio's own and the person's; taking one in, taking one away."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from genstudio.base.errors import GenStudioError, PackError
from genstudio.base.files import storage_error, sync_folder
from genstudio.base.lock import only_writer, writer_if_alone
from genstudio.base.paths import bundled_packs_folder, user_packs_folder
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.packs.manifest import FILE_NAME, Pack, open_pack
from genstudio.recipe.values import ModelRef

_HIDDEN: Final = ".genstudio-"
_LOCK: Final = f"{_HIDDEN}lock"
_REPLACED: Final = f"{_HIDDEN}replaced-"


class PackStore:
    """Packs by id. The person's own pack stands in for a bundled one of the same id.

    Nothing is remembered between calls: what the folders hold is what there is. One writer at a
    time holds the lock of the person's folder; readers need none.
    """

    def __init__(self, bundled: Path | None = None, user: Path | None = None) -> None:
        """Take the two folders of packs; the usual places without them."""
        self._bundled = bundled or bundled_packs_folder()
        self._user = user or user_packs_folder()

    def list(self) -> Sequence[Pack]:
        """All packs whose manifest can be read, by name. Graphs are neither hashed nor loaded."""
        return sorted(self._read()[0].values(), key=lambda pack: pack.manifest.name.lower())

    def problems(self) -> Sequence[str]:
        """What is wrong with the folders that hold no readable pack, a sentence each."""
        return self._read()[1]

    def is_added(self, pack: Pack) -> bool:
        """Whether the person added the pack, so that it may be removed."""
        return pack.folder.parent == self._user

    def get(self, pack_id: str) -> Pack:
        """The pack of an id.

        Raises:
            PackError: there is none; the sentence lists those there are.
        """
        # A pack nearly always lies in a folder of its name; then no other manifest is read.
        for root in (self._user, self._bundled):
            if _plain(pack_id):
                with contextlib.suppress(PackError):
                    pack = open_pack(root / pack_id)
                    if pack.id == pack_id:
                        return pack
        packs = self._read()[0]
        if pack_id in packs:
            return packs[pack_id]
        if _plain(pack_id) and (self._user / pack_id / FILE_NAME).is_file():
            return open_pack(self._user / pack_id)
        there = ", ".join(sorted(packs)) or "none yet"
        raise PackError(
            f"There is no model {pack_id[:80]}; models there are: {there}. Add one with "
            "genstudio models add PATH."
        )

    def resolve(self, ref: ModelRef) -> Pack:
        """The pack that a recipe means, maybe in another version. Raises as `get`."""
        return self.get(ref.id)

    def add(self, source: Path, progress: Progress = no_progress, cancel: Cancel = NEVER) -> Pack:
        """Check a folder or `.gspack` and take it in; it is there whole or not at all.

        A pack of the same id that was added before is replaced; the same one again is left alone.
        While another program adds one, this waits.

        Raises:
            PackError: it does not pass the check.
            StorageError: it cannot be read or written.
            Cancelled: `cancel` was set.
        """
        # The check has much in its luggage that looking a model up need not wait for.
        from genstudio.packs.check import check_copy

        with self._writing("add a pack in", cancel):
            try:
                taken = Path(tempfile.mkdtemp(prefix=f"{_HIDDEN}add-", dir=self._user))
            except OSError as error:
                raise storage_error("add a pack in", self._user, error) from error
            try:
                return self._place(check_copy(source, taken, progress, cancel))
            finally:
                shutil.rmtree(taken, ignore_errors=True)

    def remove(self, pack_id: str) -> None:
        """Delete a pack that the person added.

        Raises:
            PackError: there is none, or it came with GenStudio.
            StorageError: it cannot be deleted.
        """
        folder = self._user / pack_id
        if not (_plain(pack_id) and folder.is_dir()):
            pack = self.get(pack_id)
            raise PackError(
                f"The model {pack.id} came with GenStudio and stays; nothing was removed."
            )
        with self._writing("remove a pack from", NEVER):
            try:
                gone = Path(tempfile.mkdtemp(prefix=f"{_HIDDEN}gone-", dir=self._user))
                # One rename takes it away whole; only then are its files deleted.
                folder.rename(gone / pack_id)
                sync_folder(self._user)
            except OSError as error:
                raise storage_error("remove the pack", folder, error) from error
            shutil.rmtree(gone, ignore_errors=True)

    def _read(self) -> tuple[dict[str, Pack], Sequence[str]]:
        self._finish_replacing()
        packs: dict[str, Pack] = {}
        problems = []
        for root in (self._bundled, self._user):
            for folder in _folders(root):
                try:
                    pack = open_pack(folder)
                except GenStudioError as error:
                    problems.append(str(error))
                else:
                    packs[pack.id] = pack
        return packs, problems

    @contextlib.contextmanager
    def _writing(self, action: str, cancel: Cancel) -> Iterator[None]:
        """Be the only writer, with what a killed one left behind out of the way."""
        with contextlib.ExitStack() as stack:
            try:
                self._user.mkdir(parents=True, exist_ok=True)
                stack.enter_context(only_writer(self._user / _LOCK, cancel))
            except OSError as error:
                raise storage_error(action, self._user, error) from error
            self._restore_replaced()
            for left in self._user.glob(f"{_HIDDEN}*"):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
            yield

    def _place(self, pack: Pack) -> Pack:
        """Give a checked folder its name."""
        from genstudio.packs.check import check_files

        for root in (self._user, self._bundled):
            with contextlib.suppress(PackError):
                there = open_pack(root / pack.id)
                if there.ref == pack.ref:
                    # A damaged one is mended by adding it again.
                    check_files(there)
                    return there
        target, old = self._user / pack.id, self._user / f"{_REPLACED}{pack.id}"
        try:
            _sync_files(pack.folder)
            pack.folder.chmod(0o755)
            if target.exists():
                target.rename(old)
                try:
                    pack.folder.rename(target)
                except OSError:
                    old.rename(target)
                    raise
            else:
                pack.folder.rename(target)
            sync_folder(self._user)
        except OSError as error:
            raise storage_error("add the pack as", target, error) from error
        shutil.rmtree(old, ignore_errors=True)
        return open_pack(target)

    def _finish_replacing(self) -> None:
        """Bring back a pack whose replacing was killed between its two renames."""
        if any(self._user.glob(f"{_REPLACED}*")):
            with writer_if_alone(self._user / _LOCK) as alone:
                if alone:
                    self._restore_replaced()

    def _restore_replaced(self) -> None:
        for old in self._user.glob(f"{_REPLACED}*"):
            target = self._user / old.name.removeprefix(_REPLACED)
            if not target.exists():
                with contextlib.suppress(OSError):
                    old.rename(target)


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(
            path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
    except OSError:
        return []


def _plain(pack_id: str) -> bool:
    return bool(pack_id) and pack_id == Path(pack_id).name and not pack_id.startswith(".")


def _sync_files(folder: Path) -> None:
    """Bring the files to the disk before their folder gets its name."""
    for path in folder.iterdir():
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    sync_folder(folder)
