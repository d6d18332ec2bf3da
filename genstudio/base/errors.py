"""Every failure that a person may meet, as a type whose message is a sentence safe to show.

Anything raised that is not a `GenStudioError` is a bug of ours and may show a traceback; the
world's faults (a bad file, a full disk, a missing GPU) never do.
"""


class GenStudioError(Exception):
    """A refusal in words: what was wrong, where, and what to do about it."""


class RecipeError(GenStudioError):
    """A recipe that cannot be read, or that asks for something its model cannot do."""


class PackError(GenStudioError):
    """A model pack that is missing, broken, or not what its manifest says."""


class PictureError(GenStudioError):
    """A picture that cannot be read, is too large, or has the wrong shape for the model."""


class EngineError(GenStudioError):
    """A graph that could not be loaded or run."""


class DeviceError(EngineError):
    """A device that was asked for and is not there."""


class StorageError(GenStudioError):
    """A file or folder that cannot be read or written."""


class TrainingError(GenStudioError):
    """Training data or a training configuration that cannot be used."""


class Cancelled(Exception):
    """The person stopped the work. Not a failure, and never shown as one."""
