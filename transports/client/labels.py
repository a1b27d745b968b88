"""The client's own texts, a table for each language; the server sends its own."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The client's own texts. The comment names what is filled in for braces."""

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
    to_lobby: str
    chat_over: str  # name
    lobby_left: str
    was_offline: str
    again_lobby: str
    again_private: str  # name
    next_over: str  # name, here
    given_back: str  # name, text
    lobby_given_back: str  # text
    unconfirmed: str  # text
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
    ask_name="Your pseudonym, then Enter",
    ask_text="Type to talk, or /help",
    lost="Connection lost.",
    again="Reconnecting in {seconds} s.",
    taken="Your pseudonym is still in use: the server may not have detected the lost connection yet.",
    over="The connection is closed. Press Ctrl+Q to quit.",
    not_connected="Not sent: you are not connected, or have no pseudonym yet.",
    too_long="Not sent: longer than the server allows ({limit} bytes). Send it in parts.",
    to_lobby="lobby",
    chat_over="Not sent: your chat with <{name}> is over.",
    lobby_left="Not sent: you are no longer in the lobby.",
    was_offline="Not sent: you were not connected when you began it.",
    again_lobby="Press Enter again to say it in the lobby.",
    again_private="Press Enter again to say it to <{name}>.",
    next_over="No effect: your chat with <{name}> was over already. To leave <{here}>, ask again.",
    given_back="Not sent, <{name}> had left: {text}",
    lobby_given_back="Not sent, you had left the lobby: {text}",
    unconfirmed="Perhaps not sent, the connection was lost: {text}",
    unknown="Unknown command {typed}; /help lists the commands, /say sends any text.",
)

FRENCH = Labels(
    offline="hors ligne",
    connecting="connexion en cours",
    nameless="qui êtes-vous ?",
    lobby="dans le salon",
    others="autres personnes : {count}",
    searching="en recherche",
    private="en privé avec <{name}>",
    ended="connexion fermée",
    keys={"start": "Chercher", "next": "Suivant", "lobby": "Salon", "block": "Bloquer", "quit": "Quitter"},
    typing="<{name}> est en train d'écrire",
    ask_name="Votre pseudonyme, puis Entrée",
    ask_text="Écrivez pour parler, ou /help",
    lost="Connexion perdue.",
    again="Nouvel essai dans {seconds} s.",
    taken="Votre pseudonyme est encore utilisé : le serveur n'a peut-être pas encore détecté la coupure.",
    over="La connexion est fermée. Ctrl+Q pour quitter.",
    not_connected="Non envoyé : vous n'êtes pas en ligne, ou n'avez pas encore de pseudonyme.",
    too_long="Non envoyé : plus long que ne le permet le serveur ({limit} octets). Envoyez-le en plusieurs fois.",
    to_lobby="salon",
    chat_over="Non envoyé : votre conversation avec <{name}> est terminée.",
    lobby_left="Non envoyé : vous n'êtes plus dans le salon.",
    was_offline="Non envoyé : vous étiez hors ligne en commençant.",
    again_lobby="Appuyez de nouveau sur Entrée pour le dire dans le salon.",
    again_private="Appuyez de nouveau sur Entrée pour le dire à <{name}>.",
    next_over="Sans effet : <{name}> était déjà ailleurs. Pour quitter <{here}>, recommencez.",
    given_back="Non envoyé, <{name}> était déjà ailleurs : {text}",
    lobby_given_back="Non envoyé, vous n'étiez plus dans le salon : {text}",
    unconfirmed="Peut-être non envoyé, la connexion a été perdue : {text}",
    unknown="Commande inconnue : {typed}. /help affiche la liste, /say envoie n'importe quel texte.",
)

LABELS: Mapping[str, Labels] = {"en": ENGLISH, "fr": FRENCH}
"""Language → labels."""
