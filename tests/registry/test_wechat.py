"""Signing in with WeChat; its servers are played by a fake of `client.wechat_session`."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount

from registry import client as outside
from registry.checks import check_wechat
from registry.models import AuditEntry, Person, User
from tests.factories.registry import PersonFactory, UserFactory
from tests.factories.sign_in import make_villager
from tests.registry.way_in import LOGIN, is_signed_in

GO, BACK, ME = "/account/weixin/login/", "/account/weixin/login/callback/", "/people/me/"
pytestmark = pytest.mark.django_db


class FakeAnswer:
    status_code, content = 200, b""

    def __init__(self, answer):
        self._answer = answer

    def json(self):
        return self._answer

    def raise_for_status(self):
        pass


class FakeWechat:
    """What WeChat's two addresses answer for `openid`."""

    def __init__(self, openid="open-1", token="token-1"):
        self.openid, self.token, self.asked = openid, token, []

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def request(self, method, url, **kwargs):
        self.asked.append(url)
        if self.token is None:
            return FakeAnswer({"errcode": 40029, "errmsg": "invalid code"})
        return FakeAnswer({"access_token": self.token, "openid": self.openid, "expires_in": 7200})

    def get(self, url, **kwargs):
        self.asked.append(url)
        return FakeAnswer({"openid": self.openid, "nickname": "学员", "headimgurl": "https://x/y", "sex": 2})


@pytest.fixture
def wechat(settings, monkeypatch):
    settings.WEIXIN_APP_ID, settings.WEIXIN_APP_SECRET = "wx-test", "secret-test"
    fake = FakeWechat()
    monkeypatch.setattr(outside, "wechat_session", lambda: fake)
    return fake


def come_back(client, sent, **answer):
    state = parse_qs(urlsplit(sent.url).query)["state"][0]
    return client.get(BACK, {"code": "c", "state": state, **answer})


def sign_in(client):
    return come_back(client, client.post(GO))


def link(client):
    return come_back(client, client.post(f"{GO}?process=connect"))


def test_wechat_is_not_offered_without_an_app(client, trainee_user):
    assert "weixin" not in client.get(LOGIN).content.decode()
    assert [client.post(path).status_code for path in (GO, BACK, "/account/weixin/unlink/")] == [404] * 3
    client.force_login(trainee_user)
    assert "weixin" not in client.get(ME).content.decode()


def test_wechat_button_leads_to_wechat(client, wechat):
    assert GO in client.get(LOGIN).content.decode()

    sent = client.post(GO)

    assert sent.url.startswith("https://open.weixin.qq.com/connect/qrconnect?appid=wx-test&")
    assert "secret-test" not in sent.url
    assert client.get(GO).url == LOGIN


def test_wechat_that_is_not_linked_makes_nobody(client, wechat):
    answer = sign_in(client)

    assert answer.url == LOGIN
    assert not is_signed_in(client)
    assert not User.objects.exists()
    assert not Person.objects.exists()
    assert not SocialAccount.objects.exists()
    assert "这个微信还没有绑定" in client.get(LOGIN).content.decode()


def test_wechat_linked_by_whoever_is_signed_in_opens_the_same_login(client, wechat):
    person = PersonFactory(learner=True)
    client.force_login(person.user)
    page = client.get("/en" + ME).content.decode()
    assert "Link WeChat" in page

    link(client)
    client.post("/account/logout/")
    answer = sign_in(client)

    assert answer.url == "/learn/"
    assert client.session["_auth_user_id"] == str(person.user.pk)
    assert (User.objects.count(), Person.objects.count()) == (1, 1)
    entry = AuditEntry.objects.get(action="wechat_linked")
    assert (entry.actor, entry.person) == (person.user, person)
    assert "Unlink WeChat" in client.get("/en" + ME).content.decode()


def test_wechat_profile_is_not_kept(client, wechat, trainee_user):
    client.force_login(trainee_user)
    link(client)
    client.post("/account/logout/")
    sign_in(client)

    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("open-1", {})
    assert "学员" not in str(client.session.items())


def test_wechat_of_somebody_else_is_not_taken_over(client, wechat, trainee_user):
    SocialAccount.objects.create(user=UserFactory(), provider="weixin", uid="open-1")
    client.force_login(trainee_user)

    page = client.get(link(client).url, follow=True)

    assert SocialAccount.objects.get().user != trainee_user
    assert page.status_code == 200


def test_wechat_is_linked_only_by_whoever_is_signed_in(client, wechat):
    assert client.post(f"{GO}?process=connect").url == LOGIN


def test_wechat_cannot_be_linked_with_somebodys_help(client, wechat, keeper):
    client.force_login(keeper)
    person = make_villager()
    client.post(f"/people/station/villagers/{person.uid}/assist/", {"reason": "no_phone"})

    assert client.post(f"{GO}?process=connect").status_code == 403
    assert client.post("/account/weixin/unlink/").status_code == 403


def test_wechat_asks_staff_for_the_second_factor_too(client, wechat, office_user):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(office_user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    SocialAccount.objects.create(user=office_user, provider="weixin", uid="open-1")

    assert sign_in(client).url.startswith("/account/second-factor/code/")
    assert not is_signed_in(client)


def test_wechat_is_unlinked(client, wechat, trainee_user):
    client.force_login(trainee_user)
    link(client)

    client.post("/account/weixin/unlink/")
    client.post("/account/weixin/unlink/")

    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("answer", [{"code": ""}, {"state": "made-up"}, {"error": "access_denied"}])
def test_wechat_answer_that_is_none_is_told_in_plain_words(client, wechat, answer):
    wechat.token = None
    sent = client.post(GO)

    back = come_back(client, sent, **answer)

    assert back.status_code == 302
    assert client.get("/en" + LOGIN).status_code == 200
    assert not is_signed_in(client)


def test_wechat_is_never_waited_for_for_ever(settings, monkeypatch):
    waits = []

    def answer(self, method, url, **kwargs):
        waits.append(kwargs["timeout"])
        return requests.Response()

    monkeypatch.setattr(requests.Session, "request", answer)

    outside.wechat_session().get("https://api.weixin.qq.com/sns/userinfo")

    assert waits == [settings.WEIXIN_TIMEOUT]


@pytest.mark.parametrize(
    ("app", "secret", "problems"), [("", "", []), ("a", "b", []), ("a", "", ["registry.E005"])]
)
def test_wechat_is_set_up_wholly_or_not_at_all(settings, app, secret, problems):
    settings.WEIXIN_APP_ID, settings.WEIXIN_APP_SECRET = app, secret

    assert [problem.id for problem in check_wechat()] == problems
