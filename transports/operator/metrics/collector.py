"""The counters as Prometheus metrics over HTTP, named as https://prometheus.io/docs/practices/naming/ says."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from transports.gateway import CloseReason, Gateway
from transports.operator.metrics.http import serve_metrics
from transports.operator.questions import present
from transports.operator.statistics import Statistics

AWAY = (CloseReason.STOPPING, CloseReason.FULL, CloseReason.TOO_MANY_CONNECTIONS, CloseReason.BANNED)
"""Reasons to turn a connection away. Labels known in advance start at 0, so that ``increase`` sees the first event."""

ENDINGS = tuple(reason for reason in CloseReason if reason not in (CloseReason.FULL, CloseReason.TOO_MANY_CONNECTIONS))
"""Reasons for which an accepted connection ends."""

CAUSES = ("next", "lobby", "leave", "block")


class RouletteCollector(Collector):
    """Collects counters, and the gateway's present numbers, when they are fetched: in a thread of the HTTP server."""

    def __init__(self, statistics: Statistics, gateway: Gateway) -> None:
        self._statistics = statistics
        self._gateway = gateway

    def collect(self) -> Iterator[Metric]:
        """Yields all metrics."""
        yield from self._now()
        counted = self._statistics
        for name, help_text, count in (
            ("connections_accepted", "Connections accepted.", counted.accepted),
            ("pairings", "Private chats begun.", counted.pairings),
            ("throttled", "How often a connection exceeded its rate and was paused.", counted.throttled),
        ):
            yield CounterMetricFamily(f"roulette_{name}", help_text, value=count)
        lines = {"lobby": counted.lobby_lines, "private": counted.private_lines}
        away, ended, causes = (dict.fromkeys(map(str, known), 0) for known in (AWAY, ENDINGS, CAUSES))
        yield _by_label("connections_turned_away", "Connections turned away.", "reason", away | counted.turned_away)
        yield _by_label("connections_ended", "Accepted connections that have ended.", "reason", ended | counted.ended)
        yield _by_label("lines", "Lines sent by users, each counted once.", "to", lines)
        yield _by_label("partings", "Private chats ended.", "cause", causes | counted.partings)
        yield _by_label("refusals", "Refused requests.", "reason", counted.refusals)
        yield _by_label("garbage_lines", "Lines that were too long or invalid.", "reason", counted.garbage)
        yield self._waits()

    def _now(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("roulette_connections", "Open connections.", value=len(self._gateway))
        users = GaugeMetricFamily("roulette_users", "Users present.", labels=["state"])
        for state, count in present(self._gateway).items():
            if state != "nameless":
                users.add_metric([state], count)
        yield users

    def _waits(self) -> Metric:
        waits = self._statistics.waits
        buckets = [(str(bound), float(count)) for bound, count in waits.cumulative()]
        return HistogramMetricFamily(
            "roulette_wait_seconds",
            "Time from starting to search to being paired.",
            buckets=[*buckets, ("+Inf", float(len(waits)))],
            sum_value=waits.total,
        )


class Exporter:
    """An HTTP server, in a thread of its own, for the metrics of the chat and of the process, at every path."""

    def __init__(self, collector: RouletteCollector) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(collector)
        ProcessCollector(registry=self._registry)

    def open(self, address: str, port: int) -> int:
        """Listens and returns the port; 0 chooses a free one.

        Raises:
            OSError: the port is in use, or the address is not one of this machine.
            UnicodeError: the address is invalid.
        """
        self._server, self._thread = serve_metrics(address, port, self._registry)
        return self._server.server_port

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _by_label(name: str, help_text: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"roulette_{name}", help_text, labels=[label])
    for value, count in list(counts.items()):
        family.add_metric([str(value)], count)
    return family
