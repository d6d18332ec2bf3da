"""A family tree: pictures that were bred, and from whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from genstudio.recipe.values import Recipe

MOST: Final = 5000


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of the family; `parents` are numbers of members before it, none or up to two."""

    number: Annotated[int, Meta(ge=0)]
    recipe: Recipe
    parents: Annotated[tuple[int, ...], Meta(max_length=2)] = ()


class Family(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All members, parents before their children."""

    members: Annotated[tuple[Member, ...], Meta(max_length=MOST)] = ()

    def find(self, recipe: Recipe) -> Member | None:
        """The member with a recipe."""
        return next((member for member in self.members if member.recipe == recipe), None)

    def generation(self, member: Member) -> int:
        """How many generations lie before a member; 0 for one without parents."""
        by_number = {one.number: one for one in self.members}
        parents = [by_number[number] for number in member.parents if number in by_number]
        return 1 + max(self.generation(parent) for parent in parents) if parents else 0

    def with_child(self, child: Recipe, parents: Sequence[Recipe]) -> Family:
        """The family with a child of one or two parents, who come in where they are new."""
        family = self
        for parent in parents:
            family = family._with(parent, ())
        numbers = [m.number for p in parents if (m := family.find(p)) is not None]
        return family._with(child, tuple(numbers))  # noqa: SLF001

    def is_sound(self) -> bool:
        """Whether each parent stands before its children, and no number twice."""
        seen: set[int] = set()
        for member in self.members:
            if member.number in seen or any(parent not in seen for parent in member.parents):
                return False
            seen.add(member.number)
        return True

    def _with(self, recipe: Recipe, parents: tuple[int, ...]) -> Family:
        if self.find(recipe) is not None or len(self.members) >= MOST:
            return self
        number = self.members[-1].number + 1 if self.members else 0
        member = Member(number=number, recipe=recipe, parents=parents)
        return Family(members=(*self.members, member))
