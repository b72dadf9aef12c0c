"""What a change of places moves: what ends, what begins, where the people lie since. Pure: no database.

A place keeps its identity when it is renamed, recoded, upgraded or moved; it ends when it is merged, split
or abolished. Codes below a moved place follow it by their own digits, or by the map given with the change;
where two would meet, the newcomer gets a provisional 9xx code. What nobody mapped is unallocated (待归属).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry.errors import ChangeShapeWrong, RegionCodeTaken
from registry.region_codes import TOWN, free_provisional_code, level_of, own_digits, parent_code

Ref = int | str  # the id of a place we have, or the code of one that the change makes


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is in force."""

    region: int
    code: str
    name: str
    level: int
    parent: int | None
    is_provisional: bool = False
    is_administrative: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """What a place shall be: `region` says which one it is if it exists, else it is made."""

    code: str
    name: str = ""
    region: int | None = None
    parent: int | None = None

    @property
    def ref(self) -> Ref:
        """How openings and successions point at it."""
        return self.region or self.code


@dataclass(frozen=True, slots=True)
class Request:
    """A change as entered. `codes`: old code to new; `pieces`: code below a split place to its heir's."""

    kind: str
    sources: tuple[Place, ...]
    targets: tuple[Target, ...] = ()
    codes: Mapping[str, Target] = field(default_factory=dict)
    pieces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """A version that begins."""

    region: Ref
    code: str
    name: str
    level: int
    parent: Ref | None
    is_provisional: bool
    is_administrative: bool


@dataclass(slots=True)
class Plan:
    """Everything a change does. A place in `openings` that exists goes on under its new version."""

    openings: list[Opening] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    successions: list[tuple[int, Ref | None]] = field(default_factory=list)

    @property
    def moved(self) -> list[int]:
        """Places that go on with another code, name or parent."""
        return [opening.region for opening in self.openings if isinstance(opening.region, int)]

    @property
    def unallocated(self) -> list[int]:
        """Places that ended and of which nobody says where they belong since."""
        return [region for region, heir in self.successions if heir is None]


