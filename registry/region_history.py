"""Places down to the county through the revisions of GB/T 2260: which row continues which. Pure: no database.

A revision shows a state on a day; when within the time since the revision before it a place changed, it does
not say. A change is dated by the last day of the first month that shows it. A row continues an earlier one
when code and name stay, when the name (or its stem, 商州市 → 商州区) moves to another code and nothing else
fits, or when a code gets a new name (城区 → 王益区). What fits nothing, or two things, is not linked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from registry.region_codes import COUNTY, PREFECTURE, PROVINCE, level_of, parent_code

Codes = dict[str, str]  # code: name
_LONGEST_GAP = 2
_KIND = re.compile(r"(自治州|自治县|自治旗|地区|特区|矿区|新区|林区|市|县|区|旗|盟|州)$")


@dataclass(frozen=True, slots=True)
class Revision:
    """All places of a day; with `day` None the oldest state we know."""

    day: date | None
    codes: Codes


@dataclass(slots=True)
class Spell:
    """A place kept its code, name and parent from `since` to `until` (None: open on that side)."""

    code: str
    name: str
    parent: "Lineage | None"
    since: date | None
    until: date | None = None


@dataclass(slots=True, eq=False)
class Lineage:
    """One place through time."""

    spells: list[Spell] = field(default_factory=list)

    @property
    def last(self) -> Spell:
        """The spell that is, or was, its last."""
        return self.spells[-1]


@dataclass(slots=True)
class History:
    """All lineages, and how many links were made by what."""

    lineages: list[Lineage] = field(default_factory=list)
    renamed: int = 0
    recoded: int = 0
    unlinked: int = 0  # appeared after the first revision and continues nothing


def trace(revisions: list[Revision]) -> History:
    """Return the history that the revisions, oldest first, tell."""
    revisions = fill_gaps(revisions)
    tracer = _Tracer(revisions)
    for revision in revisions:
        tracer.advance(revision)
    return tracer.history


def fill_gaps(revisions: list[Revision]) -> list[Revision]:
    """Put back a row that one or two revisions forgot: same code and name before and after, moved nowhere."""
    filled = [Revision(revision.day, dict(revision.codes)) for revision in revisions]
    for index, revision in enumerate(filled[1:-1], start=1):
        before = filled[index - 1].codes
        holders = defaultdict(set)
        for code, name in revision.codes.items():
            holders[name].add(code)
        following = filled[index + 1 : index + 1 + _LONGEST_GAP]
        for code, name in before.items():
            moved = any(before.get(other) != name for other in holders[name])
            if code not in revision.codes and not moved and _returns(code, name, following):
                revision.codes[code] = name
    return filled


def _returns(code: str, name: str, following: Iterable[Revision]) -> bool:
    return next((later.codes[code] == name for later in following if code in later.codes), False)


def stem(name: str) -> str:
    """Return the name without its kind (商州市: 商州), or the whole where one character would be left."""
    bare = _KIND.sub("", name)
    return bare if len(bare) > 1 else name


class _Tracer:
    def __init__(self, revisions: list[Revision]) -> None:
        self.history = History()
        self._open: dict[str, Lineage] = {}
        self._index = -1
        self._ambiguous: set[str] = set()
        self._first_seen: dict[tuple[str, str], int] = {}
        self._last_seen: dict[tuple[str, str], int] = {}
        for index, revision in enumerate(revisions):
            self._ambiguous |= {name for name, n in Counter(revision.codes.values()).items() if n > 1}
            for code, name in revision.codes.items():
                self._first_seen.setdefault((code[:2], name), index)
                self._last_seen[code[:2], name] = index

    @property
    def _is_first(self) -> bool:
        return self._index == 0

    def advance(self, revision: Revision) -> None:
        self._index += 1
        found: dict[str, Lineage] = {}
        for level in (PROVINCE, PREFECTURE, COUNTY):
            now = {code: name for code, name in revision.codes.items() if level_of(code) == level}
            before = {code: lineage for code, lineage in self._open.items() if level_of(code) == level}
            self._link_level(now, before, found)
            for code in sorted(now):
                self._continue(code, now[code], found, revision.day)
        kept = set(found.values())
        for lineage in self._open.values():
            if lineage not in kept:
                lineage.last.until = revision.day
        self._open = found

    def _link_level(self, now: Codes, before: dict[str, Lineage], found: dict[str, Lineage]) -> None:
        """Find for the codes of a level the lineages they continue; the surest kind of link first."""
        old, new = dict(before), dict(now)
        self._take(old, new, found, lambda code, name: (code, name))
        self._take(old, new, found, lambda code, name: (code, stem(name)))
        self._take(old, new, found, lambda code, name: self._place_of_name(code, name, name, found))
        self._take(old, new, found, lambda code, name: self._place_of_name(code, name, stem(name), found))
        old = {code: lineage for code, lineage in old.items() if not self._lives_on(code, lineage.last.name)}
        new = {code: name for code, name in new.items() if not self._lived_before(code, name)}
        self._take(old, new, found, lambda code, name: code)

    def _lives_on(self, code: str, name: str) -> bool:
        """The name comes back elsewhere in the province: its code was given to another place."""
        return name not in self._ambiguous and self._last_seen[code[:2], name] >= self._index

    def _lived_before(self, code: str, name: str) -> bool:
        return name not in self._ambiguous and self._first_seen[code[:2], name] < self._index

    def _place_of_name(self, code: str, name: str, key: str, found: dict[str, Lineage]) -> object:
        """A name may move anywhere; one that many places bear, or only its stem, within the same parent."""
        if name == key and name not in self._ambiguous:
            return name
        if name in self._ambiguous:
            parent = found.get(parent_code(code)) or self._open.get(parent_code(code))
            return (id(parent) if parent else parent_code(code), key)
        return (code[:2], key)

    def _take(
        self,
        old: dict[str, Lineage],
        new: Codes,
        found: dict[str, Lineage],
        key_of: Callable[[str, str], object],
    ) -> None:
        leaving, coming = defaultdict(list), defaultdict(list)
        for code, lineage in old.items():
            leaving[key_of(code, lineage.last.name)].append(code)
        for code, name in new.items():
            coming[key_of(code, name)].append(code)
        for key, codes in coming.items():
            if len(codes) == 1 and len(leaving.get(key, [])) == 1:
                self._count(leaving[key][0], codes[0], old[leaving[key][0]].last.name, new[codes[0]])
                found[codes[0]] = old.pop(leaving[key][0])
                del new[codes[0]]

    def _count(self, old_code: str, new_code: str, old_name: str, new_name: str) -> None:
        if old_code != new_code:
            self.history.recoded += 1
        elif old_name != new_name:
            self.history.renamed += 1

    def _continue(self, code: str, name: str, found: dict[str, Lineage], day: date | None) -> None:
        parent = found.get(parent_code(code)) or found.get(code[:2]) if len(code) > 2 else None
        lineage = found.get(code)
        if lineage is None:
            lineage = found[code] = Lineage()
            self.history.lineages.append(lineage)
            self.history.unlinked += not self._is_first
        elif (lineage.last.code, lineage.last.name, lineage.last.parent) == (code, name, parent):
            return
        else:
            lineage.last.until = day
        lineage.spells.append(Spell(code, name, parent, None if self._is_first else day))
