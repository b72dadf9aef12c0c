"""A county to try things with: real places, fictional people, made through the same services as real ones.

Nobody here exists: names begin with 示例, 学员 or 样本, ID numbers have the unassigned region 99.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from registry.demo_roster import write_demo_roster
from registry.models import Appointment, Organisation, Region, RosterImport
from registry.queries.places import version_by_code
from registry.services import Post, add_staff, apply_file, import_regions, set_demo_second_factor

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
    ("checker", "示例 复核员", Appointment.Role.OFFICE, COUNTY),
    ("chief", "示例 商务局长", Appointment.Role.OFFICE, COUNTY),
    ("office2", "示例 邻县商务办", Appointment.Role.OFFICE, OTHER_COUNTY),
    ("auditor", "示例 审计员", Appointment.Role.AUDITOR, COUNTY),
    ("operator", "示例 运营员", Appointment.Role.OPERATOR, COUNTY),
    ("town", "示例 镇干部", Appointment.Role.TOWN, f"{COUNTY}100"),
    ("trainer", "示例 承训员", Appointment.Role.TRAINING_BODY, OTHER_COUNTY),
    ("coach", "示例 教练", Appointment.Role.COACH, COUNTY),
    ("province", "示例 省厅", Appointment.Role.PROVINCE_READER, "43"),
)
# Where they work, as what, and with which duties; the numbers are offices' and answer nobody.
POSTS = {
    "office": ("示例县商务局", "电商办主任", ("plan", "supervision"), "0746-5550101"),
    "checker": ("示例县商务局", "电商办科员", ("supervision",), "0746-5550101"),
    "chief": ("示例县商务局", "局长", ("plan",), "0746-5550100"),
    "auditor": ("示例县审计局", "审计员", (), "0746-5550102"),
    "operator": ("示例县电商公共服务中心", "运营员", ("data_entry",), "0746-5550103"),
    "clerk": ("示例县电商公共服务中心", "发证员", (), "0746-5550103"),
    "town": ("示例镇人民政府", "扶贫专干", ("poverty_status", "follow_up"), "0746-5550104"),
    "teacher": ("示例职业中专", "讲师", (), ""),
    "trainer": ("示例邻县职业中专", "教务员", ("data_entry",), ""),
}


def load_people() -> None:
    """Load two counties' places, their staff, rosters of three years; a repeat changes nothing."""
    for code in (COUNTY, OTHER_COUNTY):
        import_regions(county=code)
    for username, display_name, role, code in STAFF:
        region = version_by_code(code).region
        user = add_staff(
            username=username,
            display_name=display_name,
            password=PASSWORD,
            role=role,
            region=region,
            since=date(2020, 1, 1),
            post=_post(username, region),
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


def _post(username: str, region: Region) -> Post | None:
    if username not in POSTS:
        return None
    name, title, duties, phone = POSTS[username]
    organisation, _is_new = Organisation.objects.get_or_create(name=name, region=region)
    return Post(organisation=organisation, title=title, duties=duties, work_phone=phone)
