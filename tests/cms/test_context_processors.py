import pytest

from cms.context_processors import display


@pytest.mark.parametrize(("cookies", "expected"), [({}, False), ({"text_size": "large"}, True)])
def test_display_follows_the_cookie(rf, cookies, expected):
    request = rf.get("/")
    request.COOKIES.update(cookies)

    assert display(request) == {"is_large_text": expected}


def test_display_with_a_made_up_cookie_is_normal(rf):
    request = rf.get("/")
    request.COOKIES["text_size"] = '"><script>'

    assert display(request) == {"is_large_text": False}
