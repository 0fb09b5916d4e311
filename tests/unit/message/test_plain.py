"""The text of an HTML mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.message.plain import text_of_html, text_source_of_html, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        (" \n", ""),
        ("<p></p>", ""),
        ("<p>一</p><p>二</p>", "一\n\n二\n"),
        ("<div>一</div><div>二</div>", "一\n二\n"),
        ("一<br>二<br><br>三", "一\n二\n\n三\n"),
        ("<h1>題</h1>本文", "題\n\n本文\n"),
        ("a  <b> b </b>  c", "a b c\n"),
        ("お知らせを\n  お送りします", "お知らせをお送りします\n"),
        ("in\ntwo lines", "in two lines\n"),
        (
            '<a href="https://www.example.jp/1">詳細を見る</a>、次',
            "詳細を見る: https://www.example.jp/1 、次\n",
        ),
        ('<a href="https://www.example.jp/">https://www.example.jp/</a>', "https://www.example.jp/\n"),
        ('<a href="mailto:a@example.test">a@example.test</a>', "a@example.test\n"),
        ('<a href="mailto:a@example.test">メール</a>', "メール: a@example.test\n"),
        ('<a href="mailto:a@example.test?subject=x">停止</a>', "停止: mailto:a@example.test?subject=x\n"),
        (
            '<a href="https://www.example.jp/"><img src="b.png" alt="バナー"></a>',
            "バナー: https://www.example.jp/\n",
        ),
        ('<a href="https://www.example.jp/"><img src="b.png"></a>', "https://www.example.jp/\n"),
        ('<a href="https://www.example.jp/"><p>大きな枠</p></a>', "大きな枠\n\nhttps://www.example.jp/\n"),
        ('<a href="#top">上へ</a><a name="x">印</a><a href="javascript:x()">動作</a>', "上へ印動作\n"),
        (
            "<table><tr><th>品名</th><th>価格</th></tr><tr><td>りんご</td><td>100円</td></tr></table>",
            "品名  価格\nりんご  100円\n",
        ),
        ("<ul><li>一<li>二</ul>", "・一\n・二\n"),
        ("<ol><li>一<li>二<ul><li>中</ul></ol>", "1. 一\n2. 二\n\n・中\n"),
        ("<li>はぐれ</li>", "・はぐれ\n"),
        ("上<hr>下", "上\n\n----------------------------------------\n\n下\n"),
        ("<pre>a  b\n  c</pre>d", "a  b\n  c\n\nd\n"),
        (
            "<style>p{}</style><script>x</script><title>t</title><!-- c --><!--[if mso]>m<![endif]-->見",
            "見\n",
        ),
        (
            '<div style="display:none">前書き</div><p hidden>隠</p><span style="font-size:0px">0</span>見',
            "見\n",
        ),
        ('<span style="font-size:0.9em">小</span><img style="display:none" alt="計測">', "小\n"),
        ("&zwnj;&nbsp;&#847;&shy;見&nbsp;る&#8203;", "見 る\n"),
        ("家族👨‍👩‍👧", "家族👨‍👩‍👧\n"),
        ("a<!-- 注 -->b<pre>&shy;</pre>", "ab\n"),
        ("a &lt;b&gt; &amp; c", "a <b> & c\n"),
    ],
)
def test_texts(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_merge_tags_stay_where_their_values_would_be_read() -> None:
    source = (
        "<p>{{ name }} 様 {% if a %}い{% endif %}ろ</p>"
        "<table>{% for x in y %}<tr><td>{{ x }}</td></tr>{% endfor %}</table>"
        '<a href="{{ url }}">{{ url }}</a> <a href="{{ url }}">停止</a>{# note #}'
        "<!-- {{ memo }} --><!-- {% if b %} --><p>は</p><!-- 客 {% endif %} -->"
    )
    assert text_source_of_html(source) == (
        "{{ name }} 様 {% if a %}い{% endif %}ろ\n\n{% for x in y %}{{ x }}\n{% endfor %}\n"
        "{{ url }} 停止: {{ url }} {# note #}{% if b %}\n\nは\n\n{% endif %}\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "<p {% if b %}hidden{% endif %}>は</p>",
        '<p style="{% if b %}display:none{% endif %}">は</p>',
        "<p style='{{ look }}'>は</p>",
        "<{{ tag }}>は</{{ tag }}>",
        "<ol>{% for x in y %}<li>{{ x }}</li>{% endfor %}</ol>",
        "{% raw %}{{ は{% endraw %}",
        "<ol><li>い</li></ol><OL class=a>{% if b %}<li>ろ</li>{% endif %}<li>は</li></OL>",
    ],
)
def test_where_tags_decide_what_is_shown_only_the_page_tells(source: str) -> None:
    assert text_source_of_html(source) is None


def test_a_deep_page_is_read() -> None:
    assert text_of_html("<div>" * 3_000 + "底" + "</div>" * 3_000) == "底\n"


@pytest.mark.parametrize("piece", ["<a b= ", "<a '\"", "<!-- ", '<a b="> '])
def test_a_long_page_of_nothing_that_ends_is_read_in_passing(piece: str) -> None:
    assert text_source_of_html("<p>あ</p>" + piece * 100_000) == "あ\n"


def test_many_spaces_are_tidied_in_passing() -> None:
    assert tidy("a" + " " * 500_000 + "b \nc") == "a" + " " * 500_000 + "b\nc\n"


@given(st.text(alphabet="<>/abpdivtrl &;!-=\"'{}%@J0\n一あ") | st.text())
def test_any_text_is_read_to_tidy_lines(html: str) -> None:
    text = text_of_html(html)
    assert "\n\n\n" not in text
    assert text == "" or text.endswith("\n")
    text_source_of_html(html)


@given(st.text(alphabet=" \n\ta"))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
