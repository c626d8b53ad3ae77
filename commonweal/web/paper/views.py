"""Paper for the street and the door, and where its square to scan leads."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.networks.requests import NetworkRequest
from commonweal.web.paper import printing
from commonweal.web.paper.forms import PaperForm
from commonweal.web.views import remember_language

MOST_AN_HOUR = 60


@require_safe
def paper(request: NetworkRequest) -> HttpResponse:
    """Choose what to print. Anyone may: it says nothing about anybody."""
    form = PaperForm(network=request.network)
    return render(request, "web/paper/paper.html", {"form": form})


@require_safe
def printed(request: NetworkRequest) -> HttpResponse:
    """The page as PDF, or the form again with what is wrong at its field."""
    form = PaperForm(request.GET, network=request.network)
    if not form.is_valid():
        return render(request, "web/paper/paper.html", {"form": form}, status=422)
    count_once("print", address_of(request), most=MOST_AN_HOUR, within=timedelta(hours=1))
    said = form.cleaned_data
    network, languages, size = request.network, said["languages"], said["size"]
    if said["kind"] == "sheet":
        made = printing.sheets(network, languages, size, said["count"] or 1)
    elif said["kind"] == "strips":
        made = printing.strips(network, languages, size)
    else:
        made = printing.poster(network, languages, size, strips=said["kind"] == "tear")
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{network.slug}-{said["kind"]}.pdf"'},
    )


@require_safe
def hello(request: NetworkRequest, language: str) -> HttpResponse:
    """Where a poster leads: the front page in the poster's language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(reverse("home"))
    remember_language(response, language)
    return response
