"""The DNS resolver: what names come to, how long it is remembered, and what may get better."""

from __future__ import annotations

import asyncio

import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.hosts import HostsResolver, literal_endpoint
from desktop_relay.transport.resolver import DnsResolver, Endpoint, MxRecord, ResolveError
from tests.fakes.name_server import NameServer
from tests.fakes.patience import eventually

ZONE: dict[tuple[str, str], list[str] | str] = {
    ("test.example", "MX"): ["300 MX 20 MX2.Test.Example.", "300 MX 10 mx1.test.example."],
    ("mx1.test.example", "A"): ["60 A 192.0.2.1", "60 A 192.0.2.2"],
    ("mx1.test.example", "AAAA"): ["60 AAAA 2001:db8::1"],
    ("six.example", "AAAA"): ["60 AAAA 2001:db8::6"],
    ("null.example", "MX"): ["300 MX 0 ."],
    ("bare.example", "A"): ["60 A 192.0.2.3"],
    ("ill.example", "MX"): "SERVFAIL",
    ("ill.example", "A"): "SERVFAIL",
    ("half.example", "A"): "SERVFAIL",
    ("half.example", "AAAA"): ["60 AAAA 2001:db8::5"],
    ("refused.example", "MX"): "REFUSED",
    ("forever.example", "MX"): ["9999999 MX 1 mx1.test.example."],
    ("lame.example", "MX"): ["0 MX 1 mx1.test.example."],
}


class Time:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def failure_of(resolver: DnsResolver, kind: str, name: str) -> Failure:
    with pytest.raises(ResolveError) as caught:
        await (resolver.mx(name) if kind == "MX" else resolver.addresses(name))
    return caught.value.failure


async def test_mx_and_addresses() -> None:
    async with NameServer(ZONE) as server:
        resolver = DnsResolver([server.address])
        assert set(await resolver.mx("Test.Example.")) == {
            MxRecord(10, "mx1.test.example"),
            MxRecord(20, "mx2.test.example"),
        }
        assert set(await resolver.addresses("mx1.test.example")) == {
            Endpoint("192.0.2.1"),
            Endpoint("192.0.2.2"),
        }
        assert await resolver.mx("null.example") == (MxRecord(0, ""),)
        assert await resolver.mx("bare.example") == ()


async def test_ipv6_comes_behind_and_only_when_wanted() -> None:
    async with NameServer(ZONE) as server:
        both = DnsResolver([server.address], ipv6=True)
        assert (await both.addresses("mx1.test.example"))[-1] == Endpoint("2001:db8::1")
        assert await both.addresses("six.example") == (Endpoint("2001:db8::6"),)
        assert await both.addresses("half.example") == (Endpoint("2001:db8::5"),)
        four = DnsResolver([server.address])
        assert len(await four.addresses("mx1.test.example")) == 2
        assert await failure_of(four, "A", "six.example") is Failure.NO_ADDRESS
        assert server.asked["mx1.test.example", "AAAA"] == 1


@pytest.mark.parametrize(
    ("kind", "name", "failure"),
    [
        ("MX", "gone.example", Failure.NO_SUCH_DOMAIN),
        ("MX", "ill.example", Failure.DNS_TEMPORARY),
        ("MX", "refused.example", Failure.DNS_TEMPORARY),
        ("MX", "a" * 64 + ".example", Failure.NO_SUCH_DOMAIN),
        ("MX", "a..example", Failure.NO_SUCH_DOMAIN),
        ("A", "gone.example", Failure.NO_ADDRESS),
        ("A", "ill.example", Failure.DNS_TEMPORARY),
        ("A", "test.example", Failure.NO_ADDRESS),
    ],
)
async def test_failures(kind: str, name: str, failure: Failure) -> None:
    async with NameServer(ZONE) as server:
        assert await failure_of(DnsResolver([server.address], timeout=1.0), kind, name) is failure


async def test_silence_is_temporary() -> None:
    async with NameServer(ZONE, silent=frozenset({"test.example"})) as server:
        resolver = DnsResolver([server.address], timeout=0.3)
        assert await failure_of(resolver, "MX", "test.example") is Failure.DNS_TEMPORARY


async def test_both_families_are_asked_at_once() -> None:
    async with NameServer(ZONE, silent=frozenset({"mx1.test.example"})) as server:
        resolver = DnsResolver([server.address], timeout=0.6, ipv6=True)
        asking = asyncio.create_task(resolver.addresses("mx1.test.example"))
        await eventually(lambda: len(server.asked) == 2)
        assert not asking.done()
        with pytest.raises(ResolveError) as caught:
            await asking
    assert caught.value.failure is Failure.DNS_TEMPORARY


async def test_the_second_server_is_asked_when_the_first_is_silent() -> None:
    async with NameServer(ZONE, silent=frozenset({"test.example"})) as silent, NameServer(ZONE) as server:
        resolver = DnsResolver([silent.address, server.address], timeout=1.0)
        assert len(await resolver.mx("test.example")) == 2


