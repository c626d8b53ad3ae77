"""Every door, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("commonweal.networks.urls")),
    path("", include("commonweal.members.urls")),
    path("", include("commonweal.assembly.urls")),
    path("", include("commonweal.exchange.urls")),
    path("", include("commonweal.matching.urls")),
    path("", include("commonweal.channels.urls")),
    path("", include("commonweal.web.desk.urls")),
    path("", include("commonweal.web.privacy.urls")),
    path("", include("commonweal.web.urls")),
]
