import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county.counting import NOW, THEN, Count, CountRow, parse_month, share_text
from county.queries import GROUPINGS, count
from registry.models import RegionVersion


class Command(BaseCommand):
    """Prints the figures of the desk, from the same query."""

    help = "Count the trainees of a region for the classes that ended in a period."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what the desk asks for."""
        parser.add_argument("--region", required=True, help="code of the region, such as 431125")
        parser.add_argument("--from", dest="since", required=True, help="first month, such as 2026-01")
        parser.add_argument("--to", dest="until", required=True, help="last month, included")
        parser.add_argument("--by", choices=GROUPINGS, help="one row a town, village, month or course")
        parser.add_argument(
            "--map",
            choices=(THEN, NOW),
            default=THEN,
            help="places as on the day of enrolment (the default), or as they are now",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and print."""
        try:
            since, until = parse_month(options["since"]), parse_month(options["until"])
            answer = count(options["region"], since, until, by=options["by"], on_map=options["map"])
        except ValueError:
            raise CommandError("Write months like this: 2026-03.") from None
        except RegionVersion.DoesNotExist:
            raise CommandError(f"There is no region with the code {options['region']}.") from None
        self.stdout.write(
            json.dumps(_as_dict(answer), ensure_ascii=False) if options["json"] else _as_text(answer)
        )


def _as_dict(answer: Count) -> dict[str, Any]:
    return {
        "region": answer.region_code,
        "name": answer.region_name,
        "from": f"{answer.since:%Y-%m}",
        "to": f"{answer.until:%Y-%m}",
        "by": answer.by,
        "map": answer.on_map,
        "total": _figures(answer.total),
        "rows": [_figures(row) for row in answer.rows],
    }


def _figures(row: CountRow) -> dict[str, Any]:
    shares = {
        "poor_share_person_times": share_text(row.poor_share_person_times),
        "poor_share_heads": share_text(row.poor_share_heads),
    }
    return asdict(row) | {"hours": str(row.hours)} | shares


def _as_text(answer: Count) -> str:
    lines = [f"{answer.region_name} {answer.region_code} {answer.since:%Y-%m} to {answer.until:%Y-%m}"]
    for row in [*answer.rows, answer.total]:
        name = row.label or "total"
        lines.append(
            f"{name}: {row.person_times} person-times, {row.heads} heads, {row.poor_heads} poor,"
            f" {row.completed} completed, {row.certificates} certificates, {row.in_training} in training"
        )
    return "\n".join(lines)
