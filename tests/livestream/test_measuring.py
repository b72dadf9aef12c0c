import pytest

from livestream.measuring.bands import FAR, GOOD, WATCH, band_of, worst
from livestream.measuring.pace import dead_air, speaking_minutes, speech_rate
from livestream.measuring.picture import look
from livestream.measuring.sound import SILENCE, Span, listen, silences, spans_of_speech
from tests.livestream.made_media import SPEECH, make, moving, picture, voices

pytestmark = pytest.mark.slow


def test_silence_in_the_middle_is_found_to_the_half_second():
    voice = voices()[0]  # nine seconds of it after the proof's first sentence
    heard = listen(voice.path)

    air = dead_air(heard.speech, heard.seconds)

    assert heard.seconds == pytest.approx(voice.seconds, abs=0.1)
    assert [round(span.seconds) for span in air.spans] == [9, 4]
    assert voice.starts[2] < air.spans[0].start < voice.starts[2] + 4
    assert (air.longest, air.share) == (
        pytest.approx(9.4, abs=0.5),
        pytest.approx(100 * 14 / heard.seconds, abs=3),
    )


def test_noise_and_silence_are_no_speech(tmp_path):
    noise = make(tmp_path / "noise.wav", "-f", "lavfi", "-i", "anoisesrc=d=2:a=0.05")
    silence = make(tmp_path / "silence.wav", "-f", "lavfi", "-t", "2", "-i", "anullsrc=r=16000")

    assert listen(noise).speech == []
    assert listen(silence).levels == [SILENCE, SILENCE]
    assert listen(silence).loudness is None


def test_loudness_follows_the_gain(tmp_path):
    quieter = make(tmp_path / "quieter.wav", "-i", str(SPEECH), "-af", "volume=-12dB")

    assert listen(SPEECH).loudness - listen(quieter).loudness == pytest.approx(12, abs=0.5)


def test_clipping_is_heard_through_a_lossy_encoding(tmp_path):
    cut_off = make(tmp_path / "cut.wav", "-i", str(SPEECH), "-af", "volume=15dB,aformat=sample_fmts=s16")
    encoded = make(tmp_path / "cut.m4a", "-i", str(cut_off), "-c:a", "aac", "-b:a", "32k")

    heard = listen(encoded)

    assert listen(SPEECH).clipped == []
    assert len(heard.clipped) > len(heard.levels) / 2


def test_recording_without_sound_or_without_picture(tmp_path):
    mute = picture(tmp_path / "mute.mp4", "color=gray:s=160x90:r=8")

    assert (listen(mute).seconds, listen(mute).loudness) == (0, None)
    assert look(SPEECH).luma == []


def test_short_stops_are_bridged_and_clicks_left_out():
    voices = [True] * 20 + [False] * 5 + [True] * 20 + [False] * 40 + [True] * 2 + [False] * 10

    assert spans_of_speech(voices) == [Span(0, 1.35)]


def test_silences_run_from_begin_to_end():
    speech = [Span(4, 10), Span(11, 12)]

    assert silences(speech, 20, longer_than=3) == [Span(0, 4), Span(12, 20)]
    assert silences([], 5, longer_than=3) == [Span(0, 5)]


def test_long_pauses_are_out_of_the_speaking_minutes():
    speech = [Span(5, 35), Span(36, 50), Span(60, 66)]  # a second's pause counts, ten do not

    assert speaking_minutes(speech, 100) == pytest.approx(51 / 60)
    assert speech_rate(204, speech, 100) == 240
    assert speech_rate(0, speech, 100) is None
    assert speech_rate(100, [], 100) is None


@pytest.mark.parametrize(
    ("source", "luma", "dark", "bright"),
    [
        ("color=0x101010:s=160x90:r=8", 16, 1, 0),
        ("color=white:s=160x90:r=8", 255, 0, 1),
        ("color=gray:s=160x90:r=8", 128, 0, 0),
        ("color=black:s=160x90:r=8,drawbox=w=80:h=90:color=white:t=fill", 128, 0.5, 0.5),
    ],
)
def test_light_is_told_from_dark_and_burnt_out(tmp_path, source, luma, dark, bright):
    seen = look(picture(tmp_path / "p.mp4", source))

    assert seen.luma[0] == pytest.approx(luma, abs=4)
    assert (seen.dark[0], seen.bright[0]) == (pytest.approx(dark, abs=0.05), pytest.approx(bright, abs=0.05))


def test_shake_is_told_from_a_still_picture_and_a_slow_turn(tmp_path):
    still = look(moving(tmp_path / "still.mp4", "x=40:y=40"))
    turn = look(moving(tmp_path / "turn.mp4", "x=2*n:y=40"))
    shaken = look(moving(tmp_path / "shaken.mp4", "x='60+20*sin(n*1.9)':y='50+16*cos(n*2.3)'"))

    assert max(still.shake) == 0
    assert max(turn.shake) < 1
    assert min(shaken.shake) > 1.5


@pytest.mark.parametrize(
    ("name", "value", "band"),
    [
        ("speech_rate", 240, GOOD),
        ("speech_rate", 190, WATCH),
        ("speech_rate", 179, FAR),
        ("speech_rate", 321, FAR),
        ("dead_air_share", 10, GOOD),
        ("dead_air_share", 27, FAR),
        ("longest_silence", 8, GOOD),
        ("longest_silence", 9, WATCH),
        ("loudness", -40, FAR),
        ("segment_time", 125, GOOD),
        ("segment_time", 161, FAR),
    ],
)
def test_bands_for_beginners(name, value, band):
    assert band_of(name, value) == band


def test_worst_of_several_bands():
    assert worst([GOOD, FAR, WATCH]) == FAR
    assert worst([]) == GOOD