class Surroundings:
    """The places in force at and below sources and targets, and the lines above them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_region = {place.region: place for place in places}
        self.taken = {place.code: place.region for place in self.by_region.values()}
        self._children: dict[int, list[Place]] = {}
        for place in sorted(self.by_region.values(), key=lambda place: place.code):
            if place.parent is not None:
                self._children.setdefault(place.parent, []).append(place)

    def children(self, region: int) -> list[Place]:
        """Return the places directly below, by code."""
        return self._children.get(region, [])

    def line(self, region: int | None) -> list[Place]:
        """Return a place and those above it, the nearest first."""
        line = []
        while region in self.by_region:
            line.append(self.by_region[region])
            region = line[-1].parent
        return line


def plan_change(request: Request, around: Surroundings) -> Plan:
    """Return what the change does.

    Raises `ChangeShapeWrong` when the places do not fit the kind and `RegionCodeTaken` when a code
    above the towns belongs to somebody else.
    """
    return _Planner(request, around).plan()


class _Planner:
    def __init__(self, request: Request, around: Surroundings) -> None:
        self._request = request
        self._around = around
        self._plan = Plan()
        self._taken: dict[str, Ref] = dict(around.taken)

    def plan(self) -> Plan:
        kind = self._request.kind
        if not self._request.sources or len({place.level for place in self._request.sources}) != 1:
            raise ChangeShapeWrong(kind=kind)
        getattr(self, f"_{kind}")()
        self._refuse_leftover_codes()
        return self._plan

    def _rename(self) -> None:
        source, target = self._one_to_one()
        self._require(target.code == source.code and bool(target.name) and target.name != source.name)
        self._open(source, source.region, source.code, target.name, source.parent)

    def _recode(self) -> None:
        source, target = self._one_to_one()
        self._require(target.code != source.code and target.name in {"", source.name})
        self._move_as(source, target)

    def _upgrade(self) -> None:
        source, target = self._one_to_one()
        self._require(bool(target.name) and target.name != source.name)
        self._move_as(source, target)

    def _transfer(self) -> None:
        (target,) = self._targets(1)
        self._require(target.region is not None)
        for source in self._request.sources:
            self._require(source.level == level_of(target.code) + 1 and source.parent != target.region)
            self._lose(source.parent, target.region)
        self._vacate(self._request.sources)
        for source in self._request.sources:
            self._move(source, target.ref, target.code)

    def _merge(self) -> None:
        (target,) = self._targets(1)
        sources = [place for place in self._request.sources if place.region != target.region]
        self._require(self._has_level(target) and len(sources) >= (1 if target.region else 2))
        self._vacate(sources)
        self._make(target, sources[0])
        parent = self._parent_of(target, sources[0])
        for source in sources:
            self._lose(source.parent, parent)
            self._end(source, target.ref)
        self._gather([(child, target) for s in sources for child in self._around.children(s.region)])

    def _split(self) -> None:
        self._require(len(self._request.sources) == 1)
        (source,) = self._request.sources
        targets = {target.code: target for target in self._targets(None)}
        self._require(len(targets) >= 2 and all(map(self._has_level, targets.values())))
        goes_on = any(target.region == source.region for target in targets.values())
        self._vacate([source], keep_root=goes_on)
        for target in targets.values():
            self._make(target, source)
            self._plan.successions.append((source.region, target.ref))
        if not goes_on:
            self._plan.ended.append(source.region)
        children = {child.code: child for child in self._around.children(source.region)}
        self._require(set(self._request.pieces) <= set(children))
        self._require(set(self._request.pieces.values()) <= set(targets))
        self._gather([(children[code], targets[heir]) for code, heir in self._request.pieces.items()])
        for code in sorted(children.keys() - self._request.pieces.keys()):
            self._abandon(children[code])

    def _abolish(self) -> None:
        self._require(not self._request.targets)
        for source in self._request.sources:
            self._abandon(source)

    # What the kinds have in common

    def _require(self, holds: bool) -> None:
        if not holds:
            raise ChangeShapeWrong(kind=self._request.kind)

    def _targets(self, number: int | None) -> tuple[Target, ...]:
        self._require(number is None or len(self._request.targets) == number)
        return self._request.targets

    def _one_to_one(self) -> tuple[Place, Target]:
        self._require(len(self._request.sources) == 1)
        (target,) = self._targets(1)
        return self._request.sources[0], target

    def _has_level(self, target: Target) -> bool:
        return len(target.code) == len(self._request.sources[0].code)

    def _move_as(self, source: Place, target: Target) -> None:
        """Give a place its new code and name where it is, and let everything below follow."""
        self._require(self._has_level(target) and parent_code(target.code) == parent_code(source.code))
        if target.code == source.code:
            self._open(source, source.region, source.code, target.name, source.parent)
            return
        self._vacate([source])
        self._claim(target.code, source.region)
        self._open(source, source.region, target.code, target.name or source.name, source.parent)
        self._follow(source, target.code)

    def _make(self, target: Target, like: Place) -> None:
        """Open the version of a target that does not exist yet."""
        if target.region is not None:
            return
        self._require(bool(target.name))
        self._claim(target.code, target.code)
        parent = self._parent_of(target, like)
        self._open(like, target.code, target.code, target.name, parent)

    def _parent_of(self, target: Target, like: Place) -> int | None:
        if target.region is not None:
            return self._around.by_region[target.region].parent
        parent = target.parent or like.parent
        above = self._around.by_region.get(parent or 0)
        self._require(parent is None or (above is not None and above.code == parent_code(target.code)))
        return parent

    def _gather(self, moves: list[tuple[Place, Target]]) -> None:
        for child, target in moves:
            self._move(child, target.ref, target.code)

    def _move(self, place: Place, parent: Ref, parent_now: str) -> None:
        """Put a place and all below it under a new parent."""
        code, is_provisional = self._new_code(place, parent_now)
        wanted = self._request.codes.get(place.code)
        name = (wanted.name if wanted else "") or place.name
        self._open(place, place.region, code, name, parent, is_provisional=is_provisional)
        self._follow(place, code)

    def _follow(self, place: Place, code: str) -> None:
        for child in self._around.children(place.region):
            self._move(child, place.region, code)

    def _new_code(self, place: Place, parent_now: str) -> tuple[str, bool]:
        wanted = self._request.codes.get(place.code)
        if wanted:
            self._require(parent_code(wanted.code) == parent_now)
            return self._claim(wanted.code, place.region), False
        code = parent_now + own_digits(place.code)
        if code not in self._taken and code not in self._spoken_for():
            return self._claim(code, place.region), place.is_provisional
        if place.level < TOWN:
            raise RegionCodeTaken(code=code)
        free = free_provisional_code(parent_now, self._taken.keys() | self._spoken_for())
        if free is None:
            raise RegionCodeTaken(code=code)
        return self._claim(free, place.region), True

    def _spoken_for(self) -> set[str]:
        return {target.code for target in self._request.codes.values()}

    def _claim(self, code: str, holder: Ref) -> str:
        if self._taken.get(code, holder) != holder:
            raise RegionCodeTaken(code=code)
        self._taken[code] = holder
        return code

    def _vacate(self, places: Iterable[Place], *, keep_root: bool = False) -> None:
        """Free the codes of what moves or ends, so that others may take them the same day."""
        for place in places:
            if not keep_root:
                self._taken.pop(place.code, None)
            self._vacate(self._around.children(place.region))

    def _open(
        self,
        like: Place,
        region: Ref,
        code: str,
        name: str,
        parent: Ref | None,
        *,
        is_provisional: bool = False,
    ) -> None:
        self._plan.openings.append(
            Opening(region, code, name, like.level, parent, is_provisional, like.is_administrative)
        )

    def _end(self, place: Place, heir: Ref | None) -> None:
        self._plan.ended.append(place.region)
        self._plan.successions.append((place.region, heir))

    def _abandon(self, place: Place) -> None:
        self._end(place, None)
        for child in self._around.children(place.region):
            self._abandon(child)

    def _lose(self, parent: int | None, heir: int | None) -> None:
        """What is known only as "in a place that lost a part" may have gone with the part."""
        gaining = self._around.line(heir)
        kept = {place.region for place in gaining}
        for place in self._around.line(parent):
            if place.region in kept:
                return
            heirs = [other.region for other in gaining if other.level == place.level]
            for row in [(place.region, place.region), *((place.region, other) for other in heirs)]:
                if row not in self._plan.successions:
                    self._plan.successions.append(row)

    def _refuse_leftover_codes(self) -> None:
        """A mapped code that nothing used is a slip in the map: better said than swallowed."""
        opened = {opening.code for opening in self._plan.openings}
        self._require(self._spoken_for() <= opened)
