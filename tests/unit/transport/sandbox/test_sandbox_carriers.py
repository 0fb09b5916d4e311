import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import MxRecord, ResolveError
from desktop_relay.transport.sandbox.carriers import Carriers
from desktop_relay.transport.sandbox.carriers_file import load_carriers, parse_carriers
from resources import locate


@pytest.fixture(scope="module")
def carriers() -> Carriers:
    return load_carriers()


@pytest.mark.parametrize(
    ("domain", "carrier", "host"),
    [
        ("docomo.ne.jp", "docomo", "mfsmax.docomo.ne.jp"),
        ("au.com", "au", "msmx.au.com"),
        ("ezweb.ne.jp", "au", "msmx.au.com"),
        ("abc.ezweb.ne.jp", "au", "msmx.au.com"),
        ("softbank.ne.jp", "softbank", "mx.softbank.ne.jp"),
        ("i.softbank.jp", "softbank", "mx.mailsv.softbank.jp"),
        ("t.vodafone.ne.jp", "softbank", "mx.softbank.ne.jp"),
        ("ymobile.ne.jp", "ymobile", "mx.ymobile.ne.jp"),
        ("rakumail.jp", "rakuten", "mail-rakumail-jp.gslb.rmb-ss.jp"),
        ("yahoo.co.jp", "yahoo_japan", "mx1.mail.yahoo.co.jp"),
        ("yahoo.ne.jp", "yahoo_japan", "mx1.mail.yahoo.co.jp"),
        ("yahoo.com", "yahoo", "mta5.am0.yahoodns.net"),
        ("jcom.zaq.ne.jp", "jcom", "mx.jcom.zaq.ne.jp"),
        ("nifty.com", "isp", "mx.nifty.com"),
        ("ab0.so-net.ne.jp", "isp", "mx.ab0.so-net.ne.jp"),
        ("gmail.com", "google", "gmail-smtp-in.l.google.com"),
        ("hotmail.co.jp", "outlook", "hotmail-co-jp.olc.protection.outlook.com"),
        ("me.com", "apple", "mx01.mail.icloud.com"),
    ],
)
def test_a_domain_has_its_carrier_and_hosts(carriers: Carriers, domain: str, carrier: str, host: str) -> None:
    assert carriers.of_domain(domain).name == carrier
    assert carriers.mx(domain)[0].host == host
    for record in carriers.mx(domain):
        assert carriers.of_host(record.host).name == carrier


def test_a_suffix_is_not_the_end_of_a_word(carriers: Carriers) -> None:
    assert carriers.of_domain("notdocomo.ne.jp").name in ("google", "microsoft365", "others")


def test_shops_lie_with_hosters_or_on_their_own(carriers: Carriers) -> None:
    domains = [f"shop{n}.example" for n in range(1000)]
    by_carrier = dict.fromkeys(("google", "microsoft365", "others"), 0)
    for domain in domains:
        by_carrier[carriers.of_domain(domain).name] += 1
        for record in carriers.mx(domain):
            assert carriers.of_host(record.host) is carriers.of_domain(domain)
    assert 300 < by_carrier["google"] < 400
    assert 150 < by_carrier["microsoft365"] < 250
    hosted = next(d for d in domains if carriers.of_domain(d).name == "google")
    assert carriers.mx(hosted) == (MxRecord(1, "aspmx.l.google.com"), MxRecord(5, "alt1.aspmx.l.google.com"))


def test_a_host_of_nobody_has_no_address(carriers: Carriers) -> None:
    with pytest.raises(ResolveError) as caught:
        carriers.of_host("www.docomo.ne.jp")
    assert caught.value.failure is Failure.NO_ADDRESS


def test_no_domain_has_two_carriers() -> None:
    domains = [d for carrier in load_carriers().all for mail in carrier.mail for d in mail.domains]
    assert len(domains) == len(set(domains))


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("schema = 1", "schema = 2", "schema"),
        ("schema = 1", "schema = ", "sandbox"),
        (
            "[carrier.au.limits]\nconnections = 4",
            "[carrier.au.limits]\nconnections = -4",
            "carrier.au.limits",
        ),
        ("[carrier.au.limits]\nconnections = 4", "[carrier.au.limits]\nconections = 4", "carrier.au.limits"),
        ("starttls = true", 'starttls = "yes"', "carrier.rakuten.starttls"),
        ('"250 ok dirdel {queue}"', '"ok"', "carrier.yahoo_japan.accepted"),
        ('"250 ok dirdel {queue}"', '"250 ok {user}"', "carrier.yahoo_japan.accepted"),
        ("\\n421 4.7.28", "\\n450 4.7.28", "carrier.google.limits.rate_reply"),
        (
            "unknown_user = { share = 0.04",
            "unknown_user = { share = 1.04",
            "carrier.docomo.fates.unknown_user",
        ),
        ("unknown_user = { share = 0.04", "unknown_user = { share = 1", "carrier.docomo.fates"),
        ("unknown_user = { share = 0.04", "unknown_usr = { share = 0.04", "carrier.docomo.fates"),
        ("share = 0.0015, at_dot = true", "share = 0.0015", "fates.drop_taken"),
        ('"10 mfsmax.docomo.ne.jp"', '"mfsmax.docomo.ne.jp"', "carrier.docomo.mail"),
        ("share = 1.0, hosts", "share = 0.9, hosts", "carrier"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(before: str, after: str, where: str) -> None:
    text = locate("sandbox", "carriers.toml").read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(BadInput) as caught:
        parse_carriers(text.replace(before, after, 1))
    assert caught.value.code is ErrorCode.PROFILE_INVALID
    assert where in str(caught.value.params["where"])
    assert caught.value.params["problem"]
