"""The doors of rings."""

from django.urls import path

from commonweal.matching.rings import views

urlpatterns = [
    path("ring/<str:token>/", views.ring, name="ring"),
    path("ring/<str:token>/yes/", views.yes, name="ring_yes"),
    path("ring/<str:token>/no/", views.no, name="ring_no"),
]
