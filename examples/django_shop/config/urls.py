"""The pages of the shop."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from store import views

urlpatterns = [
    path("", views.home, name="home"),
    path("register/", views.register, name="register"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("products/<int:pk>/", views.product, name="product"),
    path("address/", views.address, name="address"),
    path("api/token/", views.api_token, name="api-token"),
    path("api/orders/", views.api_orders, name="api-orders"),
]
