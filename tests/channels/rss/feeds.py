"""Feeds to be served, in the forms that their specifications show.

After the samples of RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (https://web.resource.org/rss/1.0/spec)
and Atom (RFC 4287, section 1.1), with a forum's content; read 2026-11-24.
"""

from __future__ import annotations

import itertools

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Forum für Störungen</title><link>https://forum.example/</link><description>Neues</description>
{items}</channel></rss>"""

QUESTION = """<item><title>Router &amp; Telefon tot</title><link>https://forum.example/t/1</link>
<guid isPermaLink="false">tag:forum.example,1</guid><dc:creator>Lena Muster</dc:creator>
<pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate>
<description>Kurz</description>
<content:encoded><![CDATA[<p>Seit gestern <b>tot</b>.<br>Was nun? 1 &lt; 2</p>
<script>alert("x")</script><img src="https://spy.example/pixel.gif" onerror="steal()">
<a href="https://hilfe.example/a?b=1&amp;c=2">Hier</a>]]></content:encoded></item>"""

SECOND = """<item><title>Rechnung zu hoch</title><link>https://forum.example/t/2</link>
<pubDate>Mon, 23 Nov 2026 09:00:00 +0100</pubDate><description>Warum?</description></item>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://alt.example/"><title>Altes Forum</title><link>https://alt.example/</link>
<description>Seit 2001</description></channel>
<item rdf:about="https://alt.example/7"><title>ISDN</title><link>https://alt.example/7</link>
<description>Geht das noch?</description><dc:creator>tom</dc:creator><dc:date>2026-11-23T08:00:00Z</dc:date></item>
</rdf:RDF>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Beispiel</title><link href="https://atom.example/"/>
<updated>2026-11-23T18:30:02Z</updated><author><name>Redaktion</name></author>
<id>urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6</id>
<entry><title type="html">Netz &lt;i&gt;langsam&lt;/i&gt;</title><link href="/2026/11/23/netz" rel="alternate"/>
<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
<published>2026-11-23T10:00:00Z</published><updated>2026-11-23T18:30:02Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Abends <em>sehr</em> langsam.</p></div></content>
</entry></feed>"""

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{entities}]>
<rss version="2.0"><channel><title>Bombe</title><item><guid>1</guid><title>&z9;</title></item></channel></rss>"""

FILE = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><title>Datei</title><item><guid>1</guid><title>&secret;</title></item></channel></rss>"""


def rss(*items: str, encoding: str = "utf-8") -> bytes:
    """An RSS 2.0 feed of these items, in an encoding it declares."""
    return RSS.format(encoding=encoding, items="\n".join(items)).encode(encoding)


def item(number: int, text: str = "Text") -> str:
    """One of many entries, a minute apart; the higher the number the newer."""
    at = f"{20 + number // 1440 % 8:02}, {number // 60 % 24:02}:{number % 60:02}"
    day, clock = at.split(", ")
    return (
        f"<item><title>Frage {number}</title><guid>g{number}</guid><link>https://forum.example/{number}</link>"
        f"<pubDate>{day} Nov 2026 {clock}:00 GMT</pubDate><description>{text}</description></item>"
    )


def bomb() -> bytes:
    """A billion laughs, ten to the power of ten letters."""
    names = ["a", *(f"z{number}" for number in range(1, 10))]
    pairs = itertools.pairwise(names)
    return BOMB.format(entities="".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairs)).encode()
