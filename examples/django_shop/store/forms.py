"""What customers fill in."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from .models import Customer, Review


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields: ClassVar = ["html"]
        labels: ClassVar = {"html": "Your review (HTML is welcome)"}


class AddressForm(forms.ModelForm):
    class Meta:
        model = Customer
        fields: ClassVar = ["address"]
