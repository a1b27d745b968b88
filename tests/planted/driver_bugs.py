"""Bugs of the driver: one for each rule of closing, limiting, pausing and failing."""

from tests.planted.bug import Bug

_DRIVER = "transports/driver/driver.py"
_LINK = "transports/driver/link.py"

DRIVER_BUGS = (
    Bug(
        "EOF from a client aborts its connection",
        _LINK,
        "        self._abort_in(self._driver.patience)\n\n    def lost",
        "        self.pipe.abort()\n\n    def lost",
        tool="swarm",
    ),
    Bug(
        "the linger time does not restart when a slow reader has read everything",
        _LINK,
        "        if self._closing:\n            self._abort_in(LINGER)\n",
        "",
        tool="swarm",
    ),
    Bug(
        "a slow reader has no more time than others for the last words",
        _LINK,
        "self._driver.patience if self.full else LINGER",
        "LINGER",
        tool="swarm",
    ),
    Bug(
        "a reset goes unnoticed while reading is paused",
        _LINK,
        "            if self.pipe.is_reset():\n"
        "                self.abort()  # so that nothing is written in the rest of this turn\n"
        "            else:\n"
        "                self._call_in(WATCH_EVERY, self._watch)",
        "            self._call_in(WATCH_EVERY, self._watch)",
        tool="swarm",
    ),
    Bug(
        "an exception of the gateway is swallowed",
        _DRIVER,
        "            self.failure = error\n            self._failed(error)\n",
        "            pass\n",
        tool="swarm",
    ),
    Bug(
        "the gateway is asked again after an exception",
        _DRIVER,
        "        if self.failure is not None:\n            return\n",
        "",
        tool="swarm",
    ),
    Bug(
        "reading never resumes after the soft limit",
        _LINK,
        "        if self.slow:\n            self.slow = False\n            self._update_reading()\n",
        "",
        tool="swarm",
    ),
    Bug(
        "the soft limit is ignored",
        _LINK,
        "        elif waiting > self._driver.output_soft and not self.slow:\n"
        "            self.slow = True\n"
        "            self._update_reading()\n",
        "",
        tool="swarm",
    ),
    Bug(
        "the hard limit is ignored",
        _LINK,
        "            self._reason = CloseReason.SLOW\n            self.abort()\n",
        "            pass\n",
        tool="swarm",
    ),
    Bug(
        "a connection over the hard limit is reported as lost",
        _LINK,
        "            self._reason = CloseReason.SLOW\n",
        "",
        tool="swarm",
    ),
    Bug(
        "EOF is written before pending output",
        _LINK,
        "        self._write_all()\n"
        "        self._closing = True\n"
        "        self._update_reading()\n"
        "        self.pipe.write_eof()\n",
        "        self.pipe.write_eof()\n"
        "        self._write_all()\n"
        "        self._closing = True\n"
        "        self._update_reading()\n",
        tool="swarm",
    ),
    Bug(
        "a closed connection is not half-closed",
        _LINK,
        "        self.pipe.write_eof()\n",
        "",
        tool="swarm",
    ),
    Bug(
        "PAUSE is ignored",
        _LINK,
        "self.paused = order is Order.PAUSE",
        "self.paused = False",
        tool="swarm",
    ),
    Bug(
        "RESUME is ignored",
        _LINK,
        "self.paused = order is Order.PAUSE",
        "self.paused = True",
        tool="swarm",
    ),
    Bug(
        "the gateway's timer is not moved forward",
        _DRIVER,
        "if deadline is not None and deadline < self._due:",
        "if deadline is not None and self._timer is None:",
        tool="swarm",
    ),
    Bug(
        "a connection is reported as gone twice",
        _LINK,
        "        if not self._left:\n            self._left = True\n            self._driver",
        "        if True:\n            self._driver",
        tool="swarm",
    ),
    Bug(
        "output kept for a slow reader is not flushed when it reads on",
        _LINK,
        "        self.full = False\n        self.flush()\n",
        "        self.full = False\n",
        tool="swarm",
    ),
    Bug(
        "a closing connection is not read up to its EOF",
        _LINK,
        "if self._closing or not (self.paused or self.slow):",
        "if not (self.paused or self.slow):",
        tool="swarm",
    ),
)
