"""The doors of this room."""

from django.urls import path

from commonweal.members.views import passkeys, profile, proving, reach, signing, vouching

app_name = "members"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/passkey/", passkeys.sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/begin/", passkeys.begin_sign_in, name="passkey_begin"),
    path("sign-in/link/<slug:link>/", signing.link, name="link"),
    path("sign-in/<slug:token>/", signing.code, name="code"),
    path("sign-in/<slug:token>/again/", signing.code_again, name="code_again"),
    path("sign-in/<slug:token>/name/", signing.name, name="name"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("me/profile/", profile.profile, name="profile"),
    path("me/profile/change/", profile.change, name="change"),
    path("me/profile/break/", profile.pause, name="pause"),
    path("me/profile/back/", profile.come_back, name="come_back"),
    path("me/profile/sign-out-everywhere/", profile.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/profile/signed-in/<uuid:place>/end/", profile.end_sign_in, name="end_sign_in"),
    path("me/profile/passkeys/", passkeys.passkeys, name="passkeys"),
    path("me/profile/passkeys/begin/", passkeys.begin_adding, name="passkey_begin_adding"),
    path("me/profile/passkeys/<uuid:passkey>/remove/", passkeys.remove, name="remove_passkey"),
    path("me/profile/unblock/<uuid:blocked>/", profile.unblock, name="unblock"),
    path("me/profile/unblock-contact/<uuid:block>/", vouching.unblock_contact, name="unblock_contact"),
    path("me/vouches/", vouching.vouches, name="vouches"),
    path("me/vouches/code/", vouching.show, name="show_code"),
    path("me/vouches/find/", vouching.find, name="find_vouch"),
    path("me/vouches/<uuid:taker>/take-back/", vouching.withdraw, name="withdraw_vouch"),
    path("me/vouches/<uuid:other>/keep-away/", vouching.keep_away, name="keep_away"),
    path("vouch/<slug:token>/", vouching.vouch, name="vouch"),
    path("me/profile/leave/", profile.leave, name="leave"),
    path("me/again/", proving.prove, name="prove"),
    path("me/again/<slug:token>/", proving.code, name="prove_code"),
    path("me/again/<slug:token>/again/", proving.code_again, name="prove_again"),
    path("me/profile/reach/", reach.reach, name="reach"),
    path("me/profile/reach/<slug:token>/", reach.code, name="reach_code"),
    path("me/profile/reach/<slug:token>/again/", reach.code_again, name="reach_again"),
    path("me/profile/reach/<uuid:point>/first/", reach.put_first, name="put_first"),
    path("me/profile/reach/<uuid:point>/remove/", reach.remove, name="remove_contact"),
]
