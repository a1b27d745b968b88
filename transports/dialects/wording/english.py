"""What the server says, in English."""

from transports.dialects.wording.messages import Message, Wording

ENGLISH = Wording(
    "en",
    {
        Message.GREETING: "Welcome to ChatRoulette. Type your pseudonym. (En français : /lang fr)",
        Message.HELP: "Commands; any other line is sent as it is:\n{commands}",
        Message.STILL_THERE: "Are you still there? Press return within {pong:g} s to stay.",
        Message.TOO_FAST: "You are sending too fast. Nothing is lost: lines are delivered one by one.",
        Message.LANGUAGE: "The server speaks English to you now.",
        Message.OPERATOR_SAYS: "The operator says: {text}",
        Message.NAME_TAKEN: "That pseudonym is taken. Type another.",
        Message.NAME_UNFIT: (
            "Invalid pseudonym. Use 1 to 32 visible characters, at least one a letter or\n"
            "digit; no < or >; no *, / or {{ at the beginning; no command and no reserved\n"
            "name. Type another."
        ),
        Message.NAME_FIRST: "That is a command. Type your pseudonym first, or close to quit.",
        Message.ALREADY_WELCOME: "You already have a pseudonym.",
        Message.ALREADY_PRIVATE: "You are already in private. To send the word as text, type /say before it.",
        Message.ALREADY_IN_LOBBY: "You are already in the lobby.",
        Message.NOT_PRIVATE: "You are not in private.",
        Message.CHAT_OVER: "No effect: that private chat is over.",
        Message.NOT_IN_LOBBY: "Not sent: you are no longer in the lobby.",
        Message.NOT_BLOCKED: "You have not blocked that user.",
        Message.NO_SUCH_USER: "No user here has that pseudonym.",
        Message.TOO_MANY_INTERESTS: (
            "Not started: too many interests after start (limit: {interests}).\n"
            "To send the line as text, type /say before it."
        ),
        Message.NO_SUCH_LANGUAGE: "Unknown language. Type /lang en or /lang fr.",
        Message.LINE_TOO_LONG: "Line not sent: it is longer than {line_limit} bytes. Send it in parts.",
        Message.NOT_UNDERSTOOD: "Not a valid request.",
        Message.GIVEN_BACK: "Not sent, <{name}> had left: {text}",
        Message.ALREADY_LEFT: "No effect: <{name}> had left already. To leave this chat, type next again.",
        Message.CLOSING_ASKED: "Goodbye.",
        Message.CLOSING_STOPPING: "The server is shutting down. Goodbye.",
        Message.CLOSING_FULL: "The server is full. Try again later.",
        Message.CLOSING_TOO_MANY_CONNECTIONS: "Too many connections from your address. Close one and try again.",
        Message.CLOSING_BANNED: "Your address is banned from this server.",
        Message.CLOSING_KICKED: "The operator has disconnected you.",
        Message.CLOSING_NO_NAME: "You did not choose a pseudonym in time. Reconnect to try again.",
        Message.CLOSING_IDLE: "No reply. Goodbye.",
        Message.CLOSING_GARBAGE: "Too many invalid lines. Goodbye.",
        Message.CLOSING_VERSION: "Unsupported protocol version: this server supports version 1.",
        Message.WELCOME: "Welcome, <{name}>.",
        Message.ARRIVED: "<{name}> has joined.",
        Message.GONE: "<{name}> has left.",
        Message.SEARCHING: "Searching for a partner.",
        Message.RETURNED: "You are no longer searching.",
        Message.PAIRED: "You are in private with <{name}>.",
        Message.YOU_ASKED_NEXT: "You have left <{name}>.",
        Message.YOU_WENT_TO_LOBBY: "You have left <{name}>.",
        Message.YOU_BLOCKED: "You have blocked <{name}> and will not be paired with them again.",
        Message.PARTNER_ASKED_NEXT: "<{name}> has moved on.",
        Message.PARTNER_WENT_TO_LOBBY: "<{name}> has gone back to the lobby.",
        Message.PARTNER_LEFT: "<{name}> has quit.",
        # The same words as for next: a block is not revealed to the partner.
        Message.PARTNER_BLOCKED: "<{name}> has moved on.",
        Message.BLOCKED: "<{name}> is blocked: you will not be paired.",
        Message.UNBLOCKED: "<{name}> is no longer blocked.",
        Message.SITUATION_LOBBY: "You are in the lobby (others: {others}).",
        Message.SITUATION_SEARCHING: "Waiting: {reason}.",
        Message.SITUATION_PRIVATE: "Only <{name}> sees what you type.",
        Message.HINT_LOBBY: "Type to talk, or: start, close, help.",
        Message.HINT_SEARCHING: "Type to talk in the lobby, or: lobby, close, help.",
        Message.HINT_PRIVATE: "Type to talk, or: next, lobby, close, help.",
    },
    {
        "start": "look for a private chat; {slash}start chess music: on one of these",
        "next": "leave this private chat and look for another",
        "block": "leave, and never be paired again; /block bob: never with bob",
        "unblock": "take back your block of bob",
        "lobby": "stop looking, or leave the private chat",
        "close": "quit",
        "help": "show this list",
        "where": "show where you are, and why you are waiting",
        "lang": "en français",
        "say": "send a command word as text",
    },
    {},  # a policy explains in English
)
