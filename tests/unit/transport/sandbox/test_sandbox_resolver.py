import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import Endpoint, MxRecord, ResolveError, Resolver
from desktop_relay.transport.sandbox.carriers_file import load_carriers
from desktop_relay.transport.sandbox.resolver import SandboxResolver

CARRIERS = load_carriers()
PORTS = {carrier.name: 10_000 + n for n, carrier in enumerate(CARRIERS.all)}
RESOLVER: Resolver = SandboxResolver(CARRIERS, PORTS)


async def test_mail_goes_to_the_carriers_listener() -> None:
    assert await RESOLVER.mx("DOCOMO.ne.jp.") == (MxRecord(10, "mfsmax.docomo.ne.jp"),)
    assert await RESOLVER.addresses("mfsmax.docomo.ne.jp") == (Endpoint("127.0.0.1", PORTS["docomo"]),)


async def test_every_domain_is_on_loopback() -> None:
    for domain in ("shop.example", "mail.test", "a.b.c.co.jp", "example.com", "jp"):
        for record in await RESOLVER.mx(domain):
            for endpoint in await RESOLVER.addresses(record.host):
                assert endpoint == Endpoint("127.0.0.1", PORTS[CARRIERS.of_domain(domain).name])


@pytest.mark.parametrize(
    ("domain", "failure"),
    [
        ("no-such-domain.example", Failure.NO_SUCH_DOMAIN),
        ("shop.invalid", Failure.NO_SUCH_DOMAIN),
        ("null-mx.example", Failure.NULL_MX),
        ("dns-temporary.example", Failure.DNS_TEMPORARY),
    ],
)
async def test_some_names_fail(domain: str, failure: Failure) -> None:
    with pytest.raises(ResolveError) as caught:
        await RESOLVER.mx(domain)
    assert caught.value.failure is failure


async def test_a_host_can_lack_an_address() -> None:
    (record,) = await RESOLVER.mx("no-address.example")
    for host in (record.host, "www.shop.example", "mx.shop.invalid"):
        with pytest.raises(ResolveError) as caught:
            await RESOLVER.addresses(host)
        assert caught.value.failure is Failure.NO_ADDRESS
