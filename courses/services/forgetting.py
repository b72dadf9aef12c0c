"""Taking away what a deleted person handed in: notes and files. Marks stay, they carry her certificate."""

from functools import partial

from django.db import transaction

from courses.models import Submission, SubmissionFile
from registry.models import Person


@transaction.atomic
def forget_work(*, person: Person) -> int:
    """Delete the files and notes of everything `person` handed in; returns how many files."""
    work = Submission.objects.filter(enrolment__person=person)
    work.update(note="")
    files = list(SubmissionFile.objects.filter(submission__in=work))
    for each in files:
        name, storage = each.file.name, each.file.storage
        if name:
            transaction.on_commit(partial(storage.delete, name), robust=True)
    SubmissionFile.objects.filter(pk__in=[each.pk for each in files]).delete()
    return len(files)
