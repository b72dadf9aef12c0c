"""Papers of somebody with several records: all of them are hers, each as it was issued."""

import pytest

from certificates.permissions import can_download_certificate
from certificates.queries import certificates_of
from registry.services import merge_people, unmerge_people
from tests.factories.certificates import EnrolmentFactory, PersonFactory, TrainingClassFactory, issued
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


def test_both_certificates_are_hers_and_part_again(county):
    training_class = TrainingClassFactory(county=county)
    people = [PersonFactory(user=UserFactory()) for _ in range(2)]
    papers = [
        issued(EnrolmentFactory(training_class=training_class, person=one, completed=True)) for one in people
    ]
    office = UserFactory()

    merge = merge_people(kept=people[0], absorbed=people[1], by=office, reason="同一人")

    for row in [*people, *papers]:
        row.refresh_from_db()
    for one in people:
        assert set(certificates_of(one)) == set(papers)
        assert all(can_download_certificate(one.user, paper) for paper in papers)
    unmerge_people(merge=merge, by=office, reason="认错了")
    people[0].refresh_from_db()
    papers[1].refresh_from_db()
    assert list(certificates_of(people[0])) == [papers[0]]
    assert not can_download_certificate(people[0].user, papers[1])


def test_new_paper_bears_the_name_of_the_record_that_stands_for_her(county):
    kept, absorbed = PersonFactory(name="学员甲"), PersonFactory(name="学员田")
    enrolment = EnrolmentFactory(
        training_class=TrainingClassFactory(county=county), person=absorbed, completed=True
    )
    merge_people(kept=kept, absorbed=absorbed, by=UserFactory(), reason="同一人")

    paper = issued(enrolment)

    assert paper.printed["name"] == "学员甲"
    assert paper.person == absorbed
