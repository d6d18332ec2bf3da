"""Where graphs run, and what a person is told about it."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.base.errors import DeviceError
from genstudio.engine.providers import explain, plan_providers
from genstudio.engine.render import Engine
from genstudio.recipe.values import FromSeed, LatentRecipe
from tests import builders


def cuda_problem() -> str:
    """Why CUDA tests cannot run here, "" when they can."""
    return next(state.why_not for state in explain() if state.name == "CUDA")


needs_cuda = pytest.mark.skipif(bool(cuda_problem()), reason=f"no CUDA: {cuda_problem()}")
needs_no_cuda = pytest.mark.skipif(not cuda_problem(), reason="CUDA works on this machine")


def test_the_cpu_can_always_be_had() -> None:
    assert plan_providers("cpu").providers == ("CPUExecutionProvider",)
    assert explain()[-1].usable


@needs_no_cuda
def test_without_a_gpu_auto_is_the_cpu_and_says_why() -> None:
    plan = plan_providers("auto")
    assert plan.device == "cpu"
    assert plan.note == f"runs on the CPU: {cuda_problem()}"


@needs_no_cuda
def test_asking_for_a_gpu_that_is_not_there_is_refused_with_the_reason() -> None:
    with pytest.raises(DeviceError, match=r"CUDA cannot be used: .*--device cpu"):
        plan_providers("cuda")


@needs_no_cuda
def test_every_provider_that_cannot_be_used_says_why() -> None:
    assert all(state.usable or state.why_not for state in explain())


@needs_cuda
def test_tensorrt_is_off_unless_asked_for() -> None:
    assert plan_providers("cuda").providers == ("CUDAExecutionProvider", "CPUExecutionProvider")


@needs_cuda
def test_the_gpu_draws_about_the_picture_of_the_cpu(build, packs) -> None:
    pack = build(builders.gan)
    recipe = LatentRecipe(model=pack.ref, source=FromSeed(seed=3))
    on = {d: Engine(lambda ref: packs[ref.id], d).render(recipe) for d in ("cpu", "cuda")}
    assert on["cuda"].device == "cuda"
    assert np.abs(on["cpu"].pixels.astype(int) - on["cuda"].pixels).max() <= 2
