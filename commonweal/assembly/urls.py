"""The doors of this room."""

from django.urls import path

from commonweal.assembly import views

app_name = "assembly"
urlpatterns = [
    path("mandates/", views.mandates, name="mandates"),
]
