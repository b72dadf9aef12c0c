from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import override
from psycopg2.extras import DateRange

from cms import navigation
from registry.models import Appointment, Region, User

VILLAGERS, ADMIN = "/people/station/villagers/", "/admin/"
LIVE = ["/rehearse/reviews/", "/rehearse/classes/"]
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """An earlier test may have left another language active in this thread."""
    with override("zh-hans"):
        yield


def request_for(rf, user, path="/"):
    request = rf.get(path)
    request.user = user
    return request


def appoint(user: User, role: str, *, until: date | None = None) -> None:
    valid = DateRange(date(2020, 1, 1), until)
    Appointment.objects.create(user=user, role=role, region=Region.objects.create(), valid=valid)


@pytest.mark.parametrize(
    ("language", "path", "expected"),
    [
        ("zh-hans", "/", "/en/"),
        ("zh-hans", "/help/?page=2", "/en/help/?page=2"),
        ("en", "/en/", "/"),
        ("en", "/en/help/", "/help/"),
        ("en", "/en/en/", "/en/"),
    ],
)
def test_other_language_url_toggles_the_prefix(rf, language, path, expected):
    with override(language):
        assert navigation.other_language_url(rf.get(path)) == expected


def test_staff_links_for_an_anonymous_visitor_ask_nothing(rf, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert navigation.staff_links(request_for(rf, AnonymousUser())) == []


def test_staff_links_for_a_trainee_are_none_after_one_query(rf, signed_in_user, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert navigation.staff_links(request_for(rf, signed_in_user)) == []


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("office", ["/county/", "/learn/classes/", "/learn/follow-up/", VILLAGERS, ADMIN]),
        ("auditor", ["/county/", "/learn/marking/", "/admin/"]),
        ("operator", ["/county/classes/", "/learn/classes/", "/rehearse/classes/", VILLAGERS]),
        ("certificate_clerk", ["/county/classes/", ADMIN]),
        (
            "town",
            ["/county/", "/learn/classes/", "/learn/follow-up/", "/rehearse/classes/", VILLAGERS, ADMIN],
        ),
        ("station_keeper", ["/learn/classes/", "/rehearse/classes/", VILLAGERS]),
        ("training_body", ["/county/classes/", "/learn/classes/", "/learn/marking/", *LIVE]),
        ("instructor", ["/learn/classes/", "/learn/marking/", "/learn/follow-up/", *LIVE, ADMIN]),
        ("coach", ["/learn/classes/", "/learn/marking/", "/learn/follow-up/", *LIVE]),
        ("province_reader", ["/county/"]),
    ],
)
def test_staff_links_for_a_role_lead_to_what_it_may_do(rf, signed_in_user, role, expected):
    appoint(signed_in_user, role)

    links = navigation.staff_links(request_for(rf, signed_in_user))

    assert [link.url for link in links] == expected


def test_staff_links_after_the_appointment_ended_are_none(rf, signed_in_user):
    appoint(signed_in_user, "office", until=YESTERDAY)

    assert navigation.staff_links(request_for(rf, signed_in_user)) == []


def test_main_links_mark_the_page_one_is_on(rf, db):
    links = navigation.main_links(rf.get("/courses/packaging/"))

    assert [link.icon for link in links if link.is_current] == ["courses"]


def test_main_links_at_a_desk_below_learning_mark_none(rf, db):
    links = navigation.main_links(rf.get("/learn/classes/"))

    assert not [link for link in links if link.is_current]


def test_main_links_on_an_unlisted_page_mark_none(rf, db):
    links = navigation.main_links(rf.get("/help/"))

    assert not [link for link in links if link.is_current]
