"""Keeping a question under a name, and throwing it away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from county.errors import TooManyViews
from county.models import SavedView
from registry.models import RegionVersion, User

MOST = 30  # of one official


@transaction.atomic
def save_view(
    *,
    name: str,
    page: str,
    query: str,
    office: RegionVersion,
    by: User,
    is_shared: bool = False,
    now: datetime | None = None,
) -> SavedView:
    """Keep a question under a name; the same name again replaces it. Raises TooManyViews."""
    now = now or timezone.now()
    User.objects.select_for_update().get(pk=by.pk)
    hers = SavedView.objects.filter(owner=by)
    if not hers.filter(name=name).exists() and hers.count() >= MOST:
        raise TooManyViews
    kept = {"page": page, "query": query, "office": office.region, "is_shared": is_shared, "saved_at": now}
    view, _is_new = SavedView.objects.update_or_create(owner=by, name=name, defaults=kept)
    return view


def delete_view(*, view: SavedView) -> None:
    """Throw a saved view away; nothing else hangs on it."""
    view.delete()
