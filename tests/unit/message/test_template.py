"""The merge language: what it says, what it refuses, and that it ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.template import Template
from desktop_relay.message.language import MergeEnvironment
from desktop_relay.message.template import CompiledTemplate, Rendered, compile_template

TARO = {
    "email": "taro@example.test",
    "name": "山田 太郎",
    "company": "<A&B>",
    "最終購入日": "2026/4/2",
    "購入 金額": "12800",
}


def compiled(subject: str = "s", html: str = "", text: str = "") -> CompiledTemplate:
    return compile_template(Template("t", subject, html, text))


def text(source: str, **fields: str) -> str:
    return compiled(text=source).render({**TARO, **fields}).text


def html(source: str, **fields: str) -> str:
    return compiled(html=source, text="t").render({**TARO, **fields}).html


def refusal(source: str, part: str = "text") -> BadInput:
    with pytest.raises(BadInput) as caught:
        compiled(**{part: source})
    return caught.value


def failure(source: str, **fields: str) -> BadInput:
    template = compiled(text=source)
    with pytest.raises(BadInput) as caught:
        template.render({**TARO, **fields})
    return caught.value


def test_three_parts_are_merged() -> None:
    template = compiled("{{ name }}様へ", "<p>{{ name }}様</p>", "{{ name }} 様\n")
    assert template.render(TARO) == Rendered("山田 太郎様へ", "<p>山田 太郎様</p>", "山田 太郎 様\n")
    assert template.fields == {"name"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 最終購入日 }}", "2026/4/2"),
        ('{{ field("購入 金額") }}円', "12800円"),
        ('{{ field("購入 金額") | number }}円', "12,800円"),
        ("{{ 最終購入日 | date }}", "2026年4月2日"),
        ("{% if company %}あり{% else %}なし{% endif %}", "あり"),
        ("{{ department | default('総務部', true) }}", "総務部"),
        ("{{ 誕生石 | default('真珠') }}", "真珠"),
        ("{% if 誕生石 is defined %}x{% endif %}y", "y"),
        ("{{ name }}{{ honorific | default('様', true) }}", "山田 太郎様"),
        ("[{{ department }}]", "[]"),
        ("{{ name | sama }}", "山田 太郎様"),
        ("{% for n in range(3) %}{{ loop.index }}{% if not loop.last %},{% endif %}{% endfor %}", "1,2,3"),
        ("{% for n in [1, 2, 3] if n > 1 %}{{ n * 2 }}{% else %}x{% endfor %}", "46"),
        ("{% for n in [] %}{{ n }}{% else %}{{ name }}{% endfor %}", "山田 太郎"),
        ("{% set greeting = name ~ '様' %}{{ greeting }}", "山田 太郎様"),
        ("{% set name = name + '様' %}{{ name }}", "山田 太郎様"),
        ("{{ {'東京都': '関東'}[prefecture] | default('ほか') }}", "ほか"),
        ("{{ name[:2] }}{{ name[0] }}", "山田山"),
        ("{{ 'x' * 3 }}{{ 3 * 'y' }}{{ 7 // 2 }}{{ -7 % 4 }}{{ 2 ** 8 }}{{ 2.5 ** 2 }}", "xxxyyy312566.25"),
        ("{{ [1] + [2] }}", "[1, 2]"),
        ("{{ name | replace('山田', '田中') }}", "田中 太郎"),
        ("{{ company | e }}{{ company | nl2br }}", "<A&B><A&B>"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ("{{ 'はい' if name else 'いいえ' }}", "はい"),
        ("{{ loop | default('loop は項目の名前にもなる') }}", "loop は項目の名前にもなる"),
    ],
)
def test_the_language(source: str, expected: str) -> None:
    assert text(source) == expected


def test_names_that_python_would_fold_together_stay_apart() -> None:
    assert text("{{ ﾌﾘｶﾞﾅ }}/{{ フリガナ }}", **{"ﾌﾘｶﾞﾅ": "半", "フリガナ": "全"}) == "半/全"
    assert compiled(text="{{ ① or ﾌﾘｶﾞﾅ }}" if "①".isidentifier() else "{{ ﾌﾘｶﾞﾅ }}").fields >= {"ﾌﾘｶﾞﾅ"}


@pytest.mark.parametrize(
    "name", ["self", "class", "range", "loop", "caller", "cycler", "namespace", "environment"]
)
def test_any_word_may_be_a_field(name: str) -> None:
    assert text(f"{{{{ {name} }}}}", **{name: "値"}) == "値"


def test_html_is_escaped_and_text_is_not() -> None:
    assert html("{{ company }}{{ '<b>' }}") == "&lt;A&amp;B&gt;&lt;b&gt;"
    assert (
        html("{{ company ~ '!' }}{{ company | replace('A', '<') }}") == "&lt;A&amp;B&gt;!&lt;&lt;&amp;B&gt;"
    )
    assert html("{{ notes | nl2br }}", notes="<一>\n二") == "&lt;一&gt;<br>\n二"
    assert text("{{ company }}") == "<A&B>"


def test_a_missing_field_names_itself_and_the_contact() -> None:
    for source in (
        "{{ 会員番号 }}",
        "{% if 会員番号 %}x{% endif %}",
        "{{ 会員番号 ~ '' }}",
        "{{ 会員番号 | upper }}",
        '{{ field("会員番号") }}',
    ):
        error = failure(source)
        assert error.code is ErrorCode.MERGE_FIELD_MISSING
        assert error.params == {"field": "会員番号", "contact": "taro@example.test"}
    assert failure("{% set x = x %}{{ x }}").params["field"] == "x"


@pytest.mark.parametrize("bad", ["\r\nBcc: all@example.test", "\n", "\x00", "\x85", "\u2028"])
def test_control_characters_cannot_reach_the_subject(bad: str) -> None:
    template = compiled("{{ name }}、{{ company }}")
    with pytest.raises(BadInput) as caught:
        template.render({**TARO, "company": f"x{bad}"})
    assert (caught.value.code, caught.value.params["field"]) == (ErrorCode.HEADER_INJECTION, "company")


def test_a_line_end_of_the_subject_itself_is_told_as_such() -> None:
    with pytest.raises(BadInput) as caught:
        compiled("一\n二").render(TARO)
    assert caught.value.params["field"] == "subject"
    assert compiled("一\n").render(TARO).subject == "一"


@pytest.mark.parametrize(
    "source",
    [
        "{{ name",
        "{% if name %}",
        "{{ name | nosuchfilter }}",
        "{% if x %}{{ name | nosuchfilter }}{% endif %}",
        "{{ name is nosuchtest }}",
        "{{ name.upper() }}",
        "{{ name.__class__ }}",
        "{{ loop.index }}",
        "{% for a in 'ab' %}{{ loop.cycle('a') }}{% endfor %}",
        "{% for a in 'ab' %}{{ loop.previtem }}{% endfor %}",
        "{{ name() }}",
        "{{ range }}{{ range(*name) }}",
        "{{ field(name) }}",
        "{{ field('a', 'b') }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% set x %}a{% endset %}",
        "{% set x.y = 1 %}",
        "{% filter upper %}a{% endfilter %}",
        "{% call x() %}{% endcall %}",
        "{% for a in [[1]] recursive %}{{ a }}{% endfor %}",
        "{{ 'merge field' | merge }}",
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{% for a in 'a' %}" * 40 + "{% endfor %}" * 40,
        "{{ " + "9" * 10_000 + " }}",
    ],
)
def test_what_is_not_in_the_language_is_refused_when_compiled(source: str) -> None:
    error = refusal(source)
    assert error.code is ErrorCode.TEMPLATE_BROKEN
    assert error.params["template"] == "t"
    assert error.params["part"] == "text"


def test_a_refusal_names_part_line_and_detail() -> None:
    error = refusal("<p>\n<b>\n{{ name | nope }}", "html")
    assert error.params == {"template": "t", "part": "html", "line": 3, "detail": "unknown_filter: nope"}
    assert refusal("{{", "subject").params["part"] == "subject"


@pytest.mark.parametrize(
    "source",
    [
        "{{ name['__class__'] }}",
        "{{ name['upper'] }}",
        "{{ name[0]['__init__'] }}",
        "{{ ''['format'] }}",
        "{{ [1]['append'] }}",
        "{{ {}['clear'] }}",
    ],
)
def test_nothing_reaches_an_attribute_through_a_subscript(source: str) -> None:
    assert failure(source).code is ErrorCode.MERGE_FIELD_MISSING


def test_a_loop_that_is_no_loop_has_no_attributes() -> None:
    source = "{% for a in 'a' %}{% set loop = name %}{{ loop.index }}{% endfor %}"
    assert refusal(source).code is ErrorCode.TEMPLATE_BROKEN
    with pytest.raises(SecurityError):
        MergeEnvironment(html=False).getattr("text", "index")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("\n{{ name + 1 }}", 2),
        ("{{ name - name }}", 1),
        ("\n\n{{ 1 // 0 }}", 3),
        ("{{ name % name }}", 1),
        ("{% set n = 1 %}{{ n[0:1] }}", 1),
        ("{{ range('x') }}", 1),
        ("{{ -name }}", 1),
        ("{{ name * name }}", 1),
    ],
)
def test_what_goes_wrong_with_a_value_names_the_line(source: str, line: int) -> None:
    error = failure(source)
    assert error.code is ErrorCode.TEMPLATE_BROKEN
    assert error.params["line"] == line


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(10 ** 9) %}x{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
        "{% for i in range(1000) %}{{ notes }}{% endfor %}",
        "{{ range(10 ** 30) }}",
        "{{ 'a' * 10 ** 10 }}",
        "{{ [1] * 10 ** 10 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 2.0 ** 10000 }}",
        "{{ (10 ** 60) * (10 ** 60) }}",
        "{% set x = notes %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}",
        "{% set x = notes %}" + "{% set x = x + x %}" * 40 + "{{ x }}",
        "{% set x = notes %}" + "{% set x = x | replace('a', notes) %}" * 40 + "{{ x }}",
        "{% for i in range(19000) %}{% set x = notes ~ i %}{% endfor %}",
        "{% for i in range(19000) %}{% set x = notes | urlencode %}{% endfor %}",
        "{% for i in range(19000) %}{% if notes == notes %}{% endif %}{% endfor %}",
        "{% for i in range(19000) %}{% if notes is lower %}{% endif %}{% endfor %}",
        "{% for i in range(19000) %}{% set x = notes[::-1] %}{% endfor %}",
    ],
)
def test_every_template_ends(source: str) -> None:
    assert failure(source, notes="a" * 5_000).code is ErrorCode.TEMPLATE_TOO_SLOW


def test_a_template_too_long_to_compile_is_told() -> None:
    assert refusal("x" * 2_000_001).code is ErrorCode.TEMPLATE_TOO_LONG


def test_the_text_is_derived_when_there_is_none() -> None:
    template = compiled(
        html="<table>{% for n in range(2) %}<tr><td>{{ name }}</td><td>{{ n }}</td></tr>{% endfor %}</table>"
        "{% if department %}<p>{{ department }}</p>{% endif %}"
        '<p><a href="{{ unsubscribe_url }}">停止</a></p>'
    )
    rendered = template.render({**TARO, "unsubscribe_url": "https://www.example.jp/stop?a=1&b=2"})
    assert rendered.text == "山田 太郎  0\n山田 太郎  1\n\n停止: https://www.example.jp/stop?a=1&b=2\n"
    assert template.render({**TARO, "unsubscribe_url": "u", "department": "総務"}).text.count("総務") == 1


def test_the_text_of_html_that_cannot_be_derived_comes_from_each_mail() -> None:
    source = "<p>{{ name }}</p>{% if company %}<div hidden>{% endif %}<p>b</p></div><p>{{ company }}</p>"
    template = compiled(html=source)
    assert template.render(TARO).text == "山田 太郎\n\n<A&B>\n"
    assert template.render({**TARO, "company": ""}).text == "山田 太郎\n\nb\n"
    assert template.fields == {"name", "company"}


@pytest.mark.parametrize(
    ("source", "filled", "empty"),
    [
        ("<p style='{% if not company %}display:none{% endif %}'>b</p>c", "b\n\nc\n", "c\n"),
        ("<p {% if not company %}hidden{% endif %}>b</p>c", "b\n\nc\n", "c\n"),
        ("<ol>{% if company %}<li>b</li>{% endif %}<li>c</li></ol>", "1. b\n2. c\n", "1. c\n"),
        ("<!-- {{ company }} -->c", "c\n", "c\n"),
        ("<!-- {% if company %} --><p>b</p><!-- end {% endif %} -->c", "b\n\nc\n", "c\n"),
    ],
)
def test_the_text_shows_what_the_page_shows(source: str, filled: str, empty: str) -> None:
    template = compiled(html=source)
    assert template.render(TARO).text == filled
    assert template.render({**TARO, "company": ""}).text == empty


def test_nothing_at_all_is_an_empty_text() -> None:
    assert compiled().render(TARO) == Rendered("s", "", "")


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_any_field_value_comes_out_as_it_went_in(fields: dict[str, str], value: str) -> None:
    template = compiled(text='{{ field("値") }}')
    assert template.render({**TARO, **fields, "値": value}).text == value


@given(st.text(alphabet="{}%#|~()[].'\"+-*/ abn1\n会for in if set endfor endif", max_size=60))
def test_any_source_compiles_or_is_refused(source: str) -> None:
    expected = {ErrorCode.TEMPLATE_BROKEN, ErrorCode.MERGE_FIELD_MISSING, ErrorCode.TEMPLATE_TOO_SLOW}
    code = None
    try:
        compiled(html=source, text=source).render(TARO)
    except BadInput as error:
        code = error.code
    assert code is None or code in expected
