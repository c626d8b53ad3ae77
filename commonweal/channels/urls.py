"""The doors of this room."""

from django.urls import path

from commonweal.channels import doors, views
from commonweal.channels.push import views as push
from commonweal.channels.simulator import views as simulator

app_name = "channels"
urlpatterns = [
    path("in/<uuid:setup>/<str:token>/", doors.incoming, name="incoming"),
    path("in/<uuid:setup>/<str:token>/<path:rest>", doors.incoming, name="incoming"),
    path("phones/", simulator.phones, name="phones"),
    path("phones/take/", simulator.take, name="phone_take"),
    path("phones/length/", simulator.length, name="phone_length"),
    path("phones/<slug:phone>/", simulator.screen, name="phone_screen"),
    path("phones/<slug:phone>/text/", simulator.text, name="phone_text"),
    path("phones/<slug:phone>/call/", simulator.call, name="phone_call"),
    path("phones/<slug:phone>/put-down/", simulator.put_down, name="phone_put_down"),
    path("me/profile/devices/", push.devices, name="devices"),
    path("me/profile/devices/<uuid:device>/remove/", push.remove, name="remove_device"),
    path("push/renewed/", push.renewed, name="push_renewed"),
    path("push-worker.js", push.worker, name="push_worker"),
    path("settings/channels/", views.channels, name="channels"),
    path("settings/channels/add/<slug:adapter>/", views.add, name="add"),
    path("settings/channels/<uuid:channel>/", views.one, name="one"),
    path("settings/channels/<uuid:channel>/switch/", views.switch, name="switch"),
    path("settings/channels/<uuid:channel>/move/", views.move, name="move"),
    path("settings/channels/<uuid:channel>/check/", views.check, name="check"),
    path("settings/channels/<uuid:channel>/test/", views.test, name="test"),
    path("settings/channels/<uuid:channel>/remove/", views.remove, name="remove"),
]
