"""TLS over real sockets: users talk, certificates change, and failed handshakes disturb no other client."""

import asyncio
import logging
import ssl
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.support.running_chat import ChatClient, play, served
from transports.tcp import BadCertificate, Certificate


class Files(NamedTuple):
    """A certificate for localhost on disk, and a client context that trusts it."""

    chain: Path
    key: Path
    authority: trustme.CA
    trust: ssl.SSLContext

    def issue(self) -> None:
        """Writes a new certificate of the same authority."""
        issued = self.authority.issue_cert("localhost")
        self.key.write_bytes(issued.private_key_pem.bytes())
        self.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))

    def certificate(self) -> Certificate:
        return Certificate(str(self.chain), str(self.key))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    made = Files(tmp_path / "chain.pem", tmp_path / "key.pem", authority, trust)
    made.issue()
    return made


def serial(client: ChatClient) -> str:
    return str(client.writer.get_extra_info("peercert")["serialNumber"])


def test_two_users_talk_and_part_and_hear_goodbye(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate()) as chat:
            ada, bob = await chat.enter_pair(files.trust)
            ada.type(*[f"{number:03} {'x' * 1000}" for number in range(500)])
            for number in range(500):
                assert (await bob.hears("<ada>"))[6:9] == f"{number:03}"
            ada.type("close")
            await ada.hears("Goodbye")
            assert await ada.sees_eof()
            await bob.hears("<ada> has quit")
            chat.server.stop()
            await bob.hears("The server is shutting down")
            assert await bob.sees_eof()

    play(story)


def test_resets_and_slow_readers_delay_no_other_client(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate(), output_limit=50_000) as chat:
            ada, bob = await chat.enter_pair(files.trust)
            deaf, carol = await chat.enter("deaf", files.trust), await chat.enter("carol", files.trust)
            ada.reset()
            await bob.hears("<ada> has quit")
            deaf.pause_reading()
            while 3 in chat.server.driver.links:
                carol.type("x" * 4000)
                await bob.hears("<carol> x")
            carol.type("still here")
            await bob.hears("<carol> still here")

    play(story)


def test_plain_text_is_closed_and_logged_for_debugging(files: Files, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "transports.tcp")

    async def story() -> None:
        async with served(certificate=files.certificate()) as chat:
            ada, bob = await chat.enter_pair(files.trust)
            reader, writer = await asyncio.open_connection("127.0.0.1", chat.port)
            writer.write(b"dave\n")
            assert await ChatClient(reader, writer).sees_eof()
            writer.close()
            ada.type("hello")
            await bob.hears("<ada> hello")
            await chat.until(lambda: not chat.tcp.listener.arriving)
            assert len(chat.server.driver.links) == 2

    play(story)
    [record] = caplog.records
    assert record.levelno == logging.DEBUG
    assert "a connection failed: [SSL" in record.getMessage()


def test_a_handshake_that_takes_too_long_is_closed(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate(), registration=0.1) as chat:
            reader, writer = await asyncio.open_connection("127.0.0.1", chat.port)
            assert await ChatClient(reader, writer).sees_eof()
            writer.close()
            await chat.until(lambda: not chat.tcp.listener.arriving)

    play(story)


def test_a_stopping_server_does_not_wait_for_handshakes(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate()) as chat:
            reader, writer = await asyncio.open_connection("127.0.0.1", chat.port)
            await chat.until(lambda: bool(chat.tcp.listener.arriving))
            chat.server.stop()
            assert await ChatClient(reader, writer).sees_eof()
            writer.close()

    play(story)


def test_handshakes_from_one_address_are_limited_like_its_connections(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate(), per_address=3, exempt=()) as chat:
            silent = [await asyncio.open_connection("127.0.0.1", chat.port) for _ in range(3)]
            await chat.until(lambda: len(chat.tcp.listener.arriving) == 3)
            reader, writer = await asyncio.open_connection("127.0.0.1", chat.port)
            assert await ChatClient(reader, writer).sees_eof()
            writer.close()
            assert len(chat.tcp.listener.arriving) == 3
            for _, writer in silent:
                writer.close()
            await chat.until(lambda: not chat.tcp.listener.arriving)
            await chat.enter("ada", files.trust)

    play(story)


def test_old_tls_versions_are_refused(files: Files) -> None:
    assert files.certificate().context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_new_certificate_is_used_for_new_connections(files: Files) -> None:
    async def story() -> None:
        certificate = files.certificate()
        async with served(certificate=certificate) as chat:
            ada = await chat.enter("ada", files.trust)
            files.issue()
            certificate.reload()
            bob = await chat.enter("bob", files.trust)
            assert serial(ada) != serial(bob)
            ada.type("hello")
            await bob.hears("<ada> hello")

    play(story)


def test_an_unusable_new_certificate_changes_nothing(files: Files) -> None:
    async def story() -> None:
        certificate = files.certificate()
        async with served(certificate=certificate) as chat:
            ada = await chat.enter("ada", files.trust)
            files.chain.write_text("nonsense")
            with pytest.raises(BadCertificate, match="no readable certificate"):
                certificate.reload()
            assert serial(await chat.enter("bob", files.trust)) == serial(ada)

    play(story)


def test_certificate_and_key_may_be_in_one_file(files: Files) -> None:
    files.chain.write_bytes(files.key.read_bytes() + files.chain.read_bytes())
    Certificate(str(files.chain))


ENCRYPTED = """-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,00000000000000000000000000000000

AAAAAAAAAAAAAAAAAAAAAA==
-----END RSA PRIVATE KEY-----
"""


@pytest.mark.parametrize(
    ("chain", "key", "wrong"),
    [
        (None, "", r"cannot read '.*chain.pem': No such file"),
        ("", None, r"cannot read '.*key.pem': No such file"),
        ("nonsense", "", r"no readable certificate in '.*chain.pem'"),
        ("", "nonsense", r"no readable private key in '.*key.pem'"),
        ("", ENCRYPTED, r"the private key in '.*key.pem' is encrypted"),
        ("", "other", r"the private key in '.*key.pem' does not belong to the certificate in '.*chain.pem'"),
    ],
)
def test_the_error_names_what_is_wrong(files: Files, chain: str | None, key: str | None, wrong: str) -> None:
    """An empty string stands for the right content, None for no file."""
    for path, text in ((files.chain, chain), (files.key, key)):
        if text is None:
            path.unlink()
        elif text == "other":
            path.write_bytes(files.authority.issue_cert("localhost").private_key_pem.bytes())
        elif text:
            path.write_text(text)
    with pytest.raises(BadCertificate, match=wrong):
        files.certificate()


def test_a_directory_is_not_a_certificate(tmp_path: Path) -> None:
    with pytest.raises(BadCertificate, match="Is a directory"):
        Certificate(str(tmp_path))


def test_the_tls_buffer_of_a_connection_is_small(files: Files) -> None:
    """asyncio keeps 256 KiB by default."""

    async def story() -> None:
        async with served(certificate=files.certificate()) as chat:
            await chat.enter("ada", files.trust)
            [link] = chat.server.driver.links.values()
            assert len(link.pipe.transport._ssl_protocol._ssl_buffer) <= 4096  # type: ignore[attr-defined]

    play(story)
