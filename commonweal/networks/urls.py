"""The doors of this room."""

from django.urls import path

from commonweal.networks.places import serve

app_name = "networks"
urlpatterns = [
    path("map/<slug:name>.pmtiles", serve.tiles, name="tiles"),
    path("map/<slug:name>.geojson", serve.areas, name="areas"),
]
