"""Makers of registry rows for tests; a trait for each state that tests ask for."""

from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from registry.id_numbers import check_character
from registry.models import (
    Appointment,
    Household,
    Membership,
    Person,
    Region,
    RegionVersion,
    RosterImport,
    StatusPeriod,
    User,
)
from registry.names import compare_key


def id_number(sequence: int, born: date = date(1990, 1, 1), *, female: bool = True) -> str:
    """Return a well-formed number of the unassigned region 99, one for each `sequence` up to 499."""
    first = f"990000{born:%Y%m%d}{(sequence % 500) * 2 + (0 if female else 1):03d}"
    return first + check_character(first)


class RegionVersionFactory(DjangoModelFactory):
    """A village of its own; give `code`, `level` and `parent` for more."""

    class Meta:
        model = RegionVersion

    region = factory.LazyFunction(lambda: Region.objects.create())
    code = factory.Sequence(lambda n: f"{990000100000 + n}")
    name = factory.Sequence(lambda n: f"示例村{n}")
    level = RegionVersion.Level.VILLAGE
    valid = DateRange(None, None)
    source = "test"


class UserFactory(DjangoModelFactory):
    """Somebody with a user name; traits: `trainee` (proven phone), `office`, `instructor`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        trainee = factory.Trait(
            phone=factory.Sequence(lambda n: f"+861990000{n % 10000:04d}"), phone_verified=True
        )

    username = factory.Sequence(lambda n: f"user-{n}")
    password = factory.django.Password("cunbo-test")


class AppointmentFactory(DjangoModelFactory):
    """An office appointment from 2020 on; give `region`."""

    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    role = Appointment.Role.OFFICE
    region = factory.LazyFunction(lambda: RegionVersionFactory().region)
    valid = DateRange(date(2020, 1, 1), None)


class PersonFactory(DjangoModelFactory):
    """A woman known by name; traits: `rostered` (ID number), `learner` (signs in with a phone)."""

    class Meta:
        model = Person

    class Params:
        rostered = factory.Trait(
            id_number=factory.Sequence(id_number), identity_level=Person.IdentityLevel.MATCHED
        )
        learner = factory.Trait(
            user=factory.SubFactory(UserFactory, trainee=True),
            identity_level=Person.IdentityLevel.DECLARED,
        )

    name = factory.Sequence(lambda n: f"学员{n}")
    name_key = factory.LazyAttribute(lambda person: compare_key(person.name))
    sex = Person.Sex.FEMALE
    birth_year = 1990


class HouseholdFactory(DjangoModelFactory):
    """A household in a village; give `county`."""

    class Meta:
        model = Household

    county = factory.LazyFunction(lambda: RegionVersionFactory(code="990000", level=3).region)
    number = factory.Sequence(lambda n: f"{n:06d}")
    village = factory.LazyFunction(lambda: RegionVersionFactory().region)


class MembershipFactory(DjangoModelFactory):
    """A person in a household since 2014."""

    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    household = factory.SubFactory(HouseholdFactory)
    valid = DateRange(date(2014, 1, 1), None)


class StatusPeriodFactory(DjangoModelFactory):
    """A registered spell since 2014; traits: `lifted`, `monitored`."""

    class Meta:
        model = StatusPeriod

    class Params:
        lifted = factory.Trait(kind=StatusPeriod.Kind.LIFTED, label="已脱贫")
        monitored = factory.Trait(kind=StatusPeriod.Kind.MONITORED, label="边缘易致贫户")

    household = factory.SubFactory(HouseholdFactory)
    kind = StatusPeriod.Kind.REGISTERED
    label = "未脱贫"
    valid = DateRange(date(2014, 1, 1), None)


class RosterImportFactory(DjangoModelFactory):
    """An uploaded roster without a file."""

    class Meta:
        model = RosterImport

    county = factory.LazyFunction(lambda: RegionVersionFactory(code="990000", level=3).region)
    as_of = date(2026, 1, 1)
    file_name = "名册.xlsx"
    sha256 = "0" * 64
