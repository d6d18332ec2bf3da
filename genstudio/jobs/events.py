"""What a worker tells about its jobs: frozen values, made in its thread, read in another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Started:
    """The job has begun."""

    job: int


@dataclass(frozen=True)
class Progressed:
    """How far the job is: `done` from 0 to 1, what it does in words, maybe a preview picture."""

    job: int
    done: float
    what: str = ""
    preview: object | None = None


@dataclass(frozen=True)
class Finished:
    """The job ended well, with what its task returned."""

    job: int
    result: object


@dataclass(frozen=True)
class Failed:
    """The job was refused or broke; `sentence` is safe to show, `details` is for a report."""

    job: int
    sentence: str
    details: str = ""


@dataclass(frozen=True)
class Stopped:
    """The job was cancelled, or taken out of its lane before it began."""

    job: int


JobEvent = Started | Progressed | Finished | Failed | Stopped
"""Every job ends with exactly one of `Finished`, `Failed` and `Stopped`."""
