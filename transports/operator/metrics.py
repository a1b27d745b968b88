"""What has been counted, for Prometheus to fetch over HTTP.

Named as https://prometheus.io/docs/practices/naming/ says.
"""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from transports.gateway import CloseReason, Gateway
from transports.operator.metrics_http import serve_metrics
from transports.operator.questions import present
from transports.operator.statistics import Statistics

AWAY = (CloseReason.STOPPING, CloseReason.FULL, CloseReason.TOO_MANY_CONNECTIONS, CloseReason.BANNED)
"""Why somebody may be turned away. Labels known beforehand begin at 0, so that the first increase is seen."""

ENDINGS = tuple(reason for reason in CloseReason if reason not in (CloseReason.FULL, CloseReason.TOO_MANY_CONNECTIONS))
"""Why a connection that was let in may end."""

CAUSES = ("next", "lobby", "leave", "block")


class RouletteCollector(Collector):
    """Gives the counts as they are at the moment when they are fetched, from another thread than the server's.

    Args:
        statistics: what has been counted.
        gateway: how many there are now.
    """

    def __init__(self, statistics: Statistics, gateway: Gateway) -> None:
        self._statistics = statistics
        self._gateway = gateway

    def collect(self) -> Iterator[Metric]:
        """All metrics, in no particular order."""
        yield from self._now()
        counted = self._statistics
        for name, help_text, count in (
            ("connections_accepted", "Connections let in.", counted.accepted),
            ("pairings", "Private chats begun.", counted.pairings),
            ("throttled", "How often somebody who sent too fast had to wait.", counted.throttled),
        ):
            yield CounterMetricFamily(f"roulette_{name}", help_text, value=count)
        lines = {"lobby": counted.lobby_lines, "private": counted.private_lines}
        away, ended, causes = (dict.fromkeys(map(str, known), 0) for known in (AWAY, ENDINGS, CAUSES))
        yield _by_label("connections_turned_away", "Connections not let in.", "reason", away | counted.turned_away)
        yield _by_label("connections_ended", "Connections that were let in and ended.", "reason", ended | counted.ended)
        yield _by_label("lines", "Lines said, each once.", "to", lines)
        yield _by_label("partings", "Private chats ended.", "cause", causes | counted.partings)
        yield _by_label("refusals", "What users asked and could not have.", "reason", counted.refusals)
        yield _by_label("garbage_lines", "Lines too long or not understood.", "reason", counted.garbage)
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
            "From beginning to search until paired.",
            buckets=[*buckets, ("+Inf", float(len(waits)))],
            sum_value=waits.total,
        )


class Exporter:
    """An HTTP server in a thread of its own, which has the metrics at every path, of the process too.

    Args:
        collector: what it exports.
    """

    def __init__(self, collector: RouletteCollector) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(collector)
        ProcessCollector(registry=self._registry)

    def open(self, address: str, port: int) -> int:
        """Listens; gives the port, which is a free one for 0.

        Raises:
            OSError: the port is in use, or there is no such address here.
            UnicodeError: the address cannot be one.
        """
        self._server, self._thread = serve_metrics(address, port, self._registry)
        return self._server.server_port

    def close(self) -> None:
        """Listens no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _by_label(name: str, help_text: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"roulette_{name}", help_text, labels=[label])
    for value, count in list(counts.items()):
        family.add_metric([str(value)], count)
    return family
