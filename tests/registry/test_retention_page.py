import pytest
from django.conf import settings
from django.urls import reverse

from registry.models import RetentionRule
from registry.tasks import apply_retention_task, sweep_privacy_desk_task, verify_audit_task

pytestmark = pytest.mark.django_db
PAGE = reverse("retention_list")
HOLD = reverse("retention_hold", args=["sent_messages"])


def rule():
    return RetentionRule.objects.get(subject="sent_messages")


def test_office_holds_a_rule_and_lets_it_go_on(client, office_user):
    client.force_login(office_user)

    assert client.post(HOLD, {"reason": " "}).status_code == 200
    assert not rule().is_held
    assert client.post(HOLD, {"reason": "省里审计"}).url == PAGE
    assert rule().is_held
    assert "省里审计" in client.get(PAGE).content.decode()
    client.post(HOLD, {"release": "1"})
    assert not rule().is_held


def test_unknown_rule_is_not_there(client, office_user):
    client.force_login(office_user)

    assert client.post(reverse("retention_hold", args=["tea"]), {"reason": "x"}).status_code == 404


def test_others_find_nothing(client, foreign_office_user, instructor_user):
    assert client.get(PAGE).status_code == 302
    for user in (foreign_office_user, instructor_user):
        client.force_login(user)
        assert client.get(PAGE).status_code == 404
        assert client.post(HOLD, {"reason": "x"}).status_code == 404
    assert not rule().is_held


def test_page_takes_the_same_queries_with_and_without_holds(
    client, office_user, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(40) as seen:
            client.get(PAGE)
        return len(seen)

    client.force_login(office_user)
    queries()
    without = queries()
    for subject in RetentionRule.Subject.values:
        client.post(reverse("retention_hold", args=[subject]), {"reason": "省里审计"})
    queries()  # shows the messages

    assert queries() == without


@pytest.mark.parametrize("task", [apply_retention_task, sweep_privacy_desk_task, verify_audit_task])
def test_every_night_s_work_is_scheduled_and_may_run_twice(task):
    assert task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    task()
    task()
