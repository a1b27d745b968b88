"""Names that people choose: how each is shown, and which are the same to people, as RFC 8266 says.

Needs the extra ``names``; ``import roulette_core`` does not import it.
"""

try:
    import precis_i18n as _precis_i18n  # noqa: F401
except ImportError as missing:
    raise ImportError(
        f"roulette_core.names needs {missing.name}: pip install 'roulette-core[names]'", name=missing.name
    ) from missing

from roulette_core.names.nicknames import RULES, BadName, Nickname, comparison_key, nickname

__all__ = ["RULES", "BadName", "Nickname", "comparison_key", "nickname"]
