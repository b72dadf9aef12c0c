"""What every engine has to fulfil: derive a class from `EngineContract` and give it an `engine`.

    class TestChunks(EngineContract):
        @pytest.fixture
        def engine(self): return ChunksEngine()

        def webhook(self, type, stream, external_id, at): return None   # it sends none

Nothing here starts a server; what only the running engine shows is tested beside it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from livestream.engines import AuthRequest, Untrusted
from livestream.engines.base import Action
from livestream.engines.doors import stream_name
from livestream.models import IngestAttempt, LiveSession
from livestream.services.credentials import issue_credential, provision, revoke_credentials
from tests.factories.livestream import make_session

NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


class EngineContract:
    """The tests; `NAME` is the engine's in `models.Engine`."""

    NAME = "chunks"

    @pytest.fixture
    def engine(self):
        raise NotImplementedError

    def webhook(self, type: str, stream: str, external_id: str, at: datetime) -> HttpRequest | None:
        """Return what the engine sends for `publish` or `end`, proven its own; None: it sends none."""
        return None

    def forged_webhook(self) -> HttpRequest:
        """Return a request of somebody who is not the engine."""
        return RequestFactory().post("/", {"call": "publish", "name": "x"}, REMOTE_ADDR="203.0.113.7")

    @pytest.fixture
    def session(self, host) -> LiveSession:
        return make_session(host.person, engine=self.NAME, created_at=NOW)

    def ask(self, engine, session, secret, **other):
        values = {
            "action": Action.PUBLISH,
            "stream": stream_name(session),
            "secret": secret,
            "at": NOW,
            "external_id": "connection-1",
        }
        return engine.authorise(AuthRequest(**{**values, **other}))

    def test_capabilities_name_known_words(self, engine):
        can = engine.capabilities()

        assert engine.name == self.NAME
        assert can.ingest
        assert can.ingest <= {"chunks", "rtmp", "whip"}
        assert can.play <= {"hls", "whep", "janus", "http_flv"}
        assert can.raw_format

    def test_provision_shows_a_secret_that_opens_the_door(self, engine, session):
        made = provision(session=session, now=NOW)

        assert made.publish_url
        assert made.expires_at > NOW
        assert self.ask(engine, session, made.secret).is_allowed

    def test_provision_again_takes_the_first_secret_back(self, engine, session):
        first, second = provision(session=session, now=NOW), provision(session=session, now=NOW)

        assert not self.ask(engine, session, first.secret).is_allowed
        assert self.ask(engine, session, second.secret).is_allowed

    @pytest.mark.parametrize("secret", ["", "wrong", "x" * 5000, "\x00", "村播"])
    def test_a_wrong_secret_is_refused(self, engine, session, secret):
        issue_credential(session=session, now=NOW)

        assert not self.ask(engine, session, secret).is_allowed

    def test_a_secret_of_another_stream_is_refused(self, engine, session, other_host):
        _credential, secret = issue_credential(session=session, now=NOW)
        other = make_session(other_host.person, engine=self.NAME)

        assert not self.ask(engine, other, secret).is_allowed

    def test_an_expired_secret_is_refused(self, engine, session):
        _credential, secret = issue_credential(session=session, life=timedelta(minutes=5), now=NOW)

        assert self.ask(engine, session, secret, at=NOW + timedelta(minutes=4)).is_allowed
        assert not self.ask(engine, session, secret, at=NOW + timedelta(minutes=6)).is_allowed

    def test_a_revoked_secret_is_refused(self, engine, session):
        _credential, secret = issue_credential(session=session, now=NOW)
        revoke_credentials(session=session, now=NOW)

        assert not self.ask(engine, session, secret).is_allowed

    def test_leave_to_watch_is_none_to_send(self, engine, session):
        _credential, secret = issue_credential(session=session, purpose="play", now=NOW)

        assert not self.ask(engine, session, secret).is_allowed
        assert self.ask(engine, session, secret, action=Action.PLAY).is_allowed

    @pytest.mark.parametrize("name", ["../etc", "a b", "", "$(id)", "村播", "x" * 300])
    def test_a_strange_name_is_refused(self, engine, session, name):
        _credential, secret = issue_credential(session=session, now=NOW)

        assert not self.ask(engine, session, secret, stream=name).is_allowed

    @pytest.mark.parametrize("state", ["ended", "processing", "published", "failed"])
    def test_nobody_sends_into_a_session_that_is_over(self, engine, host, state):
        session = make_session(host.person, state, engine=self.NAME)
        _credential, secret = issue_credential(session=session, now=NOW)

        assert not self.ask(engine, session, secret).is_allowed

    def test_a_second_publisher_is_refused(self, engine, session):
        self.connection(session, None)
        _credential, secret = issue_credential(session=session, now=NOW)

        assert not self.ask(engine, session, secret, external_id="connection-2").is_allowed

    def test_the_same_leave_takes_over_from_its_hanging_connection(self, engine, session):
        credential, secret = issue_credential(session=session, now=NOW)
        self.connection(session, credential)

        decision = self.ask(engine, session, secret, external_id="connection-2")

        assert decision.is_allowed
        assert decision.replaces == "connection-1"

    def test_deciding_asks_the_database_once_or_twice(self, engine, session, django_assert_max_num_queries):
        _credential, secret = issue_credential(session=session, now=NOW)

        with django_assert_max_num_queries(3):
            self.ask(engine, session, secret)

    def test_a_forged_webhook_is_not_believed(self, engine):
        with pytest.raises(Untrusted):
            engine.parse_webhook(self.forged_webhook())

    @pytest.mark.parametrize("type", ["publish", "end"])
    def test_a_webhook_is_read(self, engine, session, type):
        request = self.webhook(type, stream_name(session), "connection-1", NOW)
        if request is None:
            assert not engine.capabilities().emits_end_event
            return

        events = engine.parse_webhook(request)

        assert [(event.type, event.stream) for event in events] == [(type, stream_name(session))]
        assert events[0].external_id

    def test_raw_assets_of_nothing_are_none(self, engine, session):
        assert engine.raw_assets(session) == []
        assert engine.finalise(session) == []

    def test_health_never_raises(self, engine):
        health = engine.health()

        assert health.is_up or health.detail

    def test_disconnecting_nobody_says_so(self, engine, session):
        assert engine.disconnect("nobody", "test") is False

    @staticmethod
    def connection(session, credential) -> IngestAttempt:
        return IngestAttempt.objects.create(
            session=session,
            engine=session.engine,
            external_id="connection-1",
            credential=credential,
            started_at=NOW,
            last_media_at=NOW,
        )
