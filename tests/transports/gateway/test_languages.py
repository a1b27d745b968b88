"""Everybody is talked to in their own language, in their own dialect, wherever they are."""

import json

from tests.support.gateway_fixture import Room


def test_a_french_server_speaks_french_to_whoever_comes() -> None:
    room = Room(language="fr")
    number = room.connect()
    room.type(number, "ada", "start")
    assert room.read(number) == [
        "* Bienvenue sur ChatRoulette. Tapez votre pseudonyme. (In English: /lang en)",
        "* Bienvenue, <ada>.",
        "* Vous êtes dans le salon (autres : 0).",
        "* Écrivez pour parler, ou tapez start, close ou help.",
        "* À la recherche d'un partenaire.",
        "* Vous attendez : personne d'autre n'attend.",
        "* Écrivez pour parler dans le salon, ou tapez lobby, close ou help.",
    ]


def test_the_language_may_be_changed_before_there_is_a_pseudonym() -> None:
    room = Room()
    number = room.connect()
    room.type(number, "/lang fr", "start", "ada")
    assert room.read(number)[1:4] == [
        "* Le serveur vous parle désormais en français.",
        "* C'est une commande. Tapez d'abord votre pseudonyme, ou close pour partir.",
        "* Bienvenue, <ada>.",
    ]


def test_the_same_news_reach_everybody_in_their_own_language_and_dialect() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "/lang fr")
    carol = room.connect()
    room.type(carol, '{"hello":1,"name":"carol","lang":"fr"}')
    room.forget()
    room.type(room.connect(), "dan")
    assert room.read(ada) == ["* <dan> a rejoint le serveur."]
    assert room.read(bob) == ["* <dan> has joined."]
    assert json.loads(room.read(carol)[0]) == {"type": "arrived", "name": "dan", "text": "<dan> a rejoint le serveur."}


def test_in_private_and_while_searching_the_language_may_be_changed_too_and_nothing_is_heard_twice() -> None:
    room = Room()
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "start", "/lang fr")
    room.type(carol, "hello")
    assert room.spoken(ada) == ["<carol> hello"]
    room.type(bob, "start")
    room.type(ada, "/lang en", "/lang fr", "lobby")
    assert room.read(ada)[-2:] == [
        "* Vous êtes dans le salon (autres : 2).",
        "* Écrivez pour parler, ou tapez start, close ou help.",
    ]
    room.type(carol, "hello")
    assert room.spoken(ada) == ["<carol> hello"]
    room.check()


def test_a_language_the_server_does_not_speak_is_refused_and_where_one_is_is_said() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    room.type(ada, "/lang xx")
    assert room.read(ada) == [
        "* Unknown language. Type /lang en or /lang fr.",
        "* You are in the lobby (others: 0). Type to talk, or: start, close, help.",
    ]


def test_a_french_person_is_told_with_figures_what_a_draw_waits_for() -> None:
    room = Room("uniform", language="fr")
    (ada,) = room.enter("ada")
    room.type(ada, "start", "/where")
    assert room.read(ada)[-2] == "* Vous attendez : il faut 3 personnes pour un tirage ; en attente : 1."


def test_what_the_operator_says_reaches_everybody_with_a_pseudonym_in_private_or_not_and_nobody_else() -> None:
    room = Room()
    ada, bob, _ = room.enter("ada", "bob", "carol")
    for number in (ada, bob):
        room.type(number, "start")
    room.type(bob, "/lang fr")
    nameless = room.connect()
    room.forget()
    room.carry(room.gateway.say("back in\nfive {minutes}\x1b[2J", room.now))
    assert room.read(ada) == ["* The operator says: back in\ufffdfive {minutes}\ufffd[2J"]
    assert room.read(bob) == ["* L'opérateur dit : back in\ufffdfive {minutes}\ufffd[2J"]
    assert room.read(nameless) == []


def test_that_somebody_types_reaches_a_program_and_shows_nothing_to_a_person() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    bob = room.connect()
    room.type(bob, '{"hello":1,"name":"bob"}')
    room.type(bob, '{"type":"typing"}')
    room.type(ada, "start")
    room.type(bob, '{"type":"start"}')
    room.forget()
    room.type(bob, '{"type":"typing"}')
    assert room.heard == {ada: b"", bob: b""}
