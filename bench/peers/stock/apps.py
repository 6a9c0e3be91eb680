"""Its tables begin with stock_."""

from __future__ import annotations

from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "bench.peers.stock"
    label = "stock"
