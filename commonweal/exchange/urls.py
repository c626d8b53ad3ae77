"""The doors of this room."""

from django.urls import path

from commonweal.exchange.views import board, can, invitation, lookup, me, need, places, status

app_name = "exchange"
urlpatterns = [
    path("need/", need.need, name="need"),
    path("need/places/", places.places, name="places"),
    path("a/<str:token>/", status.status, name="status"),
    path("a/<str:token>/change/", status.change, name="change"),
    path("a/<str:token>/withdraw/", status.withdraw, name="withdraw"),
    path("a/<str:token>/pause/", status.pause, name="pause"),
    path("a/<str:token>/resume/", status.resume, name="resume"),
    path("a/<str:token>/keep/", status.keep, name="keep"),
    path("a/<str:token>/call/", status.call, name="call"),
    path("a/<str:token>/went/<uuid:match>/", status.went, name="status_went"),
    path("a/<str:token>/back/<uuid:match>/", status.came_back, name="status_back"),
    path("a/<str:token>/instead/<uuid:match>/", status.instead, name="status_instead"),
    path("a/<str:token>/write/<uuid:match>/", status.write, name="status_write"),
    path("a/<str:token>/report/<uuid:match>/", status.report, name="status_report"),
    path("code/", lookup.look_up, name="look_up"),
    path("can/", can.can, name="can"),
    path("can/<str:token>/", can.can_code, name="can_code"),
    path("can/<str:token>/again/", can.can_again, name="can_again"),
    path("me/", me.me, name="me"),
    path("me/looks/", me.looks, name="looks"),
    path("me/offers/<uuid:offer>/", me.my_offer, name="my_offer"),
    path("me/offers/<uuid:offer>/withdraw/", me.withdraw_offer, name="withdraw_offer"),
    path("me/offers/<uuid:offer>/pause/", me.pause, name="pause_offer"),
    path("me/offers/<uuid:offer>/resume/", me.resume, name="resume_offer"),
    path("me/offers/<uuid:offer>/stands/", me.confirm, name="confirm_offer"),
    path("board/", board.board, name="board"),
    path("board/<str:code>/", board.pick, name="pick"),
    path("i/<str:token>/", invitation.invitation, name="invitation"),
    path("i/<str:token>/write/", invitation.write, name="write"),
    path("i/<str:token>/report/", invitation.report, name="report"),
    path("i/<str:token>/yes/", invitation.accept, name="accept"),
    path("i/<str:token>/no/", invitation.decline, name="decline"),
    path("i/<str:token>/cannot/", invitation.drop_out, name="drop_out"),
    path("i/<str:token>/went/", invitation.went, name="went"),
    path("i/<str:token>/back/", invitation.came_back, name="came_back"),
]
