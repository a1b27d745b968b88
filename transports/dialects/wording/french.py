"""What the server says, in French."""

from transports.dialects.wording.messages import Message, Wording

FRENCH = Wording(
    "fr",
    {
        Message.GREETING: "Bienvenue sur ChatRoulette. Tapez votre pseudonyme. (In English: /lang en)",
        Message.HELP: "Commandes ; toute autre ligne est envoyée telle quelle :\n{commands}",
        Message.STILL_THERE: "Êtes-vous toujours là ? Appuyez sur Entrée dans un délai de {pong:g} s pour rester.",
        Message.TOO_FAST: "Vous écrivez trop vite. Rien n'est perdu : vos lignes passent une à une.",
        Message.LANGUAGE: "Le serveur vous répond désormais en français.",
        Message.OPERATOR_SAYS: "L'opérateur dit : {text}",
        Message.NAME_TAKEN: "Ce pseudonyme est déjà pris. Choisissez-en un autre.",
        Message.NAME_UNFIT: (
            "Pseudonyme non valable. Il doit compter de 1 à 32 caractères visibles, dont\n"
            "au moins une lettre ou un chiffre, ne contenir ni < ni >, ne pas commencer\n"
            "par *, / ou {{, et n'être ni une commande ni un nom réservé. Choisissez-en un\n"
            "autre."
        ),
        Message.NAME_FIRST: "C'est une commande. Tapez d'abord votre pseudonyme, ou close pour quitter.",
        Message.ALREADY_WELCOME: "Vous avez déjà un pseudonyme.",
        Message.ALREADY_PRIVATE: "Vous êtes déjà en privé. Pour envoyer ce mot, tapez /say devant.",
        Message.ALREADY_IN_LOBBY: "Vous êtes déjà dans le salon.",
        Message.NOT_PRIVATE: "Vous n'êtes pas en privé.",
        Message.CHAT_OVER: "Sans effet : ce tête-à-tête est terminé.",
        Message.NOT_IN_LOBBY: "Non envoyé : vous n'êtes plus dans le salon.",
        Message.NOT_BLOCKED: "Vous n'avez pas bloqué cette personne.",
        Message.NO_SUCH_USER: "Personne ici ne porte ce pseudonyme.",
        Message.TOO_MANY_INTERESTS: (
            "Recherche non lancée : trop de sujets après start (limite : {interests}).\n"
            "Pour envoyer la ligne telle quelle, tapez /say devant."
        ),
        Message.NO_SUCH_LANGUAGE: "Langue inconnue. Tapez /lang en ou /lang fr.",
        Message.LINE_TOO_LONG: "Ligne non envoyée : elle dépasse {line_limit} octets.\nEnvoyez-la en plusieurs fois.",
        Message.NOT_UNDERSTOOD: "Requête non valable.",
        Message.GIVEN_BACK: "Non envoyé, <{name}> était déjà ailleurs : {text}",
        Message.ALREADY_LEFT: (
            "Sans effet : <{name}> était déjà ailleurs.\nPour quitter ce tête-à-tête, tapez next à nouveau."
        ),
        Message.CLOSING_ASKED: "Au revoir.",
        Message.CLOSING_STOPPING: "Le serveur s'arrête. Au revoir.",
        Message.CLOSING_FULL: "Le serveur est plein. Revenez plus tard.",
        Message.CLOSING_TOO_MANY_CONNECTIONS: "Trop de connexions depuis votre adresse. Fermez-en une, puis réessayez.",
        Message.CLOSING_BANNED: "Votre adresse est bannie de ce serveur.",
        Message.CLOSING_KICKED: "L'opérateur a mis fin à votre connexion.",
        Message.CLOSING_NO_NAME: "Pas de pseudonyme choisi à temps. Reconnectez-vous pour réessayer.",
        Message.CLOSING_IDLE: "Vous ne répondez plus. Au revoir.",
        Message.CLOSING_GARBAGE: "Trop de lignes non valables. Au revoir.",
        Message.CLOSING_VERSION: "Version du protocole non prise en charge : ce serveur utilise la version 1.",
        Message.WELCOME: "Bienvenue, <{name}>.",
        Message.ARRIVED: "<{name}> a rejoint le serveur.",
        Message.GONE: "<{name}> a quitté le serveur.",
        Message.SEARCHING: "À la recherche d'un partenaire.",
        Message.RETURNED: "Vous ne cherchez plus.",
        Message.PAIRED: "Vous êtes en privé avec <{name}>.",
        Message.YOU_ASKED_NEXT: "Vous avez quitté <{name}>.",
        Message.YOU_WENT_TO_LOBBY: "Vous avez quitté <{name}>.",
        Message.YOU_BLOCKED: "Vous avez bloqué <{name}> : vous ne vous rencontrerez plus.",
        Message.PARTNER_ASKED_NEXT: "<{name}> a mis fin à la conversation.",
        Message.PARTNER_WENT_TO_LOBBY: "<{name}> a regagné le salon.",
        Message.PARTNER_LEFT: "<{name}> a mis fin à la conversation et quitté le serveur.",
        Message.PARTNER_BLOCKED: "<{name}> a mis fin à la conversation.",
        Message.BLOCKED: "Blocage de <{name}> : vous ne vous rencontrerez pas.",
        Message.UNBLOCKED: "Fin du blocage de <{name}>.",
        Message.SITUATION_LOBBY: "Vous êtes dans le salon (autres : {others}).",
        Message.SITUATION_SEARCHING: "Vous attendez : {reason}.",
        Message.SITUATION_PRIVATE: "<{name}> est la seule personne qui vous lit.",
        Message.HINT_LOBBY: "Écrivez pour parler, ou tapez start, close ou help.",
        Message.HINT_SEARCHING: "Écrivez pour parler dans le salon, ou tapez lobby, close ou help.",
        Message.HINT_PRIVATE: "Écrivez pour parler, ou tapez next, lobby, close ou help.",
    },
    {
        "start": "chercher un tête-à-tête ; {slash}start échecs ciné : sur l'un d'eux",
        "next": "quitter ce tête-à-tête et en chercher un autre",
        "block": "quitter, et ne plus se rencontrer ; /block bob : avec bob",
        "unblock": "annuler votre blocage de bob",
        "lobby": "ne plus chercher, ou quitter le tête-à-tête",
        "close": "quitter le serveur",
        "help": "afficher cette liste",
        "where": "afficher où vous êtes et pourquoi vous attendez",
        "lang": "in English",
        "say": "envoyer un mot de commande comme texte",
    },
    {
        "alone": "personne d'autre n'attend",
        "only_latest_partner": "la seule autre personne qui attend est votre dernier partenaire",
        "only_blocked": "toutes les personnes en attente sont bloquées, par vous ou par elles",
        "latest_or_blocked": "il n'y a que votre dernier partenaire et des personnes bloquées",
        "others_particular": "tous ceux qui attendent veulent parler d'autre chose",
        "no_shared_interest": "personne n'a de sujet en commun avec vous ; dans {0} s, les sujets ne compteront plus",
        "too_few": "il faut {1} personnes pour un tirage ; en attente : {0}",
        "met_lately": "vous avez rencontré tous ceux qui attendent ; dans {0} s, une deuxième fois sera possible",
        "next_wave": "les prochains tête-à-tête commencent dans {0} s",
    },
)
