"""Random histories of imports, registrations, linkings, merges, moves, learning: nobody is lost or doubled.

`make test` walks a few; with `HISTORIES=1000` in the environment pytest walks as many as told.
Each history is taken back by its own savepoint.
"""

import os
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import count as numbers
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from county.queries import count
from courses.models import Attendance, Enrolment, TrainingClass
from courses.services import close_online_classes, enrol_person
from registry.errors import MergeIsBuiltUpon, MergeRefused, RegistryError
from registry.models import AuditEntry, AuditHead, DuplicateDecision, Person, PersonMerge, RevealGrant, User
from registry.queries.people import person_by_id_number, person_of, records_of
from registry.queries.places import children_of
from registry.services import apply_file, link_person, merge_people, register_self, unmerge_people
from tests.factories.certificates import CourseFactory, attend
from tests.factories.registry import UserFactory, id_number
from tests.registry.roster_files import row, write_roster

HISTORIES = int(os.environ.get("HISTORIES", "12"))
SHANGHAI = ZoneInfo("Asia/Shanghai")
HUMANS = range(4)
NAMES = ["学员甲", "学员甲", "学员乙", "学员丙"]
COUNTY = "431125"
NOTHING = st.none()


def verb(name, first, second=NOTHING):
    return st.tuples(st.just(name), first, second)


rows = st.lists(
    st.tuples(st.sampled_from(HUMANS), st.integers(0, 2), st.booleans(), st.integers(0, 1)),
    min_size=2,
    max_size=4,
    unique_by=lambda cells: cells[0],
)
imports = verb("import", st.integers(0, 3), rows)
enrolments = verb("enrol", st.integers(0, 9), st.integers(0, 1))
merges = verb("merge", st.integers(0, 9), st.integers(0, 9))
attendances = verb("attend", st.integers(0, 9), st.sampled_from([45, 90]))
steps = st.one_of(
    imports,
    verb("register", st.sampled_from(HUMANS), st.integers(0, 2)),
    verb("link", st.sampled_from(HUMANS), st.booleans()),
    merges,
    merges,
    verb("unmerge", st.integers(0, 5)),
    enrolments,
    attendances,
    verb("close", st.integers(0, 1)),
)
# Somebody to tell of, in classes; then anything; at the end the classes are closed and count.
histories = st.tuples(
    st.lists(imports, min_size=1, max_size=2),
    st.lists(enrolments, min_size=3, max_size=5),
    st.lists(attendances, min_size=2, max_size=4),
    st.lists(steps, min_size=5, max_size=12),
    st.lists(merges, min_size=1, max_size=3),
    st.lists(verb("close", st.just(1)), max_size=1),
).map(lambda parts: [act for part in parts for act in part])


class History:
    """Carries steps out through the real services and remembers what they must have led to."""

    def __init__(self, county, folder, office):
        self.county, self.folder, self.office = county, folder, office
        self.villages = [version.region for version in children_of("431125100")[:2]]
        self.village_names = [version.name for version in children_of("431125100")[:2]]
        self.courses = [CourseFactory(), CourseFactory()]
        self.logins = {}
        self.merges = {}
        self.files = numbers()
        self.now = datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)

    def do(self, verb, first, second):
        self.now += timedelta(days=1)
        before = facts()
        getattr(self, f"do_{verb}")(first, second)
        after = facts()
        assert all(after.get(key) == whose for key, whose in before.items())

    def do_import(self, month, cells):
        listed = [
            row(
                human + 1,
                姓名=NAMES[human],
                户编号=f"{household:04d}",
                人编号=f"{human:02d}",
                证件号码=id_number(human) if has_number else "",
                与户主关系="其他",
                行政村=self.village_names[village],
                联系电话=phone(human),
            )
            for human, household, has_number, village in cells
        ]
        path = write_roster(self.folder / f"{next(self.files)}.xlsx", listed)
        as_of = date(2025, 9 + month, 30)
        people = Person.objects.count()
        outcome = apply_file(path=path, county=self.county, as_of=as_of, now=self.now).plan.counts()
        assert Person.objects.count() == people + outcome["persons"]["created"]
        again = apply_file(path=path, county=self.county, as_of=as_of, now=self.now).plan.counts()
        assert again["persons"]["created"] == 0

    def do_register(self, human, village):
        register_self(
            user=self.login(human),
            name=NAMES[human],
            village=[*self.villages, None][village],
            birth_year=1990,
            now=self.now,
        )

    def do_link(self, human, is_right):
        last_four = id_number(human)[-4:] if is_right else "0000"
        try:
            link_person(user=self.login(human), last_four=last_four, now=self.now)
        except RegistryError:
            assert not is_right or person_of(self.login(human)) is None

    def do_merge(self, first, second):
        kept, absorbed = self.record(first), self.record(second)
        if kept is None or absorbed is None:
            return
        try:
            merge = merge_people(kept=kept, absorbed=absorbed, by=self.office, reason="试", now=self.now)
        except MergeRefused:
            assert kept == absorbed or kept.kept_as_id or absorbed.kept_as_id
        else:
            # Asked again of two who are one by a detour, it answers with the merge there was.
            self.merges[merge.pk] = (merge.kept_id, merge.absorbed_id)

    def do_unmerge(self, which, _nothing):
        if not self.merges:
            return
        pk = sorted(self.merges)[which % len(self.merges)]
        try:
            merge = PersonMerge.objects.get(pk=pk)
            unmerge_people(merge=merge, by=self.office, reason="试", now=self.now)
        except MergeIsBuiltUpon:
            assert any(absorbed == self.merges[pk][0] for _kept, absorbed in self.merges.values())
        else:
            del self.merges[pk]

    def do_enrol(self, which, choice):
        person = self.record(which)
        if person is not None:
            course = self.courses[choice % 2]
            place = enrol_person(person=person, course=course, now=self.now)
            assert enrol_person(person=person, course=course, now=self.now) == place
            assert place.person in records_of(person)

    def do_attend(self, which, minutes):
        places = list(Enrolment.objects.order_by("pk"))
        if places:
            attend(places[which % len(places)], minutes, self.now.date())

    def do_close(self, is_month_over, _nothing):
        self.now += timedelta(days=32 * is_month_over)
        close_online_classes(now=self.now)

    def login(self, human):
        if human not in self.logins:
            self.logins[human] = UserFactory(phone=phone(human, "+86"), phone_verified=True)
        return User.objects.get(pk=self.logins[human].pk)

    def record(self, which):
        records = list(Person.objects.order_by("pk"))
        return records[which % len(records)] if records else None

    def humans(self):
        """Return for each record the smallest record of the same human being, by our own list of merges."""
        leaders = {pk: pk for pk in Person.objects.values_list("pk", flat=True)}
        for kept, absorbed in self.merges.values():
            one, other = leaders[kept], leaders[absorbed]
            for pk, leader in leaders.items():
                leaders[pk] = min(one, other) if leader in (one, other) else leader
        return leaders


