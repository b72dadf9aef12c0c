"""Addresses of the `livestream` app, below /rehearse/."""

from django.urls import path

from livestream.views import (
    ingest,
    rehearsals,
    remarks,
    results,
    reviews,
    room,
    run_of_show,
    watching,
)

app_name = "livestream"
urlpatterns = [
    path("", rehearsals.rehearsals, name="rehearsals"),
    path("consent/", rehearsals.rehearsal_consent, name="rehearsal_consent"),
    path("room/<uuid:uid>/", room.room, name="room"),
    path("room/<uuid:uid>/speed/", room.speed, name="room_speed"),
    path("room/<uuid:uid>/marks/", room.marks, name="room_marks"),
    path("room/<uuid:uid>/file/", room.file, name="room_file"),
    path("runs/", run_of_show.runs, name="runs"),
    path("runs/<uuid:uid>/", run_of_show.run, name="run"),
    path("runs/<uuid:uid>/start/", rehearsals.start, name="rehearsal_start"),
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
    path("recordings/<uuid:uid>/ask/", results.ask, name="ask"),
    path("recordings/<uuid:uid>/remarks/", remarks.add, name="remark_add"),
    path("results/<uuid:uid>/", results.result, name="result"),
    path("results/<uuid:uid>/beside/", results.side_by_side, name="beside"),
    path("reviews/", reviews.queue, name="reviews"),
    path("reviews/<uuid:uid>/", reviews.review, name="review"),
    path("reviews/<uuid:uid>/take/", reviews.take, name="review_take"),
    path("reviews/<uuid:uid>/back/", reviews.give_back, name="review_back"),
    path("reviews/<uuid:uid>/live/", reviews.live, name="review_live"),
    path("reviews/<uuid:uid>/clock/", reviews.clock, name="review_clock"),
    path("remarks/<uuid:uid>/settle/", remarks.settle, name="remark_settle"),
    path("remarks/<uuid:uid>/answer/", remarks.answer, name="remark_answer"),
    path("remarks/<uuid:uid>/back/", remarks.take_back, name="remark_take_back"),
    path("remarks/<uuid:uid>/voice.m4a", remarks.voice, name="remark_voice"),
    path("peers/", results.peers, name="peers"),
    path("peers/<uuid:uid>/", results.peer, name="peer"),
    path("peers/<uuid:uid>/link/", results.peer_link, name="peer_link"),
]