async def test_answers_are_kept_for_their_time_and_a_day_at_most() -> None:
    time = Time()
    async with NameServer(ZONE) as server:
        resolver = DnsResolver([server.address], monotonic=time)
        for seconds, name, asked in [
            (0, "test.example", 1),
            (299, "test.example", 1),
            (2, "test.example", 2),
            (0, "forever.example", 1),
            (86_399, "forever.example", 1),
            (2, "forever.example", 2),
            (0, "lame.example", 1),
            (4, "lame.example", 1),
            (2, "lame.example", 2),
        ]:
            time.seconds += seconds
            await resolver.mx(name)
            assert server.asked[name, "MX"] == asked


async def test_on_another_network_everything_is_asked_anew() -> None:
    async with NameServer(ZONE) as server:
        resolver = DnsResolver([server.address])
        await resolver.mx("test.example")
        under_way = asyncio.create_task(resolver.mx("forever.example"))
        for _ in range(3):
            await asyncio.sleep(0)  # the question is out
        resolver.forget()
        await under_way
        for name in ("test.example", "forever.example"):
            await resolver.mx(name)
            assert server.asked[name, "MX"] == 2, "not even what was being asked is kept"
            await resolver.mx(name)
            assert server.asked[name, "MX"] == 2


async def test_failures_are_kept_for_a_while() -> None:
    time = Time()
    async with NameServer(ZONE) as server:
        resolver = DnsResolver([server.address], monotonic=time)
        for seconds, asks in [(0, True), (29, False), (2, True)]:
            time.seconds += seconds
            before = server.asked["ill.example", "MX"]
            assert await failure_of(resolver, "MX", "ill.example") is Failure.DNS_TEMPORARY
            assert (server.asked["ill.example", "MX"] > before) is asks
        await failure_of(resolver, "MX", "gone.example")
        time.seconds += 299
        await failure_of(resolver, "MX", "gone.example")
        assert server.asked["gone.example", "MX"] == 1


async def test_one_question_for_many_who_ask_at_once() -> None:
    async with NameServer(ZONE) as server:
        resolver = DnsResolver([server.address])
        answers = await asyncio.gather(*(resolver.mx("test.example") for _ in range(20)))
        assert len(set(map(frozenset, answers))) == 1
        assert server.asked["test.example", "MX"] == 1


async def test_who_gives_up_does_not_take_the_answer_from_others() -> None:
    async with NameServer(ZONE) as server:
        resolver = DnsResolver([server.address])
        hasty, patient = (asyncio.create_task(resolver.mx("test.example")) for _ in range(2))
        await asyncio.sleep(0)
        hasty.cancel()
        assert len(await patient) == 2


@pytest.mark.parametrize("text", ["nonsense", "127.0.0.1:x"])
async def test_unusable_name_servers_are_a_temporary_failure(text: str) -> None:
    assert await failure_of(DnsResolver([text]), "MX", "test.example") is Failure.DNS_TEMPORARY


@pytest.mark.parametrize(
    ("host", "ip"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("[192.0.2.1]", "192.0.2.1"),
        ("[IPv6:2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("mx.example", None),
        ("192.0.2", None),
        ("", None),
    ],
)
def test_literals(host: str, ip: str | None) -> None:
    assert literal_endpoint(host) == (Endpoint(ip) if ip else None)


async def test_the_systems_names() -> None:
    resolver = HostsResolver()
    assert Endpoint("127.0.0.1") in await resolver.addresses("localhost")
    assert await resolver.mx("localhost") == ()
    with pytest.raises(ResolveError) as caught:
        await resolver.addresses("x" * 70 + ".test")
    assert caught.value.failure in (Failure.NO_SUCH_DOMAIN, Failure.DNS_TEMPORARY)


async def test_the_system_is_asked_once_for_all_who_want_to_know() -> None:
    asked: list[str] = []
    answer: asyncio.Future[tuple[Endpoint, ...]] = asyncio.get_running_loop().create_future()

    async def system(host: str) -> tuple[Endpoint, ...]:
        asked.append(host)
        return await answer

    resolver = HostsResolver(system=system)
    waiting = [asyncio.create_task(resolver.addresses("smtp.example")) for _ in range(20)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    answer.set_result((Endpoint("192.0.2.1"),))
    assert await asyncio.gather(*waiting[1:]) == [(Endpoint("192.0.2.1"),)] * 19
    assert asked == ["smtp.example"]
    await resolver.addresses("smtp.example")
    assert asked == ["smtp.example"] * 2, "it may have another address by now"


async def test_all_hear_that_the_system_does_not_know() -> None:
    async def system(host: str) -> tuple[Endpoint, ...]:
        await asyncio.sleep(0)
        raise ResolveError(Failure.DNS_TEMPORARY, host)

    resolver = HostsResolver(system=system)
    found = await asyncio.gather(
        *(resolver.addresses("smtp.example") for _ in range(3)), return_exceptions=True
    )
    assert [(type(each), str(each)) for each in found] == [
        (ResolveError, "('dns_temporary', 'smtp.example')")
    ] * 3
