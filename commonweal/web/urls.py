"""Where the frame's own pages stand."""

from django.urls import path
from django.views.generic import TemplateView

from commonweal.web import views
from commonweal.web.demo import views as demo
from commonweal.web.paper import views as paper
from commonweal.web.threat import views as threat

urlpatterns = [
    path("", views.home, name="home"),
    path("demo/", demo.demo, name="demo"),
    path("demo/enter/", demo.enter, name="demo_enter"),
    path("design/", views.design, name="design"),
    path("language/", views.set_language, name="set_language"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("paper/", paper.paper, name="paper"),
    path("paper/print.pdf", paper.printed, name="printed"),
    path("hello/<slug:language>/", paper.hello, name="hello"),
    path("how-we-decide/", TemplateView.as_view(template_name="web/deciding.html"), name="deciding"),
    path("what-we-keep/", views.keeping, name="keeping"),
    path("worse-times/", threat.threat, name="threat"),
    path("safety/", TemplateView.as_view(template_name="web/safety.html"), name="safety"),
    path("leaving/", TemplateView.as_view(template_name="web/leaving.html"), name="leaving"),
]
