"""TLS over real sockets: people talk, certificates change, and who does not speak it disturbs nobody."""

import asyncio
import logging
import ssl
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.support.house import Person, play, served
from transports.tcp import BadCertificate, Certificate


class Files(NamedTuple):
    """A certificate of localhost on disk, and who trusts it."""

    chain: Path
    key: Path
    authority: trustme.CA
    trust: ssl.SSLContext

    def issue(self) -> None:
        """The authority gives out a new one."""
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


def serial(person: Person) -> str:
    return str(person.writer.get_extra_info("peercert")["serialNumber"])


def test_two_people_talk_and_part_and_hear_goodbye(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate()) as house:
            ada, bob = await house.enter_pair(files.trust)
            ada.type(*[f"{number:03} {'x' * 1000}" for number in range(500)])
            for number in range(500):
                assert (await bob.hears("<ada>"))[6:9] == f"{number:03}"
            ada.type("close")
            await ada.hears("Goodbye")
            assert await ada.is_alone()
            await bob.hears("<ada> has quit")
            house.server.stop()
            await bob.hears("The server is shutting down")
            assert await bob.is_alone()

    play(story)


def test_resets_and_people_who_do_not_read_hurt_nobody_else(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate(), output_limit=50_000) as house:
            ada, bob = await house.enter_pair(files.trust)
            deaf, carol = await house.enter("deaf", files.trust), await house.enter("carol", files.trust)
            ada.reset()
            await bob.hears("<ada> has quit")
            deaf.stop_reading()
            while 3 in house.server.driver.links:
                carol.type("x" * 4000)
                await bob.hears("<carol> x")
            carol.type("still here")
            await bob.hears("<carol> still here")

    play(story)


def test_plain_text_is_hung_up_on_with_a_word_in_the_log_only(files: Files, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "transports.tcp")

    async def story() -> None:
        async with served(certificate=files.certificate()) as house:
            ada, bob = await house.enter_pair(files.trust)
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            writer.write(b"dave\n")
            assert await Person(reader, writer).is_alone()
            writer.close()
            ada.type("hello")
            await bob.hears("<ada> hello")
            await house.until(lambda: not house.server.listener.arriving)
            assert len(house.server.driver.links) == 2

    play(story)
    [record] = caplog.records
    assert record.levelno == logging.DEBUG
    assert "a connection came to nothing: [SSL" in record.getMessage()


def test_who_does_not_shake_hands_in_time_is_hung_up_on(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate(), registration=0.1) as house:
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            assert await Person(reader, writer).is_alone()
            writer.close()
            await house.until(lambda: not house.server.listener.arriving)

    play(story)


def test_a_server_that_stops_does_not_wait_for_those_who_shake_hands(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate()) as house:
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            await house.until(lambda: bool(house.server.listener.arriving))
            house.server.stop()
            assert await Person(reader, writer).is_alone()
            writer.close()

    play(story)


def test_of_one_address_no_more_may_shake_hands_than_may_be_let_in(files: Files) -> None:
    async def story() -> None:
        async with served(certificate=files.certificate(), per_address=3, exempt=()) as house:
            silent = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(3)]
            await house.until(lambda: len(house.server.listener.arriving) == 3)
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            assert await Person(reader, writer).is_alone()
            writer.close()
            assert len(house.server.listener.arriving) == 3
            for _, writer in silent:
                writer.close()
            await house.until(lambda: not house.server.listener.arriving)
            await house.enter("ada", files.trust)

    play(story)


def test_old_versions_are_refused(files: Files) -> None:
    assert files.certificate().context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_new_certificate_is_for_those_who_come_later(files: Files) -> None:
    async def story() -> None:
        certificate = files.certificate()
        async with served(certificate=certificate) as house:
            ada = await house.enter("ada", files.trust)
            files.issue()
            certificate.reload()
            bob = await house.enter("bob", files.trust)
            assert serial(ada) != serial(bob)
            ada.type("hello")
            await bob.hears("<ada> hello")

    play(story)


def test_a_new_certificate_that_cannot_be_used_changes_nothing(files: Files) -> None:
    async def story() -> None:
        certificate = files.certificate()
        async with served(certificate=certificate) as house:
            ada = await house.enter("ada", files.trust)
            files.chain.write_text("nonsense")
            with pytest.raises(BadCertificate, match="no certificate that can be read"):
                certificate.reload()
            assert serial(await house.enter("bob", files.trust)) == serial(ada)

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
        ("nonsense", "", r"there is no certificate that can be read in '.*chain.pem'"),
        ("", "nonsense", r"there is no private key that can be read in '.*key.pem'"),
        ("", ENCRYPTED, r"the private key in '.*key.pem' is encrypted"),
        ("", "other", r"the private key in '.*key.pem' does not belong to the certificate in '.*chain.pem'"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(files: Files, chain: str | None, key: str | None, wrong: str) -> None:
    """An empty string stands for what is right, None for no file."""
    for path, text in ((files.chain, chain), (files.key, key)):
        if text is None:
            path.unlink()
        elif text == "other":
            path.write_bytes(files.authority.issue_cert("localhost").private_key_pem.bytes())
        elif text:
            path.write_text(text)
    with pytest.raises(BadCertificate, match=wrong):
        files.certificate()


def test_a_folder_is_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(BadCertificate, match="Is a directory"):
        Certificate(str(tmp_path))


def test_a_connection_keeps_little_memory_for_reading(files: Files) -> None:
    """asyncio would keep 256 KiB each."""

    async def story() -> None:
        async with served(certificate=files.certificate()) as house:
            await house.enter("ada", files.trust)
            [link] = house.server.driver.links.values()
            assert len(link.pipe.transport._ssl_protocol._ssl_buffer) <= 4096  # type: ignore[attr-defined]

    play(story)
