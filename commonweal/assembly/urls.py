"""The doors of this room."""

from django.urls import path

from commonweal.assembly.care.urls import urlpatterns as care
from commonweal.assembly.views import deeds, mandates, reading

app_name = "assembly"
urlpatterns = [
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/give/", mandates.give, name="give"),
    path("mandates/stand/<slug:role>/", mandates.stand, name="stand"),
    path("mandates/stand/<slug:role>/back/", mandates.stand_back, name="stand_back"),
    path("mandates/<uuid:mandate>/end/", mandates.end, name="end"),
    path("mandates/<uuid:mandate>/give-back/", mandates.give_back, name="give_back"),
    path("decisions/", reading.decisions, name="decisions"),
    path("decisions/<uuid:decision>/", reading.decision, name="decision"),
    path("record/", reading.record, name="record"),
    path("together/", deeds.deeds, name="deeds"),
    path("together/ask/", deeds.ask, name="ask_deed"),
    path("together/<uuid:deed>/", deeds.deed, name="deed"),
    path("together/<uuid:deed>/agree/", deeds.agree, name="agree"),
    path("together/<uuid:deed>/call-off/", deeds.call_off, name="call_off"),
    *care,
]
