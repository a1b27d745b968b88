"""What the server says, in English."""

from transports.dialects.wording.messages import Message, Wording

ENGLISH = Wording(
    "en",
    {
        Message.GREETING: "Welcome to ChatRoulette. Type your pseudonym. (En français : /lang fr)",
        Message.HELP: "Commands; any other line is sent as it is:\n{commands}",
        Message.STILL_THERE: "Are you still there? Press return within {pong:.0f} seconds to stay.",
        Message.TOO_FAST: "You are faster than allowed. Nothing is lost: the rest follows, one by one.",
        Message.LANGUAGE: "The server speaks English to you now.",
        Message.OPERATOR_SAYS: "The operator says: {text}",
        Message.NAME_TAKEN: "That pseudonym is taken. Type another.",
        Message.NAME_UNFIT: (
            "That cannot be a pseudonym. It is 1 to 32 visible characters with a letter\n"
            "or digit, is no command or title, holds no < or >, and has no *, / or {{ in\n"
            "front. Type another."
        ),
        Message.NAME_FIRST: "That is a command. Type your pseudonym first, or close to quit.",
        Message.ALREADY_WELCOME: "You have a pseudonym already.",
        Message.ALREADY_SEARCHING: "You are already searching.",
        Message.ALREADY_PRIVATE: "You are already in private. To say it, type /say before it.",
        Message.ALREADY_IN_LOBBY: "You are already in the lobby.",
        Message.NOT_PRIVATE: "You are not in private.",
        Message.TOO_MANY_INTERESTS: (
            "That was not done: at most {interests} interests may stand behind start.\nTo say it, type /say before it."
        ),
        Message.NO_SUCH_LANGUAGE: "The server does not speak that. Type /lang en or /lang fr.",
        Message.LINE_TOO_LONG: "That line was not sent: it is longer than {line_limit} bytes. Type it in parts.",
        Message.NOT_UNDERSTOOD: "That was not understood.",
        Message.CLOSING_ASKED: "Goodbye.",
        Message.CLOSING_STOPPING: "The server is closing. Goodbye.",
        Message.CLOSING_FULL: "The server is full. Try again later.",
        Message.CLOSING_TOO_MANY_CONNECTIONS: "There are too many connections from where you are. Close one first.",
        Message.CLOSING_BANNED: "You are banned from this server.",
        Message.CLOSING_KICKED: "The operator has sent you away.",
        Message.CLOSING_NO_NAME: "No pseudonym has come. Connect again when you have one.",
        Message.CLOSING_IDLE: "You seem to be gone. Goodbye.",
        Message.CLOSING_GARBAGE: "Too much of that could not be used. Goodbye.",
        Message.CLOSING_VERSION: "This server speaks version 1 of the protocol.",
        Message.WELCOME: "Welcome, <{name}>.",
        Message.ARRIVED: "<{name}> has come.",
        Message.GONE: "<{name}> is gone.",
        Message.SEARCHING: "Searching for a partner.",
        Message.RETURNED: "You are no longer searching.",
        Message.PAIRED: "You are in private with <{name}>.",
        Message.YOU_ASKED_NEXT: "You have left <{name}>.",
        Message.YOU_WENT_TO_LOBBY: "You have left <{name}>.",
        Message.YOU_BLOCKED: "You have left <{name}>, and will not meet again.",
        Message.PARTNER_ASKED_NEXT: "<{name}> has left you for somebody else.",
        Message.PARTNER_WENT_TO_LOBBY: "<{name}> has left you for the lobby.",
        Message.PARTNER_LEFT: "<{name}> has left you and quit.",
        # That one was blocked is not for all to know.
        Message.PARTNER_BLOCKED: "<{name}> has left you for somebody else.",
        Message.SITUATION_LOBBY: "You are in the lobby (others: {others}).",
        Message.SITUATION_SEARCHING: "Waiting: {reason}.",
        Message.SITUATION_PRIVATE: "Only <{name}> reads you.",
        Message.HINT_LOBBY: "Type to talk, or: start, close, help.",
        Message.HINT_SEARCHING: "Type to talk in the lobby, or: lobby, close, help.",
        Message.HINT_PRIVATE: "Type to talk, or: next, lobby, close, help.",
    },
    {
        "start": "look for a private chat; {slash}start chess music: on one of these",
        "next": "leave this private chat and look for another",
        "block": "leave, and never be paired with this person again",
        "lobby": "stop looking, or leave the private chat",
        "close": "quit",
        "help": "show this list",
        "where": "where am I, and why do I wait?",
        "lang": "en français",
        "say": "send a command word as text",
    },
    {},  # a policy explains in English
)
