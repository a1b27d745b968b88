"""Metrics for Prometheus over HTTP. A package of its own, as only this needs ``prometheus_client``."""

from transports.operator.metrics.collector import Exporter, RouletteCollector

__all__ = ["Exporter", "RouletteCollector"]
