import pytest

from livestream.blueprints import BLUEPRINTS
from livestream.services import decide_rehearsal_consent, start_run
from tests.factories import courses as make


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
