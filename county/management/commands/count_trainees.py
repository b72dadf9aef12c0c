import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county.counting import FUNDING, NOW, ORIGIN, PLACE, THEN, Count, CountRow, parse_month, share_text
from county.maps import Asked
from county.queries import GROUPINGS, answer, recount
from courses.models import Course
from registry.models import RegionVersion


class Command(BaseCommand):
    """Prints the figures of the desk, from the same query."""

    help = "Count the trainees of a region for the classes that ended in a period."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what the desk asks for."""
        parser.add_argument(
            "--region", required=True, help="code of the region, such as 431125; 0 for the nation"
        )
        parser.add_argument("--from", dest="since", required=True, help="first month, such as 2026-01")
        parser.add_argument("--to", dest="until", required=True, help="last month, included")
        parser.add_argument("--by", choices=GROUPINGS, help="one row a place, month, course or category")
        parser.add_argument(
            "--map",
            choices=(THEN, NOW),
            default=THEN,
            help="places as on the day of enrolment (the default), or as they are now",
        )
        parser.add_argument(
            "--view",
            choices=(ORIGIN, PLACE, FUNDING),
            default=ORIGIN,
            help="what lies in the region: people's origin (the default), the class's place, who pays",
        )
        parser.add_argument("--course", default="", help="only the course with this code")
        parser.add_argument(
            "--category", choices=Course.Category.values, default="", help="only courses of this category"
        )
        parser.add_argument(
            "--with-cadres", action="store_true", help="count classes for officials in the shares of the poor"
        )
        parser.add_argument(
            "--recount",
            action="store_true",
            help="work everything out from scratch as well and fail where it differs",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and print."""
        try:
            since, until = parse_month(options["since"]), parse_month(options["until"])
            asked = Asked(
                options["region"].strip("0") and options["region"],
                since,
                until,
                options["map"],
                options["view"],
                options["course"],
                options["category"],
                options["with_cadres"],
            )
            counted = answer(asked, options["by"])
            if options["recount"] and recount(asked, options["by"]) != counted:
                raise CommandError("The figures differ from a count from scratch.")
        except ValueError:
            raise CommandError("Write months like this: 2026-03.") from None
        except RegionVersion.DoesNotExist:
            raise CommandError(f"There is no region with the code {options['region']}.") from None
        self.stdout.write(
            json.dumps(_as_dict(counted), ensure_ascii=False) if options["json"] else _as_text(counted)
        )


def _as_dict(counted: Count) -> dict[str, Any]:
    return {
        "region": counted.region_code,
        "name": counted.region_name,
        "from": f"{counted.since:%Y-%m}",
        "to": f"{counted.until:%Y-%m}",
        "by": counted.by,
        "map": counted.on_map,
        "view": counted.view,
        "course": counted.course,
        "category": counted.category,
        "with_cadres": counted.with_cadres,
        "total": _figures(counted.total),
        "rows": [_figures(row) for row in counted.rows],
    }


def _figures(row: CountRow) -> dict[str, Any]:
    shares = {
        "poor_share_person_times": share_text(row.poor_share_person_times),
        "poor_share_heads": share_text(row.poor_share_heads),
    }
    return row._asdict() | {"hours": str(row.hours), "conversion": row.conversion} | shares


def _as_text(counted: Count) -> str:
    lines = [f"{counted.region_name} {counted.region_code} {counted.since:%Y-%m} to {counted.until:%Y-%m}"]
    for row in [*counted.rows, counted.total]:
        name = row.label or "total"
        lines.append(
            f"{name}: {row.person_times} person-times, {row.heads} heads, {row.poor_heads} poor,"
            f" {row.completed} completed, {row.certificates} certificates, {row.in_training} in training"
        )
    return "\n".join(lines)
