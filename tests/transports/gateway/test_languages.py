"""Every user is served in their own language and dialect."""

import json

from tests.support.gateway_fixture import GatewayFixture


def test_a_french_server_greets_in_french() -> None:
    chat = GatewayFixture(language="fr")
    number = chat.connect()
    chat.type(number, "ada", "start")
    assert chat.read(number) == [
        "* Bienvenue sur ChatRoulette. Tapez votre pseudonyme. (In English: /lang en)",
        "* Bienvenue, <ada>.",
        "* Vous êtes dans le salon (autres : 0).",
        "* Écrivez pour parler, ou tapez start, close ou help.",
        "* À la recherche d'un partenaire.",
        "* Vous attendez : personne d'autre n'attend.",
        "* Écrivez pour parler dans le salon, ou tapez lobby, close ou help.",
    ]


def test_the_language_can_be_changed_before_a_pseudonym_is_chosen() -> None:
    chat = GatewayFixture()
    number = chat.connect()
    chat.type(number, "/lang fr", "start", "ada")
    assert chat.read(number)[1:4] == [
        "* Le serveur vous répond désormais en français.",
        "* C'est une commande. Tapez d'abord votre pseudonyme, ou close pour quitter.",
        "* Bienvenue, <ada>.",
    ]


def test_an_announcement_reaches_every_user_in_their_language_and_dialect() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.type(ada, "/lang fr")
    carol = chat.connect()
    chat.type(carol, '{"hello":1,"name":"carol","lang":"fr"}')
    chat.forget()
    chat.type(chat.connect(), "dan")
    assert chat.read(ada) == ["* <dan> a rejoint le serveur."]
    assert chat.read(bob) == ["* <dan> has joined."]
    assert json.loads(chat.read(carol)[0]) == {"type": "arrived", "name": "dan", "text": "<dan> a rejoint le serveur."}


def test_in_private_and_while_searching_the_language_can_be_changed_and_no_line_is_received_twice() -> None:
    chat = GatewayFixture()
    ada, bob, carol = chat.enter("ada", "bob", "carol")
    chat.type(ada, "start", "/lang fr")
    chat.type(carol, "hello")
    assert chat.spoken(ada) == ["<carol> hello"]
    chat.type(bob, "start")
    chat.type(ada, "/lang en", "/lang fr", "lobby")
    assert chat.read(ada)[-2:] == [
        "* Vous êtes dans le salon (autres : 2).",
        "* Écrivez pour parler, ou tapez start, close ou help.",
    ]
    chat.type(carol, "hello")
    assert chat.spoken(ada) == ["<carol> hello"]
    chat.check()


def test_an_unknown_language_is_refused_and_the_situation_follows() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    chat.type(ada, "/lang xx")
    assert chat.read(ada) == [
        "* Unknown language. Type /lang en or /lang fr.",
        "* You are in the lobby (others: 0). Type to talk, or: start, close, help.",
    ]


def test_a_french_user_is_told_with_figures_what_a_draw_waits_for() -> None:
    chat = GatewayFixture("uniform", language="fr")
    (ada,) = chat.enter("ada")
    chat.type(ada, "start", "/where")
    assert chat.read(ada)[-2] == "* Vous attendez : il faut 3 personnes pour un tirage ; en attente : 1."


def test_a_text_of_the_operator_reaches_all_users_and_no_nameless_connection() -> None:
    chat = GatewayFixture()
    ada, bob, _ = chat.enter("ada", "bob", "carol")
    for number in (ada, bob):
        chat.type(number, "start")
    chat.type(bob, "/lang fr")
    nameless = chat.connect()
    chat.forget()
    chat.carry(chat.gateway.say("back in\nfive {minutes}\x1b[2J", chat.now))
    assert chat.read(ada) == ["* The operator says: back in\ufffdfive {minutes}\ufffd[2J"]
    assert chat.read(bob) == ["* L'opérateur dit : back in\ufffdfive {minutes}\ufffd[2J"]
    assert chat.read(nameless) == []


def test_typing_reaches_a_json_client_and_sends_nothing_to_a_text_client() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    bob = chat.connect()
    chat.type(bob, '{"hello":1,"name":"bob"}')
    chat.type(bob, '{"type":"typing"}')
    chat.type(ada, "start")
    chat.type(bob, '{"type":"start"}')
    chat.forget()
    chat.type(bob, '{"type":"typing"}')
    assert chat.heard == {ada: b"", bob: b""}
