"""The pages of the shop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import UserCreationForm
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from hauberk import jwt
from hauberk.exceptions import InvalidTokenError

from .forms import AddressForm, ReviewForm
from .models import Customer, Product, Review

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

API = {"issuer": "https://shop.example", "audience": "shop-api"}
API_KEY = jwt.HmacKey(settings.JWT_SECRET)
SIGNER = jwt.Signer(API_KEY, lifetime=timedelta(minutes=10), **API)
VERIFIER = jwt.Verifier(API_KEY, **API)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "store/home.html", {"products": Product.objects.all()})


def register(request: HttpRequest) -> HttpResponse:
    form = UserCreationForm(request.POST or None)
    if form.is_valid():
        user = form.save()
        Customer.objects.create(user=user)
        login(request, user)
        return redirect("home")
    return render(request, "store/form.html", {"form": form, "title": "Register"})


def product(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Product, pk=pk)
    form = ReviewForm(request.POST or None)
    if request.user.is_authenticated and form.is_valid():
        form.instance.product = shown
        form.instance.author = request.user
        form.save()
        return redirect("product", pk=pk)
    reviews = Review.objects.filter(product=shown).select_related("author")
    context = {"product": shown, "reviews": reviews, "form": form}
    return render(request, "store/product.html", context)


@login_required
def address(request: HttpRequest) -> HttpResponse:
    customer, _ = Customer.objects.get_or_create(user=request.user)
    form = AddressForm(request.POST or None, instance=customer)
    if form.is_valid():
        form.save()
        return redirect("address")
    return render(request, "store/form.html", {"form": form, "title": "Your address"})


@login_required
@require_GET
def api_token(request: HttpRequest) -> JsonResponse:
    """Issue a token for the API to the customer who is logged in."""
    return JsonResponse({"token": SIGNER.sign({"sub": str(request.user.pk)})})


@require_GET
def api_orders(request: HttpRequest) -> JsonResponse:
    """Answer whoever shows a token."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = VERIFIER.claims(token)
    except InvalidTokenError:
        # Why is for the log; the outside learns no more than this.
        return JsonResponse({"error": "invalid token"}, status=401)
    user = get_object_or_404(get_user_model(), pk=claims["sub"])
    return JsonResponse({"customer": user.get_username(), "orders": []})
