"""The client's own sentences, a table for each language; the server's come from the server."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Labels:
    """All that the client itself may say. What stands in braces is filled in."""

    offline: str
    connecting: str
    nameless: str
    lobby: str
    others: str  # count
    searching: str
    private: str  # name
    ended: str
    keys: Mapping[str, str]
    typing: str  # name
    ask_name: str
    ask_text: str
    lost: str
    again: str  # seconds
    taken: str
    over: str
    not_connected: str
    too_long: str  # limit
    unknown: str  # typed


ENGLISH = Labels(
    offline="not connected",
    connecting="connecting",
    nameless="who are you?",
    lobby="in the lobby",
    others="others here: {count}",
    searching="searching",
    private="in private with <{name}>",
    ended="disconnected",
    keys={"start": "Start", "next": "Next", "lobby": "Lobby", "block": "Block", "quit": "Quit"},
    typing="<{name}> is typing",
    ask_name="Your pseudonym, then return",
    ask_text="Type to talk, or /help",
    lost="The connection is lost.",
    again="Trying again in {seconds} s.",
    taken="Your name is still taken there: the server may not have noticed yet that you were gone.",
    over="There is no more to come. Ctrl+Q quits.",
    not_connected="Not sent: you are not connected, or have no name yet.",
    too_long="Not sent: longer than the server takes ({limit} bytes). Send it in parts.",
    unknown="There is no command {typed}; /help lists them, and /say says anything.",
)

FRENCH = Labels(
    offline="hors ligne",
    connecting="connexion en cours",
    nameless="qui êtes-vous ?",
    lobby="au salon",
    others="autres présents : {count}",
    searching="en recherche",
    private="en privé avec <{name}>",
    ended="déconnecté",
    keys={"start": "Chercher", "next": "Suivant", "lobby": "Salon", "block": "Bloquer", "quit": "Quitter"},
    typing="<{name}> est en train d'écrire",
    ask_name="Votre pseudonyme, puis entrée",
    ask_text="Écrivez pour parler, ou /help",
    lost="La connexion est perdue.",
    again="Nouvel essai dans {seconds} s.",
    taken="Votre nom y est encore pris : le serveur n'a peut-être pas encore remarqué votre départ.",
    over="Plus rien ne viendra. Ctrl+Q pour quitter.",
    not_connected="Non envoyé : vous n'êtes pas en ligne, ou n'avez pas encore de nom.",
    too_long="Non envoyé : plus long que ce que prend le serveur ({limit} octets). Envoyez-le en parties.",
    unknown="Il n'y a pas de commande {typed} ; /help les montre, et /say dit tout.",
)

LABELS: Mapping[str, Labels] = {"en": ENGLISH, "fr": FRENCH}
"""Language → labels."""
