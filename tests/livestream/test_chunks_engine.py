import pytest

from livestream.engines import engine_named, engines
from livestream.engines.chunks import ChunksEngine
from tests.livestream.engine_contract import EngineContract


class TestChunks(EngineContract):
    @pytest.fixture
    def engine(self):
        return ChunksEngine()


def test_the_embedded_engine_is_registered():
    assert isinstance(engine_named("chunks"), ChunksEngine)
    assert "chunks" in {engine.name for engine in engines()}


def test_a_full_disk_shows_in_its_health(settings):
    settings.LIVE_LEAST_FREE_SHARE = 1.0

    assert not ChunksEngine().health().is_up
