"""What the page of devices sends."""

from django import forms

from commonweal.base.forms import LineField
from commonweal.channels.push.subscription import LONGEST, Subscription, read_subscription


class DeviceForm(forms.Form):
    """What this browser gives out, put there by the page's script."""

    subscription = LineField(max_length=LONGEST, widget=forms.HiddenInput)

    def clean_subscription(self) -> Subscription:
        """What can be called; raises SubscriptionUnclear."""
        return read_subscription(self.cleaned_data["subscription"])
