"""Signing in, cards and stations, oneself, people, privacy, places, rosters and officials."""

from tests.permissions.words import BOTH, DEMO, NOBODY, PUBLIC, SIGNED_IN, Route

ROUTES = [
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
    # Officials
    Route("admin/appointments/", "read_officials"),
    Route("admin/appointments/new/", "appoint", BOTH),
    Route("admin/appointments/<int:pk>/transfer/", "appoint", BOTH, of="appointment"),
    Route("admin/appointments/<int:pk>/end/", "appoint", BOTH, of="appointment"),
]
