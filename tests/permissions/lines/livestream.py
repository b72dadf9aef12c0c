"""Rehearsing, reviewing and live classes."""

from tests.permissions.words import BOTH, NOBODY, OWN, PUBLIC, SIGNED_IN, Route

ROUTES = [
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
]
