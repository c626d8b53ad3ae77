"""The doors of this room."""

from django.urls import include, path

app_name = "matching"
urlpatterns = [
    path("", include("commonweal.matching.rings.urls")),
]
