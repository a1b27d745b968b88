"""The operator's side: commands, console, admin socket, log and recordings; ``metrics`` is a package of its own.

Start reading in ``commands.py``.
"""

from transports.operator.actions import ServerControl
from transports.operator.admin_client import AdminClient, NotAnswered
from transports.operator.admin_socket import AdminSocket
from transports.operator.answers import Answer
from transports.operator.chat_log import CHAT, ChatLog
from transports.operator.commands import Operator
from transports.operator.console import OperatorConsole
from transports.operator.log import start_log
from transports.operator.recorder import RecordingWriter
from transports.operator.statistics import Statistics
from transports.operator.tables import rendered
from transports.operator.top import view

__all__ = [
    "CHAT",
    "AdminClient",
    "AdminSocket",
    "Answer",
    "ChatLog",
    "NotAnswered",
    "Operator",
    "OperatorConsole",
    "RecordingWriter",
    "ServerControl",
    "Statistics",
    "rendered",
    "start_log",
    "view",
]