def phone(human, prefix=""):
    return f"{prefix}1990000000{human}"


def facts():
    """Return whose every enrolment, attendance, paper, household spell and login is."""
    found = {}
    for model, field in [
        ("registry.Person", "pk"),
        ("registry.Membership", "person_id"),
        ("courses.Enrolment", "person_id"),
        ("courses.Attendance", "enrolment__person_id"),
        ("courses.QuizAttempt", "enrolment__person_id"),
        ("certificates.Certificate", "person_id"),
    ]:
        for pk, whose in apps.get_model(model).objects.values_list("pk", field):
            found[model, pk] = whose
    for user, person in Person.objects.filter(user__isnull=False).values_list("user_id", "pk"):
        found["login", user] = person
    return found


# What is added by every act, also by undoing one.
LOGS = {PersonMerge, AuditEntry, AuditHead, RevealGrant, DuplicateDecision}


def dump(without=""):
    """Return every row of our apps as text, table by table, without the logs and the column `without`."""
    state = {}
    for model in apps.get_models():
        app = model._meta.app_label
        if app in {"registry", "courses", "certificates", "county"} and model not in LOGS:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT (to_jsonb(t) - %s)::text FROM "{model._meta.db_table}" t', [without])
                state[model] = Counter(text for (text,) in cursor.fetchall())
    return state


def check_people(history):
    leaders = history.humans()
    pointers = dict(Person.objects.values_list("pk", "kept_as"))
    roots = {pk: target or pk for pk, target in pointers.items()}
    assert len(set(leaders.values())) == Person.objects.filter(kept_as__isnull=True).count()
    assert all((roots[a] == roots[b]) == (leaders[a] == leaders[b]) for a in roots for b in roots)
    listed = Counter(person.id_number for person in Person.objects.all() if person.id_number_sealed)
    assert set(listed.values()) <= {1}
    for number in listed:
        assert leaders[person_by_id_number(number).pk] in leaders.values()
    for user in history.logins.values():
        assert Person.objects.filter(user=user).count() <= 1


def check_counts(history):
    leaders = history.humans()
    counted, enrolled, training = {}, set(), set()
    for place in Enrolment.objects.select_related("training_class"):
        seat = (leaders[place.person_id], place.training_class_id)
        if place.training_class.state != TrainingClass.State.CLOSED:
            training.add(seat)
            continue
        enrolled.add(seat)
        minutes = sum(Attendance.objects.filter(enrolment=place).values_list("minutes", flat=True))
        if minutes > 0:
            counted[seat] = max(minutes, counted.get(seat, 0))
    total = count(COUNTY, date(2026, 1, 1), date(2030, 12, 1)).total
    assert (total.person_times, total.heads) == (len(counted), len({human for human, _class in counted}))
    assert (total.minutes, total.enrolled, total.in_training) == (
        sum(counted.values()), len(enrolled), len(training),
    )  # fmt: skip


def check_merge_and_back(history, picks):
    first, second = (history.record(which) for which in picks)
    before = dump()
    try:
        merge = merge_people(kept=first, absorbed=second, by=history.office, reason="试", now=history.now)
    except MergeRefused:
        return
    if merge.pk in history.merges:
        return
    assert dump() != before
    unmerge_people(merge=merge, by=history.office, reason="试", now=history.now)
    assert dump() == before


def check_all_undone(history, dice):
    """Undo every merge in an order drawn by lot, as far as it is valid: what is left is what was there."""
    before = dump("kept_as_id")
    while history.merges:
        history.do_unmerge(dice.randrange(len(history.merges)), None)
    assert not Person.objects.filter(kept_as__isnull=False).exists()
    assert dump("kept_as_id") == before


@settings(
    max_examples=HISTORIES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    acts=histories,
    picks=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    dice=st.randoms(use_true_random=False),
)
def walk(county, folder, office, acts, picks, dice):
    with transaction.atomic():
        history = History(county, folder, office)
        for act in acts:
            history.do(*act)
        check_people(history)
        check_counts(history)
        if Person.objects.exists():
            check_merge_and_back(history, picks)
            check_all_undone(history, dice)
            check_counts(history)
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_is_lost_or_doubled_in_random_histories(county, tmp_path):
    walk(county, tmp_path, UserFactory(username="official"))
