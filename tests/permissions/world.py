"""Two counties, everybody who could knock, and one object of each kind in the first county."""

from datetime import date

from registry.models import Organisation, User
from registry.queries.places import version_by_code
from registry.services import Post, appoint, import_regions
from tests.factories import courses as make
from tests.factories.registry import PersonFactory, UserFactory
from tests.permissions.actors import COUNTY, HERE, OTHER_COUNTY, SEATS, SINCE, THERE, Actor
from tests.permissions.matrix import ROLES
from tests.permissions.objects import certificates, county, courses, livestream, registry
from tests.permissions.objects.places import Addresses, region_of, village_of


class World:
    """Makes everything once; `kwargs` fills an address, with an object that is there or one that is not."""

    def __init__(self) -> None:
        for code in (COUNTY, OTHER_COUNTY):
            import_regions(county=code)
        make.make_region("61", "外省", 1)
        town = make.make_region(f"{OTHER_COUNTY}100", "外县镇", 4, region_of(OTHER_COUNTY))
        make.make_region(f"{OTHER_COUNTY}100200", "外县村", 5, town.region)
        self.village = version_by_code(COUNTY).region
        courses.make_course(self)
        self._make_accounts()
        courses.make_learning(self)
        certificates.make_certificate(self)
        courses.make_taught_class(self)
        certificates.make_papers(self)
        courses.make_follow_up(self)
        courses.make_story(self)
        livestream.make_rehearsing(self)
        livestream.make_live_class(self)
        courses.make_old_ledger(self)
        registry.make_office_work(self)
        county.make_return(self)
        county.make_audit(self)
        county.make_view(self)
        county.make_token(self)
        self.addresses: Addresses = {}
        for app in (courses, certificates, livestream, registry, county):
            self.addresses |= app.addresses(self)

    def user(self, actor: Actor) -> User | None:
        """Return the account of an actor; None for a visitor."""
        return self.users.get(str(actor))

    def kwargs(self, of: str, *, exists: bool = True) -> dict[str, object]:
        """Return what an address of that kind of object is filled with."""
        there, nowhere = self.addresses[of]
        return dict(there if exists else nowhere)

    def _make_accounts(self) -> None:
        self.body = Organisation.objects.create(name="示例职业中专", region=region_of(OTHER_COUNTY))
        other_body = Organisation.objects.create(name="示例驾校", region=region_of(COUNTY))
        self.users = {
            "superuser": UserFactory(is_superuser=True),
            "nobody": UserFactory(),
            "ended": UserFactory(),
        }
        appoint(
            user=self.users["ended"],
            role="office",
            region=region_of(COUNTY),
            since=SINCE,
            until=date(2021, 1, 1),
        )
        for role in ROLES:
            for where, code in ((HERE, COUNTY), (THERE, OTHER_COUNTY)):
                user = UserFactory(display_name=f"{role}-{where}")
                organisation = self.body if where == HERE else other_body
                seat = SEATS.get((role, where), code)
                post = Post(organisation=organisation if role == "training_body" else None)
                appoint(user=user, role=role, region=region_of(seat), since=SINCE, post=post)
                self.users[f"{role}-{where}"] = user
        for where, code in ((HERE, COUNTY), (THERE, OTHER_COUNTY)):
            user = UserFactory(trainee=True)
            PersonFactory(name=f"学员{where}", user=user, village=village_of(code))
            self.users[f"trainee-{where}"] = user
