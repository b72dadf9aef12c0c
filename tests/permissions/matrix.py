"""Every address of the site and who may: one line each, written by hand and not taken from the code.

A line: the address as the resolver writes it, who may, and where needed the methods ("GET" if nothing is
said), the object in the address (a property of `World` in world.py) and a query. `who` is one of

    PUBLIC       everybody
    SIGNED_IN    whoever has signed in
    DEMO         everybody, where the demo runs; nobody elsewhere
    OWN          the trainee the object belongs to
    SUPERUSER    the site's administrators
    NOBODY       nobody: the address answers 404
    a capability of GRID, or several words of all these: any of them will do

A capability holds for objects of the region of the appointment. Whoever may not gets the answer of an object
that does not exist; a visitor may be sent to sign in.
"""

from dataclasses import dataclass

PUBLIC, SIGNED_IN, DEMO, OWN = "public", "signed_in", "demo", "own"
SUPERUSER, NOBODY = "superuser", "nobody"
BOTH = "GET POST"

ROLES = (
    "office",
    "auditor",
    "operator",
    "certificate_clerk",
    "town",
    "station_keeper",
    "training_body",
    "instructor",
    "coach",
    "province_reader",
)

# Which roles have which capability (domain.md, section 1).
GRID = {
    "open_admin": "office auditor certificate_clerk town instructor",
    "read_figures": "office auditor town province_reader",
    "read_people": "office auditor town province_reader",
    "read_records": "office auditor town",
    "read_classes": "office auditor operator certificate_clerk training_body",
    "read_rosters": "office auditor",
    "read_place_changes": "office auditor",
    "read_officials": "office auditor",
    "read_certificates": "office auditor certificate_clerk",
    "read_work": "auditor",
    "search_audit_log": "office auditor",
    "export": "office auditor",
    "reveal_number": "office auditor",
    "import_roster": "office",
    "decide_duplicates": "office",
    "record_place_change": "office",
    "decide_village": "office",
    "manage_consent": "office town",
    "handle_requests": "office",
    "issue_card": "office operator town station_keeper",
    "assist_sign_in": "operator town station_keeper",
    "appoint": "office",
    "author_lessons": "instructor",
    "approve_lessons": "office",
    "mark_work": "training_body instructor coach",
    "follow_up": "town instructor coach",
    "verify_outcome": "office",
    "enter_class_data": "operator training_body instructor coach",
    "enrol_in_class": "office town station_keeper",
    "check_class_roster": "town",
    "approve_class": "office",
    "close_class": "office",
    "confirm_count": "office",
    "settle_flag": "office auditor",
    "issue_certificate": "certificate_clerk",
    "design_certificate": "certificate_clerk",
    "approve_design": "office",
    "revoke_certificate": "office certificate_clerk",
    "decide_revocation": "office",
}
# Whoever has to do with a taught class.
CLASS_DESK = "read_classes enter_class_data check_class_roster approve_class enrol_in_class"


@dataclass(frozen=True)
class Route:
    """One line of the matrix."""

    path: str
    who: str
    methods: str = "GET"
    of: str = ""
    query: str = ""

    def __str__(self) -> str:
        return f"{self.path}{'?' + self.query if self.query else ''}"


