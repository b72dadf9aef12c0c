from datetime import timedelta

import pytest
import time_machine

from livestream.blueprints import BLUEPRINTS
from livestream.services import decide_rehearsal_consent, start_run
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, enrol, make_class, make_live_class


@pytest.fixture
def host(db):
    """A login with a person of the home county's village."""
    user = make.make_user()
    make.make_person(user=user, village=make.make_village())
    return user


@pytest.fixture
def other_host(db):
    """Another trainee of the village."""
    user = make.make_user("学员乙")
    make.make_person(user=user, village=make.make_village())
    return user


@pytest.fixture
def run(host):
    """Her run-of-show of one product in five minutes."""
    return start_run(person=host.person, blueprint=BLUEPRINTS["loop"], client_token=host.uid)


@pytest.fixture
def agreed(host) -> None:
    """She agrees to being recorded when she rehearses."""
    decide_rehearsal_consent(
        person=host.person, item="record_rehearsal", agrees=True, by=host, language="zh-hans"
    )


@pytest.fixture
def evening():
    """A minute after a live class has begun; nothing moves."""
    with time_machine.travel(STARTS + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def teacher(db):
    """A teacher of the county."""
    return make.make_instructor()


@pytest.fixture
def training_class(db):
    """A class with an evening online."""
    return make_class()


@pytest.fixture
def live_class(training_class, teacher):
    """Its live class, begun."""
    return begun(make_live_class(training_class, teacher), STARTS)


@pytest.fixture
def trainee(training_class):
    """Somebody with a place in it, who has a login."""
    return enrol(training_class)


@pytest.fixture
def as_trainee(client, trainee):
    """Her browser."""
    client.force_login(trainee.user)
    return client


@pytest.fixture
def as_teacher(client, teacher):
    """The teacher's browser."""
    client.force_login(teacher)
    return client
