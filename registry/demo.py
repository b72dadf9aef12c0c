"""A county to try things with: real places, fictional people, made through the same services as real ones.

Nobody here exists: names begin with 示例, 学员 or 样本, ID numbers have the unassigned region 99.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from registry.demo_roster import write_demo_roster
from registry.models import Appointment, RosterImport
from registry.queries.places import version_by_code
from registry.services import add_staff, apply_file, import_regions, set_demo_second_factor

COUNTY = "431125"
OTHER_COUNTY = "431129"
DEMO_TOWN = "431125204"  # where the demo's trainee lives
AS_OF = date(2025, 12, 31)
# The same households at the end of three years: registered poor, lifted, and what they are since.
ROSTERS: dict[date, int | None] = {date(2019, 12, 31): 2019, date(2020, 12, 31): 2020, AS_OF: None}
PASSWORD = "cunbo-demo"  # noqa: S105 - printed by `make run`, exists in the demo only
STAFF = (
    ("office", "示例 商务办", Appointment.Role.OFFICE, COUNTY),
    ("teacher", "示例 老师", Appointment.Role.INSTRUCTOR, COUNTY),
    ("clerk", "示例 发证员", Appointment.Role.CERTIFICATE_CLERK, COUNTY),
    ("keeper", "示例 站长", Appointment.Role.STATION_KEEPER, DEMO_TOWN),
    ("office2", "示例 邻县商务办", Appointment.Role.OFFICE, OTHER_COUNTY),
)


def load_people() -> None:
    """Load two counties' places, five members of staff, rosters of three years; a repeat changes nothing."""
    for code in (COUNTY, OTHER_COUNTY):
        import_regions(county=code)
    for username, display_name, role, code in STAFF:
        user = add_staff(
            username=username,
            display_name=display_name,
            password=PASSWORD,
            role=role,
            region=version_by_code(code).region,
            since=date(2020, 1, 1),
        )
        set_demo_second_factor(user=user)
    for as_of, year in ROSTERS.items():
        _load_roster(as_of, year)


def _load_roster(as_of: date, year: int | None) -> None:
    county = version_by_code(COUNTY).region
    if RosterImport.objects.filter(county=county, as_of=as_of, state=RosterImport.State.APPLIED).exists():
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("江永县建档立卡名册.xlsx" if year else "江永县防返贫监测名册.xlsx")
        write_demo_roster(path, year=year)
        apply_file(path=path, county=county, as_of=as_of)
