"""What the server says, in English."""

from transports.dialects.wording.messages import Message, Wording

ENGLISH: Wording = {
    Message.GREETING: "Welcome to ChatRoulette. Type your pseudonym.",
    Message.HELP: (
        "start        look for a private chat; start chess music: about one of these\n"
        "next         in private: leave for somebody else\n"
        "lobby        stop looking, or leave the private chat\n"
        "close        quit\n"
        "/say next    say the word; whatever is no command is said"
    ),
    Message.GOODBYE: "Goodbye.",
    Message.SERVER_STOPS: "The server is closing. Goodbye.",
    Message.LINE_TOO_LONG: "That line was not sent: it is longer than {limit} bytes. Type it in parts.",
    Message.TOO_MANY_INTERESTS: (
        "That was not done: at most {limit} interests may stand behind start.\nTo say it, type /say before it."
    ),
    Message.NAME_UNFIT: (
        "That cannot be a pseudonym. It is 1 to 32 visible characters with a letter or\n"
        "digit, is no command, holds no < or >, and has no *, / or {{ in front.\n"
        "Type another."
    ),
    Message.NAME_TAKEN: "That pseudonym is taken. Type another.",
    Message.NAME_FIRST: "That is a command. Type your pseudonym first, or close to quit.",
    Message.ALREADY_SEARCHING: "You are already searching.",
    Message.ALREADY_PRIVATE: "You are already in private. To say it, type /say before it.",
    Message.ALREADY_IN_LOBBY: "You are already in the lobby.",
    Message.NOT_PRIVATE: "You are not in private.",
    Message.WELCOME: "Welcome, <{name}>.",
    Message.ARRIVED: "<{name}> has come.",
    Message.GONE: "<{name}> is gone.",
    Message.SEARCHING: "Searching for a partner.",
    Message.RETURNED: "You are no longer searching.",
    Message.PAIRED: "You are in private with <{name}>.",
    Message.YOU_ASKED_NEXT: "You have left <{name}>.",
    Message.PARTNER_ASKED_NEXT: "<{name}> has left you for somebody else.",
    Message.YOU_WENT_TO_LOBBY: "You have left <{name}>.",
    Message.PARTNER_WENT_TO_LOBBY: "<{name}> has left you for the lobby.",
    Message.PARTNER_LEFT: "<{name}> has left you and quit.",
    Message.SITUATION_LOBBY: "You are in the lobby (others: {others}). Type to talk, or: start, close, help.",
    Message.SITUATION_SEARCHING: "Waiting: {reason}.\nType to talk in the lobby, or: lobby, close, help.",
    Message.SITUATION_PRIVATE: "Only <{name}> reads you. Type to talk, or: next, lobby, close, help.",
}
