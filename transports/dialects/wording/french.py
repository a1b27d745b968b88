"""What the server says, in French."""

from transports.dialects.wording.messages import Message, Wording

FRENCH = Wording(
    "fr",
    {
        Message.GREETING: "Bienvenue sur ChatRoulette. Tapez votre pseudonyme. (In English: /lang en)",
        Message.HELP: "Commandes ; toute autre ligne est envoyée telle quelle :\n{commands}",
        Message.STILL_THERE: "Êtes-vous encore là ? Appuyez sur Entrée d'ici {pong:.0f} secondes pour rester.",
        Message.TOO_FAST: "Vous allez trop vite. Rien n'est perdu : la suite arrive, ligne par ligne.",
        Message.LANGUAGE: "Le serveur vous parle désormais en français.",
        Message.OPERATOR_SAYS: "L'opérateur dit : {text}",
        Message.NAME_TAKEN: "Ce pseudonyme est pris. Tapez-en un autre.",
        Message.NAME_UNFIT: (
            "Cela ne peut pas être un pseudonyme. Il a de 1 à 32 caractères visibles, dont\n"
            "une lettre ou un chiffre ; ce n'est ni une commande ni un titre ; il ne\n"
            "contient ni < ni > et ne commence pas par *, / ou {{. Tapez-en un autre."
        ),
        Message.NAME_FIRST: "C'est une commande. Tapez d'abord votre pseudonyme, ou close pour partir.",
        Message.ALREADY_WELCOME: "Vous avez déjà un pseudonyme.",
        Message.ALREADY_SEARCHING: "Vous cherchez déjà.",
        Message.ALREADY_PRIVATE: "Vous êtes déjà en privé. Pour le dire, tapez /say devant.",
        Message.ALREADY_IN_LOBBY: "Vous êtes déjà dans le salon.",
        Message.NOT_PRIVATE: "Vous n'êtes pas en privé.",
        Message.TOO_MANY_INTERESTS: (
            "Cela n'a pas été fait : pas plus de {interests} sujets après start.\nPour le dire, tapez /say devant."
        ),
        Message.NO_SUCH_LANGUAGE: "Le serveur ne parle pas cette langue. Tapez /lang en ou /lang fr.",
        Message.LINE_TOO_LONG: (
            "Cette ligne n'a pas été envoyée : elle dépasse {line_limit} octets.\nTapez-la en plusieurs fois."
        ),
        Message.NOT_UNDERSTOOD: "Cela n'a pas été compris.",
        Message.CLOSING_ASKED: "Au revoir.",
        Message.CLOSING_STOPPING: "Le serveur s'arrête. Au revoir.",
        Message.CLOSING_FULL: "Le serveur est plein. Revenez plus tard.",
        Message.CLOSING_TOO_MANY_CONNECTIONS: "Il y a trop de connexions depuis chez vous. Fermez-en une d'abord.",
        Message.CLOSING_BANNED: "Vous êtes banni de ce serveur.",
        Message.CLOSING_KICKED: "L'opérateur vous a renvoyé.",
        Message.CLOSING_NO_NAME: "Aucun pseudonyme n'est venu. Reconnectez-vous quand vous en aurez un.",
        Message.CLOSING_IDLE: "Vous semblez être parti. Au revoir.",
        Message.CLOSING_GARBAGE: "Trop de lignes inutilisables. Au revoir.",
        Message.CLOSING_VERSION: "Ce serveur parle la version 1 du protocole.",
        Message.WELCOME: "Bienvenue, <{name}>.",
        Message.ARRIVED: "<{name}> est arrivé.",
        Message.GONE: "<{name}> est parti.",
        Message.SEARCHING: "À la recherche d'un partenaire.",
        Message.RETURNED: "Vous ne cherchez plus.",
        Message.PAIRED: "Vous êtes en privé avec <{name}>.",
        Message.YOU_ASKED_NEXT: "Vous avez quitté <{name}>.",
        Message.YOU_WENT_TO_LOBBY: "Vous avez quitté <{name}>.",
        Message.YOU_BLOCKED: "Vous avez quitté <{name}>, et ne vous reverrez plus.",
        Message.PARTNER_ASKED_NEXT: "<{name}> vous a quitté pour quelqu'un d'autre.",
        Message.PARTNER_WENT_TO_LOBBY: "<{name}> vous a quitté pour le salon.",
        Message.PARTNER_LEFT: "<{name}> vous a quitté et est parti.",
        Message.PARTNER_BLOCKED: "<{name}> vous a quitté pour quelqu'un d'autre.",
        Message.SITUATION_LOBBY: "Vous êtes dans le salon (autres : {others}).",
        Message.SITUATION_SEARCHING: "Vous attendez : {reason}.",
        Message.SITUATION_PRIVATE: "Seul <{name}> vous lit.",
        Message.HINT_LOBBY: "Tapez pour parler, ou : start, close, help.",
        Message.HINT_SEARCHING: "Tapez pour parler dans le salon, ou : lobby, close, help.",
        Message.HINT_PRIVATE: "Tapez pour parler, ou : next, lobby, close, help.",
    },
    {
        "start": "chercher un tête-à-tête ; {slash}start échecs ciné : sur l'un d'eux",
        "next": "en privé : changer de partenaire",
        "block": "idem, et ne plus jamais rencontrer cette personne",
        "lobby": "ne plus chercher, ou quitter le tête-à-tête",
        "close": "partir",
        "help": "afficher cette liste",
        "where": "où suis-je, et pourquoi est-ce que j'attends ?",
        "lang": "in English",
        "say": "envoyer un mot de commande comme texte",
    },
    {
        "alone": "personne d'autre n'attend",
        "only_latest_partner": "la seule autre personne qui attend est votre dernier partenaire",
        "only_blocked": "tous ceux qui attendent sont des personnes que vous ne devez plus croiser",
        "latest_or_blocked": "il n'y a que votre dernier partenaire et des personnes à ne plus croiser",
        "others_particular": "tous ceux qui attendent veulent parler d'autre chose",
        "no_shared_interest": "personne n'a de sujet en commun avec vous ; dans {0} s, n'importe qui conviendra",
        "too_few": "sur les {1} personnes qu'il faut pour un tirage, il y en a {0}",
        "met_lately": "vous avez croisé tous ceux qui attendent ; dans {0} s, deux d'entre vous se reverront",
        "next_wave": "les prochains tête-à-tête commencent dans {0} s",
    },
)
