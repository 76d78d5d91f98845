"""Discourse: topics with their posts, as `/t/ID.json` gives them; the accepted answer is the answer."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from hilft.knowledge.exchange.entries import Damaged, Entry, bare, items, made, markdown, need


def read(data: bytes, mapping: Mapping[str, str]) -> Iterator[Entry]:
    """One topic, a list of topics, or one a line; those without an accepted answer become questions without one."""
    for row, topic in enumerate(items(data, "topics", single=True), start=1):
        posts = (need(topic, "post_stream", row) or {}).get("posts")
        if not isinstance(posts, list) or not posts:
            raise Damaged(row, _("This topic has no posts."))
        first, answer = posts[0], next((post for post in posts if post.get("accepted_answer")), None)
        asked = str(first.get("raw") or bare(str(first.get("cooked", ""))))
        yield made(
            row=row,
            key=str(need(topic, "id", row)),
            title=str(need(topic, "title", row)),
            topic=str(mapping.get(f"category.{topic.get('category_id')}") or (topic.get("tags") or [""])[0]),
            wordings=(asked,),
            body=str(answer.get("raw") or markdown(str(answer.get("cooked", "")))) if answer else "",
        )