PAPER_READERS = "enter_class_data check_class_roster approve_class close_class export"
ROUTES = [
    # The machine
    Route("healthz", PUBLIC),
    Route("readyz", PUBLIC),  # 503 in tests: no worker runs
    # Signing in
    Route("account/", PUBLIC),  # leads to people/me/
    Route("account/login/", PUBLIC, BOTH),
    Route("account/login/code/", PUBLIC),
    Route("account/login/code/confirm/", PUBLIC),
    Route("account/signup/", PUBLIC),
    Route("account/staff/", PUBLIC, BOTH),
    Route("account/logout/", PUBLIC, BOTH),
    Route("account/inactive/", PUBLIC),
    Route("account/reauthenticate/", SIGNED_IN),
    Route("account/password/change/", SIGNED_IN, BOTH),
    Route("account/password/set/", SIGNED_IN, BOTH),
    Route("account/weixin/login/", NOBODY),  # offered where WeChat is configured
    Route("account/weixin/login/callback/", NOBODY),
    Route("account/weixin/unlink/", NOBODY, "POST"),
    Route("account/weixin/cancelled/", PUBLIC),
    # The second factor: pages of one's own login, which ask for the password again
    Route("account/second-factor/", SIGNED_IN),
    Route("account/second-factor/code/", PUBLIC),  # a step of signing in
    Route("account/second-factor/again/", SIGNED_IN),
    Route("account/second-factor/app/", SIGNED_IN),
    Route("account/second-factor/app/remove/", NOBODY),  # but who has one
    Route("account/second-factor/keys/add/", SIGNED_IN),
    Route("account/second-factor/keys/again/", SIGNED_IN),
    Route("account/second-factor/keys/<int:pk>/remove/", SIGNED_IN),  # asks for the password first
    Route("account/second-factor/recovery/", NOBODY),  # but who has some
    Route("account/second-factor/recovery/new/", SIGNED_IN),
    # Cards and stations
    Route("people/card/", PUBLIC),
    Route("people/card/pictures/", PUBLIC),
    Route("people/card/first/", PUBLIC),
    Route("people/station/", PUBLIC),
    Route("people/station/done/", PUBLIC, "POST"),
    Route("people/card/issue/", "issue_card assist_sign_in", "POST"),
    Route("people/card/sheet/<uuid:uid>/", NOBODY, of="person"),  # but for whom it was made
    Route("people/station/devices/", "issue_card assist_sign_in", BOTH),
    Route("people/station/devices/<uuid:uid>/revoke/", NOBODY, "POST", of="person"),
    Route("people/station/villagers/", "issue_card assist_sign_in"),
    Route("people/station/villagers/<uuid:uid>/", "issue_card assist_sign_in", BOTH, of="person"),
    Route("people/station/villagers/<uuid:uid>/assist/", "issue_card assist_sign_in", "POST", of="person"),
    Route("people/station/villagers/<uuid:uid>/number/", "issue_card assist_sign_in", BOTH, of="person"),
    # Oneself
    Route("people/privacy/", SIGNED_IN),
    Route("people/privacy/consent/", NOBODY, "POST"),  # but for an item of the text
    Route("people/privacy/prove/", SIGNED_IN),
    Route("people/privacy/requests/", SIGNED_IN),
    Route("people/privacy/requests/<uuid:uid>/copy/", SIGNED_IN),  # asks for a proof first
    Route("people/me/", SIGNED_IN),
    Route("people/link/", SIGNED_IN, BOTH),
    Route("people/register/", SIGNED_IN, BOTH),
    Route("people/outbox/", DEMO),
    # Learning: lessons are for everybody, what somebody did is hers
    Route("learn/", SIGNED_IN),
    # After the class
    Route("learn/classes/<uuid:uid>/papers/", PAPER_READERS, of="taught_class"),
    Route("learn/classes/<uuid:uid>/papers/<uuid:paper>/", PAPER_READERS, of="class_paper"),
    Route("learn/classes/<uuid:uid>/papers/<uuid:paper>/out/", "enter_class_data", "POST", of="class_paper"),
    Route("learn/follow-up/", "follow_up verify_outcome"),
    Route("learn/follow-up/outcomes/<uuid:uid>/", "verify_outcome", BOTH, of="outcome"),
    Route("learn/follow-up/outcomes/<uuid:uid>/picture.jpg", "follow_up verify_outcome", of="outcome"),
    Route("learn/follow-up/<uuid:uid>/", "follow_up verify_outcome", of="person"),
    Route("learn/follow-up/<uuid:uid>/coach/", "verify_outcome", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/visit/", NOBODY, "POST", of="person"),  # but her coach
    Route("learn/follow-up/<uuid:uid>/shop/", "follow_up", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/claim/", "follow_up", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/earlier/", "follow_up", "POST", of="person"),
    Route("learn/my-shop/", SIGNED_IN, BOTH),
    Route("learn/my-shop/claim/", SIGNED_IN, "POST"),
    Route("learn/my-shop/income/", SIGNED_IN, "POST"),
    Route("learn/my-shop/<uuid:uid>/off/", OWN, "POST", of="shop"),
    Route("learn/<page_slug:slug>/", PUBLIC, of="course"),
    Route("learn/<page_slug:slug>/enrol/", SIGNED_IN, BOTH, of="course"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/", PUBLIC, of="lesson"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/quiz/", OWN, "POST", of="lesson"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/read/", OWN, "POST", of="lesson"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/work/<slug:task_key>/", OWN, "POST", of="task"),
    # Taught classes: villagers join and sign in
    Route("learn/join/", SIGNED_IN),
    Route("learn/join/<uuid:uid>/", OWN, "POST", of="taught_class"),
    Route("learn/join/<uuid:uid>/leave/", OWN, "POST", of="taught_class"),
    Route("learn/here/", SIGNED_IN, BOTH),
    Route("learn/here/<str:code>/", PUBLIC),  # a code of the moment opens the button
    # Taught classes: the desk
    Route("learn/classes/", CLASS_DESK),
    Route("learn/classes/new/", "enter_class_data", BOTH),
    Route("learn/classes/ledgers/", "import_roster", BOTH),
    Route("learn/classes/ledgers/<uuid:uid>/", "import_roster", BOTH, of="old_ledger"),
    Route("learn/classes/<uuid:uid>/", CLASS_DESK, of="taught_class"),
    Route("learn/classes/<uuid:uid>/plan/", "enter_class_data", BOTH, of="taught_class"),
    Route("learn/classes/<uuid:uid>/step/<str:name>/", "approve_class", "POST", of="class_step"),
    Route("learn/classes/<uuid:uid>/sittings/", "enter_class_data", "POST", of="taught_class"),
    Route("learn/classes/<uuid:uid>/enrol/", "enrol_in_class", BOTH, of="taught_class"),
    Route("learn/classes/<uuid:uid>/places/<uuid:place>/give-up/", "enrol_in_class", "POST", of="seat"),
    Route("learn/classes/<uuid:uid>/places/<uuid:place>/mark/", "enter_class_data", BOTH, of="seat"),
    Route("learn/classes/<uuid:uid>/waiting/<int:pk>/", "enrol_in_class", "POST", of="waiting"),
    Route("learn/classes/sittings/<uuid:uid>/", CLASS_DESK, of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/move/", "enter_class_data", BOTH, of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/drop/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/sites/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/recording/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/confirm/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/photos/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/photos/<int:pk>/", CLASS_DESK, of="sitting_photo"),
    Route(
        "learn/classes/sittings/<uuid:uid>/people/<uuid:place>/", "enter_class_data", BOTH, of="sitting_place"
    ),
    Route("learn/classes/sites/<uuid:uid>/sheet.pdf", "enter_class_data", of="room"),
    Route("learn/classes/sites/<uuid:uid>/sheet/", "enter_class_data", BOTH, of="room"),
    Route("learn/classes/sites/<uuid:uid>/scan/", CLASS_DESK, of="room"),
    Route("learn/classes/sites/<uuid:uid>/list/", "enter_class_data", BOTH, of="room"),
    Route("learn/classes/sites/<uuid:uid>/taps/", "enter_class_data", "POST", of="room"),
    Route("learn/classes/sites/<uuid:uid>/wall/", "enter_class_data", of="room"),
    Route("learn/classes/sites/<uuid:uid>/wall.svg", "enter_class_data", of="room"),
    # Marking
    Route("learn/marking/", "mark_work read_work"),
    Route("learn/marking/<uuid:uid>/", "mark_work read_work", of="submission"),
    Route("learn/marking/<uuid:uid>/", "mark_work", "POST", of="submission"),
    Route("learn/work/<uuid:uid>/<int:pk>/", "own mark_work read_work", of="work_file"),
    # Rehearsing: a run-of-show is its host's alone
    Route("rehearse/", SIGNED_IN),
    Route("rehearse/consent/", SIGNED_IN, BOTH),
    Route("rehearse/room/<uuid:uid>/", OWN, of="session"),
    Route("rehearse/room/<uuid:uid>/speed/", OWN, "POST", of="session"),
    Route("rehearse/room/<uuid:uid>/marks/", OWN, "POST", of="session"),
    Route("rehearse/room/<uuid:uid>/file/", OWN, "POST", of="session"),
    Route("rehearse/runs/<uuid:uid>/start/", OWN, "POST", of="run"),
    Route("rehearse/runs/", SIGNED_IN, BOTH),
    Route("rehearse/runs/<uuid:uid>/", OWN, of="run"),
    Route("rehearse/runs/<uuid:uid>/print/", OWN, of="run"),
    Route("rehearse/runs/<uuid:uid>/title/", OWN, "POST", of="run"),
    Route("rehearse/runs/<uuid:uid>/discard/", OWN, BOTH, of="run"),
    Route("rehearse/runs/<uuid:uid>/segments/add/", OWN, of="run"),
    Route("rehearse/runs/<uuid:uid>/segments/<uuid:key>/", OWN, BOTH, of="segment"),
    Route("rehearse/runs/<uuid:uid>/segments/<uuid:key>/change/", OWN, "POST", of="segment"),
    Route("rehearse/runs/<uuid:uid>/products/add/", OWN, of="run"),
    Route("rehearse/runs/<uuid:uid>/products/<uuid:key>/", OWN, BOTH, of="product"),
    Route("rehearse/runs/<uuid:uid>/products/<uuid:key>/discard/", OWN, "POST", of="product"),
    Route("rehearse/runs/<uuid:uid>/products/<uuid:key>/picture.jpg", OWN, of="product"),
    # Media engines and senders: whom their keys let in says tests/livestream/test_{nginx_rtmp,janus}.py
    Route("rehearse/room/<uuid:uid>/app/", OWN, BOTH, of="session"),
    Route("rehearse/room/<uuid:uid>/app/stop/", OWN, "POST", of="session"),
    Route("rehearse/hooks/<slug:name>/", NOBODY, "POST"),
    Route("rehearse/whip/<uuid:uid>/", NOBODY, BOTH),
    Route("rehearse/whip/<uuid:uid>/<slug:external_id>/", NOBODY, BOTH),
    Route("rehearse/whep/<uuid:uid>/", "own mark_work", "POST", of="session"),
    Route("rehearse/whep/<uuid:uid>/<slug:external_id>/", NOBODY, "POST"),  # but whose connection it is
    # Live classes: who has a place in the class, who teaches it, who keeps a station of its county
    Route("rehearse/classes/", SIGNED_IN),
    Route("rehearse/classes/new/", "mark_work", BOTH),
    Route("rehearse/classes/<uuid:uid>/", "own mark_work assist_sign_in", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/updates/", "own mark_work assist_sign_in", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/link/", "own mark_work assist_sign_in", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/say/", "own mark_work assist_sign_in", "POST", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/report/", NOBODY, "POST", of="live_class"),  # but of a message
    Route("rehearse/classes/<uuid:uid>/hand/", OWN, "POST", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/answer/", NOBODY, "POST", of="live_class"),  # but to a question
    Route("rehearse/classes/<uuid:uid>/here/", NOBODY, "POST", of="live_class"),  # but with a tab
    Route("rehearse/classes/<uuid:uid>/change/", "mark_work", BOTH, of="live_class"),
    Route("rehearse/classes/<uuid:uid>/send/", NOBODY, BOTH, of="sent_class"),  # but its teacher
    Route("rehearse/classes/<uuid:uid>/desk/", "mark_work", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/desk/panel/", "mark_work", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/desk/act/", "mark_work", "POST", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/attendance/", "mark_work read_classes", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/station/", "assist_sign_in", of="live_class"),
    Route("rehearse/classes/<uuid:uid>/station/", NOBODY, "POST", of="live_class"),  # but with a person
    Route("rehearse/classes/<uuid:uid>/lesson/", "author_lessons", "POST", of="live_class"),
    # Keeping a recording
    Route("admin/privacy/recordings/", "handle_requests"),
    Route("admin/privacy/recordings/<uuid:uid>/", "handle_requests", "POST", of="session"),
    # Sending a rehearsal and watching it
    Route("rehearse/room/<uuid:uid>/parts/<int:part>/chunks/<int:seq>/", OWN, "PUT", of="chunk"),
    Route("rehearse/room/<uuid:uid>/state/", OWN, of="session"),
    Route("rehearse/room/<uuid:uid>/finish/", OWN, "POST", of="session"),
    Route("rehearse/recordings/<uuid:uid>/", "own mark_work", of="session"),
    Route("rehearse/recordings/<uuid:uid>/link/", "own mark_work", of="session"),
    # Reviewing: coaches of the region or the class, the host what is hers, fellow trainees whom she asked
    Route("rehearse/reviews/", "mark_work"),
    Route("rehearse/reviews/<uuid:uid>/", "mark_work", BOTH, of="rehearsal"),
    Route("rehearse/reviews/<uuid:uid>/take/", "mark_work", "POST", of="rehearsal"),
    Route("rehearse/reviews/<uuid:uid>/back/", "mark_work", "POST", of="rehearsal"),
    Route("rehearse/reviews/<uuid:uid>/live/", "mark_work", of="rehearsal"),
    Route("rehearse/reviews/<uuid:uid>/clock/", "mark_work", of="rehearsal"),
    Route("rehearse/recordings/<uuid:uid>/ask/", OWN, BOTH, of="rehearsal"),
    Route("rehearse/recordings/<uuid:uid>/remarks/", "mark_work", "POST", of="rehearsal"),
    Route("rehearse/results/<uuid:uid>/", OWN, of="rehearsal"),
    Route("rehearse/results/<uuid:uid>/beside/", "own mark_work", of="rehearsal"),
    Route("rehearse/remarks/<uuid:uid>/settle/", OWN, "POST", of="remark"),
    Route("rehearse/remarks/<uuid:uid>/answer/", OWN, "POST", of="remark"),
    Route("rehearse/remarks/<uuid:uid>/back/", NOBODY, "POST", of="remark"),  # but who made it
    Route("rehearse/remarks/<uuid:uid>/voice.m4a", OWN, of="remark"),  # and coaches who gave their review
    Route("rehearse/peers/", SIGNED_IN),
    Route("rehearse/peers/<uuid:uid>/", NOBODY, of="rehearsal"),  # but of whom the host asked it
    Route("rehearse/peers/<uuid:uid>/link/", NOBODY, of="rehearsal"),
    Route("rehearse/media/<str:token>/<uuid:uid>/<path:file>", PUBLIC, of="media"),  # whoever has a token
    # Certificates
    Route("verify/", PUBLIC, BOTH),
    Route("verify/file/", PUBLIC, "POST"),
    Route("verify/root.crt", PUBLIC),
    Route("verify/keys.json", PUBLIC),
    Route("verify/revoked.json", PUBLIC),
    Route("verify/offline/", PUBLIC),
    Route("verify/offline/manifest.webmanifest", PUBLIC),
    Route("verify/worker.js", PUBLIC),
    Route("verify/shared/<str:token>/", PUBLIC, of="share"),
    Route("verify/shared/<str:token>/file/", PUBLIC, of="share"),
    Route("verify/mine/", SIGNED_IN),
    Route("verify/mine/<uuid:uid>/share/", OWN, BOTH, of="certificate"),
    Route("verify/mine/<uuid:uid>/share/end/", OWN, "POST", of="certificate"),
    Route("verify/mine/<uuid:uid>/object/", NOBODY, BOTH, of="certificate"),  # but whose was revoked
    Route("verify/mine/<uuid:uid>/badge.json", "own read_certificates", of="certificate"),
    Route("verify/mine/<uuid:uid>/badge.jwt", "own read_certificates", of="certificate"),
    Route("verify/badges/achievements/<str:code>/", PUBLIC, of="achievement"),
    Route("verify/badges/status/<int:number>/", PUBLIC, of="status_list"),
    Route(".well-known/did.json", PUBLIC),
    Route("verify/file/<uuid:uid>/", "own read_certificates", of="certificate"),
    Route("verify/<str:number>/", PUBLIC, of="certificate_number", query="k={k}"),
    # The county desk
    Route("county/", "read_figures"),
    Route("county/", "read_figures", of="place", query="region={code}"),
    Route("county/public/", PUBLIC),
    Route("county/export.xlsx", "export"),
    Route("county/export.xlsx", "export", of="place", query="region={code}"),
    Route("county/people/", "read_people"),
    Route("county/people/", "read_people", of="place", query="region={code}"),
    Route("county/classes/", "read_classes"),
    Route("county/returns/", "read_figures"),
    Route("county/returns/<code>/<month>/", "read_figures", of="monthly_return"),
    Route("county/returns/<code>/<month>/fill-in/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/check/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/sign/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/send-back/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/return.xlsx", "export", of="monthly_return"),
    Route("county/returns/<code>/<month>/return.csv", "export", of="monthly_return"),
    Route("county/returns/<code>/<month>/return.json", "export", of="monthly_return"),
    Route("county/audit/", "read_people"),
    Route("county/audit/rows/", "read_people", query="flag=A6"),
    Route("county/audit/settle/", "settle_flag", "POST"),
    Route("county/audit/settled/<uuid:uid>/back/", "settle_flag", "POST", of="flag_settlement"),
    Route("county/audit/samples/", "settle_flag", BOTH),
    Route("county/audit/samples/<uuid:uid>/", "settle_flag", of="audit_sample"),
    Route("county/audit/samples/<uuid:uid>/results.xlsx", "export", of="audit_sample"),
    Route("county/audit/calls/<uuid:uid>/", "settle_flag", BOTH, of="audit_call"),
    Route("county/audit/calls/<uuid:uid>/number/", "settle_flag", "POST", of="audit_call"),
    Route("county/classes/<uuid:uid>/ledger/", "export", BOTH, of="training_class"),
    Route("county/classes/<uuid:uid>/ledger.zip", NOBODY, of="training_class"),  # but once it is made
    Route("county/classes/<uuid:uid>/close/", "close_class", BOTH, of="training_class"),
    # The frame
    Route("text-size/", PUBLIC, "POST"),
    Route("manifest.webmanifest", PUBLIC),
    Route("offline/", PUBLIC),
    Route("service-worker.js", PUBLIC),
    Route("patterns/", DEMO),
    # Rosters
    Route("admin/rosters/", "read_rosters"),
    Route("admin/rosters/upload/", "import_roster", BOTH),
    Route("admin/rosters/<uuid:uid>/", "read_rosters", of="roster"),
    Route("admin/rosters/<uuid:uid>/progress/", "read_rosters", of="roster"),
    Route("admin/rosters/<uuid:uid>/apply/", "import_roster", "POST", of="roster"),
    Route("admin/rosters/<uuid:uid>/errors/", "import_roster", of="roster"),
    Route("admin/rosters/<uuid:uid>/cancel/", "import_roster", "POST", of="roster"),
    Route("admin/rosters/<uuid:uid>/undo/", "import_roster", "POST", of="roster"),
    # People one by one
    Route("admin/login/", PUBLIC),  # leads to account/staff/
    Route("admin/privacy/retention/", "handle_requests", of="site"),
    Route("admin/privacy/retention/<slug:subject>/", "handle_requests", "POST", of="retention_rule"),
    Route("admin/people/", "read_records", BOTH),
    Route("admin/people/<uuid:uid>/", "read_records", of="person"),
    Route("admin/people/<uuid:uid>/reveal/", "read_records", "POST", of="person"),
    Route("admin/people/<uuid:uid>/consents/", "manage_consent", BOTH, of="person"),
    Route("admin/people/<uuid:uid>/consents/withdraw/", "manage_consent", "POST", of="person"),
    Route("admin/people/consents/<uuid:uid>/scan/", NOBODY, of="person"),  # no sheet has this number
    # The privacy desk
    Route("admin/privacy/", "handle_requests"),
    Route("admin/privacy/<uuid:uid>/", NOBODY, BOTH, of="person"),
    Route("admin/privacy/exports/", "search_audit_log"),
    Route("admin/privacy/exports/new/", "search_audit_log", BOTH),
    Route("admin/privacy/exports/<uuid:uid>/", NOBODY, of="person"),
    Route("admin/privacy/exports/<uuid:uid>/decide/", NOBODY, "POST", of="person"),
    Route("admin/privacy/exports/<uuid:uid>/download/", NOBODY, of="person"),
    Route("admin/audit/", "search_audit_log", BOTH),
    # Duplicates
    Route("admin/duplicates/", "decide_duplicates"),
    Route("admin/duplicates/merges/", "decide_duplicates"),
    Route("admin/duplicates/merges/<int:pk>/undo/", NOBODY, "POST", of="appointment"),
    Route("admin/duplicates/<uuid:first>/<uuid:second>/", NOBODY, BOTH, of="two_people"),
    # Places
    Route("admin/places/changes/", "read_place_changes"),
    Route("admin/places/changes/record/", "record_place_change", BOTH),
    Route("admin/places/villages/", "decide_village", BOTH),
    Route("admin/places/villages/<int:pk>/", "decide_village", "POST", of="village"),
    # The desk of certificates
    Route("admin/certificates/", "read_certificates"),
    Route("admin/certificates/class/<uuid:uid>/", "read_certificates", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/issue/", "issue_certificate", "POST", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/bundle/", "issue_certificate", "POST", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/register.xlsx", "export", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/annul/", "revoke_certificate", BOTH, of="closed_class"),
    Route("admin/certificates/runs/<uuid:uid>/", "read_certificates", of="issue_run"),
    Route("admin/certificates/runs/<uuid:uid>/progress/", "read_certificates", of="issue_run"),
    Route("admin/certificates/runs/<uuid:uid>/cancel/", "issue_certificate", "POST", of="issue_run"),
    Route("admin/certificates/bundles/<uuid:uid>/", "issue_certificate", of="bundle"),
    Route("admin/certificates/papers/", "read_certificates"),
    Route("admin/certificates/papers/<uuid:uid>/", "read_certificates", of="certificate"),
    Route("admin/certificates/papers/<uuid:uid>/reissue/", "issue_certificate", BOTH, of="certificate"),
    Route("admin/certificates/papers/<uuid:uid>/revoke/", "revoke_certificate", BOTH, of="certificate"),
    Route("admin/certificates/revocations/", "read_certificates"),
    Route("admin/certificates/revocations/<uuid:uid>/", "read_certificates", of="revocation"),
    Route("admin/certificates/revocations/<uuid:uid>/decide/", "decide_revocation", "POST", of="revocation"),
    Route("admin/certificates/templates/", "design_certificate approve_design"),
    Route(
        "admin/certificates/templates/<str:code>/<str:kind>/",
        "design_certificate approve_design",
        of="template",
    ),
    Route("admin/certificates/templates/<str:code>/<str:kind>/", "design_certificate", "POST", of="template"),
    Route(
        "admin/certificates/templates/<str:code>/<str:kind>/preview/",
        "design_certificate approve_design",
        of="template",
    ),
    Route(
        "admin/certificates/templates/<str:code>/<str:kind>/approve/", "approve_design", "POST", of="template"
    ),
    # Officials
    Route("admin/appointments/", "read_officials"),
    Route("admin/appointments/new/", "appoint", BOTH),
    Route("admin/appointments/<int:pk>/transfer/", "appoint", BOTH, of="appointment"),
    Route("admin/appointments/<int:pk>/end/", "appoint", BOTH, of="appointment"),
]

# Walked last: nobody is signed in after them.
ENDS_THE_SESSION = {"account/logout/", "people/station/done/"}

# Wagtail's own addresses by what they begin with, the longest beginning holds. `EDITORS` write or approve
# lessons, which all counties share; what a role may do to a page there is Wagtail's affair (test_wagtail.py).
EDITORS = "author_lessons approve_lessons"
WAGTAIL = {
    "": PUBLIC,  # pages of the site, and Wagtail's sign-in for protected pages
    "documents/": PUBLIC,  # lessons' files
    "admin/": "open_admin",
    "admin/login/": PUBLIC,
    "admin/logout/": PUBLIC,
    "admin/jsi18n/": PUBLIC,
    "admin/sprite/": PUBLIC,
    "admin/password_reset/": PUBLIC,  # switched off: WAGTAIL_PASSWORD_RESET_ENABLED
    "admin/pages/": EDITORS,
    # These ask before acting and refuse to act; they name a page at most.
    "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/": "open_admin",
    "admin/pages/workflow/confirm_cancellation/": "open_admin",
    "admin/pages/<int:page_id>/revisions/": "open_admin",
    "admin/pages/<int:page_id>/revisions/<int:revision_id>/": EDITORS,
    "admin/bulk/": EDITORS,
    "admin/reports/": EDITORS,
    "admin/images/": EDITORS,
    "admin/documents/": EDITORS,
    "admin/snippets/": EDITORS,
    # Choosing from what is shared, and the log of pages, need no more than the admin.
    "admin/snippets/choose/": "open_admin",
    "admin/images/chooser/": "open_admin",
    "admin/documents/chooser/": "open_admin",
    "admin/reports/site-history/": "open_admin",
    "admin/translation/": SUPERUSER,
    "admin/collections/": SUPERUSER,
    "admin/workflows/": SUPERUSER,
    "admin/redirects/": SUPERUSER,
    "admin/settings/": SUPERUSER,
    "admin/workflows/task_chooser/": "open_admin",  # names of approval steps
    "admin/forms/": "open_admin",  # we have no form pages
    "admin/forms/submissions/": SUPERUSER,
    "admin/locales/": SUPERUSER,
    "admin/sites/": SUPERUSER,
    "admin/users/": SUPERUSER,
    "admin/groups/": SUPERUSER,
}
# Our models in Wagtail's snippets: a new one needs a line.
SNIPPETS = ("courses/course", "courses/lessonvideo")
