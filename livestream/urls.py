"""Addresses of the `livestream` app, below /rehearse/."""

from django.urls import path

from livestream.views import (
    class_desk,
    class_record,
    class_room,
    ingest,
    live_classes,
    run_of_show,
    watching,
)

app_name = "livestream"
urlpatterns = [
    path("runs/", run_of_show.runs, name="runs"),
    path("runs/<uuid:uid>/", run_of_show.run, name="run"),
    path("runs/<uuid:uid>/print/", run_of_show.print_run, name="run_print"),
    path("runs/<uuid:uid>/title/", run_of_show.rename, name="run_rename"),
    path("runs/<uuid:uid>/discard/", run_of_show.discard, name="run_discard"),
    path("runs/<uuid:uid>/segments/add/", run_of_show.add_segment, name="segment_add"),
    path("runs/<uuid:uid>/segments/<uuid:key>/", run_of_show.segment, name="segment"),
    path("runs/<uuid:uid>/segments/<uuid:key>/change/", run_of_show.change_segment, name="segment_change"),
    path("runs/<uuid:uid>/products/add/", run_of_show.add_product, name="product_add"),
    path("runs/<uuid:uid>/products/<uuid:key>/", run_of_show.product, name="product"),
    path("runs/<uuid:uid>/products/<uuid:key>/discard/", run_of_show.discard_product, name="product_discard"),
    path(
        "runs/<uuid:uid>/products/<uuid:key>/picture.jpg", run_of_show.product_picture, name="product_picture"
    ),
    path("room/<uuid:uid>/parts/<int:part>/chunks/<int:seq>/", ingest.chunk, name="chunk"),
    path("room/<uuid:uid>/state/", ingest.state, name="room_state"),
    path("room/<uuid:uid>/finish/", ingest.end, name="room_finish"),
    path("recordings/<uuid:uid>/", watching.recording, name="recording"),
    path("recordings/<uuid:uid>/link/", watching.link, name="recording_link"),
    path("media/<str:token>/<uuid:uid>/<path:file>", watching.media, name="media"),
]
urlpatterns += [
    path("classes/", live_classes.live_classes, name="live_classes"),
    path("classes/new/", live_classes.schedule, name="class_schedule"),
    path("classes/<uuid:uid>/", class_room.live_class, name="class_room"),
    path("classes/<uuid:uid>/updates/", class_room.updates, name="class_updates"),
    path("classes/<uuid:uid>/link/", class_room.link, name="class_link"),
    path("classes/<uuid:uid>/say/", class_room.say_something, name="class_say"),
    path("classes/<uuid:uid>/report/", class_room.report, name="class_report"),
    path("classes/<uuid:uid>/hand/", class_room.hand, name="class_hand"),
    path("classes/<uuid:uid>/answer/", class_room.answer, name="class_answer"),
    path("classes/<uuid:uid>/here/", class_room.here, name="class_here"),
    path("classes/<uuid:uid>/change/", live_classes.change, name="class_change"),
    path("classes/<uuid:uid>/desk/", class_desk.desk, name="class_desk"),
    path("classes/<uuid:uid>/desk/panel/", class_desk.panel, name="class_panel"),
    path("classes/<uuid:uid>/desk/act/", class_desk.act, name="class_act"),
    path("classes/<uuid:uid>/attendance/", class_record.attendance, name="class_attendance"),
    path("classes/<uuid:uid>/station/", class_record.station, name="class_station"),
    path("classes/<uuid:uid>/lesson/", class_record.lesson, name="class_lesson"),
]
