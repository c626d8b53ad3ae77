"""The doors of the policy."""

from django.urls import path

from commonweal.matching.policy import views, vouching

urlpatterns = [
    path("policy/", views.policy, name="policy"),
    path("policy/change/", views.change, name="change_policy"),
    path("policy/vouching/", vouching.vouching, name="vouching"),
    path("policy/put-back/", views.put_back, name="put_back"),
    path("policy/trials/<uuid:trial>/", views.trial, name="trial"),
    path("policy/trials/<uuid:trial>/again/", views.again, name="try_again"),
    path("policy/trials/<uuid:trial>/stop/", views.stop, name="stop_trial"),
    path("policy/trials/<uuid:trial>/adopt/", views.adopt_trial, name="adopt_trial"),
    path("policy/trials/<uuid:trial>/propose/", views.propose, name="propose"),
    path("policy/proposals/<uuid:proposal>/", views.proposal, name="proposal"),
    path("policy/proposals/<uuid:proposal>/adopt/", views.adopt_proposal, name="adopt_proposal"),
    path("policy/proposals/<uuid:proposal>/withdraw/", views.withdraw, name="withdraw_proposal"),
]
