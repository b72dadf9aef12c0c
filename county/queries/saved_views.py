"""The saved views of an official, and those her office shares."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from county.models import SavedView
from registry.models import RegionVersion, User


def views_for(user: User, scopes: Sequence[str]) -> QuerySet[SavedView]:
    """Return her own views and those shared in the offices of exactly her regions; "" is every office."""
    offices = RegionVersion.objects.filter(code__in=scopes, valid__contains=timezone.localdate())
    shared = Q(is_shared=True) if "" in scopes else Q(is_shared=True, office__in=offices.values("region"))
    return SavedView.objects.filter(Q(owner=user) | shared).select_related("owner")
