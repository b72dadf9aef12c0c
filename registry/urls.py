"""Addresses of the `registry` app."""

from django.urls import path

from registry.views import cards, consents, linking, outbox, proving, requests, sign_in, stations, villagers

app_name = "registry"
urlpatterns = [
    path("me/", sign_in.account, name="account"),
    path("link/", linking.link_person, name="link_person"),
    path("register/", linking.register, name="register"),
    path("privacy/", consents.privacy, name="privacy"),
    path("privacy/consent/", consents.consent_switch, name="consent_switch"),
    path("privacy/prove/", proving.prove, name="prove"),
    path("privacy/requests/", requests.request_new, name="request_new"),
    path("privacy/requests/<uuid:uid>/copy/", requests.data_copy, name="data_copy"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("card/", cards.card, name="card"),
    path("card/pictures/", cards.pictures, name="pictures"),
    path("card/first/", cards.first_pictures, name="first_pictures"),
    path("card/issue/", villagers.issue_cards, name="issue_cards"),
    path("card/sheet/<uuid:uid>/", villagers.card_sheet, name="card_sheet"),
    path("station/", stations.station, name="station"),
    path("station/done/", stations.done, name="done"),
    path("station/devices/", stations.station_devices, name="station_devices"),
    path("station/devices/<uuid:uid>/revoke/", stations.revoke_station, name="revoke_station"),
    path("station/villagers/", villagers.villagers, name="villagers"),
    path("station/villagers/<uuid:uid>/", villagers.villager, name="villager"),
    path("station/villagers/<uuid:uid>/assist/", villagers.assist, name="assist"),
    path("station/villagers/<uuid:uid>/number/", villagers.new_number, name="new_number"),
]
