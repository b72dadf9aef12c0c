"""The demo's rehearsals, told through the services."""

import pytest

from livestream.demo.loading import load_rehearsals
from livestream.models import LiveSession, Measurement, Review, TimelineComment
from livestream.queries.beside import beside
from livestream.queries.recordings import recording_of, remarks_for_host
from registry.demo_roster import DEMO_PERSON
from registry.models import Person
from tests.factories.courses import make_village
from tests.factories.reviews import make_coach

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def trainee(db):
    person = Person(name=DEMO_PERSON.name, name_key=DEMO_PERSON.name, village=make_village())
    person.id_number = DEMO_PERSON.id_number
    person.save()
    return person


def test_nobody_to_tell_of_is_nothing_told(db):
    assert load_rehearsals() == 0


def test_demo_shows_a_review_and_a_second_attempt_once(trainee):
    coach = make_coach()
    coach.username = "coach"
    coach.save()

    assert load_rehearsals() == 2
    assert load_rehearsals() == 0

    first, second = LiveSession.objects.order_by("attempt")
    recording = recording_of(first, remarks_for_host(first))
    assert [session.state for session in (first, second)] == ["published", "published"]
    assert recording.seconds == pytest.approx(37.7, abs=1)
    assert len(recording.gap_bars) == 1
    assert [each.segment.kind for each in recording.remarks] == ["hook", "who", "proof", "price", "order"]
    assert sum(bool(each.remark.voice) for each in recording.remarks) == 1
    assert sum(each.remark.resolved_at is None for each in recording.remarks) == 2
    assert Review.objects.get().state == "given"
    assert second.review_request.closed_at is None
    assert TimelineComment.objects.count() == 5
    bands = {each.name: each.band for each in Measurement.objects.filter(session=first)}
    assert bands["dead_air"] == "far"
    assert bands["light"] == bands["shake"] == "good"
    pairs = beside(second, first)
    assert all(pair.now and pair.before for pair in pairs)
    assert [len(pair.old_remarks) for pair in pairs] == [1, 1, 1, 1, 1, 0]
