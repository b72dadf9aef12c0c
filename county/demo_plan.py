"""The plan of the demo county's year, and a view its office shares."""

from django.utils import timezone

from county.models import SavedView, Target
from county.services.saved_views import save_view
from county.services.targets import set_target
from registry.models import User
from registry.queries.places import version_by_code

COUNTY = "431125"
TARGETS = {
    COUNTY: {"person_times": 120, "heads": 100, "classes": 20},
    f"{COUNTY}100": {"person_times": 24, "heads": 20},
    f"{COUNTY}103": {"person_times": 30, "heads": 25},
}


def load_plan() -> int:
    """Set the targets of this year where none are set; returns how many were added."""
    office, year, added = User.objects.get(username="office"), timezone.localdate().year, 0
    for code, measures in TARGETS.items():
        place = version_by_code(code)
        for measure, value in measures.items():
            if not Target.objects.filter(region=place.region, year=year, measure=measure).exists():
                set_target(place=place, year=year, measure=measure, value=value, by=office)
                added += 1
    if not SavedView.objects.filter(owner=office).exists():
        save_view(
            name="2020 年春季，按乡镇",
            page=SavedView.Page.FIGURES,
            query="region=431125&since=2020-04&until=2020-06&by=town",
            office=version_by_code(COUNTY),
            is_shared=True,
            by=office,
        )
    return added
