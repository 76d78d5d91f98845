"""The generated stock as set-based SQL: what hangs on questions and wordings, and three years of conversations.

Four of five answers are validated, one in fifty helped nobody, one in twenty is due to be looked at again, and one in
five hundred has a text that waits for a second person. One question in twenty contradicts its neighbour. A quarter of
what is asked is recognised as nothing hosted, and some questions are asked far more often than others (the square of
an even draw). A conversation has five messages, and every second recognised one was answered from the hosted answer.
The account, the contact and the member of staff are those with key 1.
"""

from typing import Final

HOSTED: Final = 92
"""Of a hundred questions these have a published answer that was not archived, by the last digits of their keys."""

KNOWLEDGE: Final = (
    """INSERT INTO knowledge_question (id, slug, title, title_en, topic, topic_en, asked, created_at, updated_at)
    SELECT id, 'frage-' || id, text, '', 'Thema ' || (id - 1) / %(topic)s, '', 100000 / id, added_at, added_at
    FROM knowledge_wording WHERE id <= %(questions)s""",
    """INSERT INTO knowledge_answer (id, question_id, confidence, audience, used, checked_at, current_id, governance,
      governance_reason, review_on)
    SELECT n, n, CASE WHEN n %% 100 < 80 THEN 'checked' WHEN n %% 100 < 92 THEN 'unchecked'
      WHEN n %% 100 < 97 THEN 'draft' ELSE 'archived' END, 'public', 0, now(),
      CASE WHEN n %% 100 BETWEEN 92 AND 96 THEN NULL ELSE n END, 'free', '', current_date + (n %% 365)::int - 18
    FROM generate_series(1, %(questions)s) n""",
    """INSERT INTO knowledge_version (id, answer_id, number, note, created_at, published_at, wording_only,
      wording_only_reason, released, closed_reason, checklist)
    SELECT n, n, 1, '', made, CASE WHEN n %% 100 BETWEEN 92 AND 96 THEN NULL ELSE made END, FALSE, '',
      CASE WHEN n %% 100 BETWEEN 92 AND 96 THEN '' ELSE 'alone' END, '', '{}'
    FROM (SELECT n, now() - interval '1 day' * (n::bigint * 7919 %% 1095) AS made
      FROM generate_series(1, %(questions)s) n) rows""",
    """INSERT INTO knowledge_version (id, answer_id, number, note, created_at, offered_at, wording_only,
      wording_only_reason, released, closed_reason, checklist, base_id)
    SELECT %(questions)s + n, n, 2, '', now(), now(), FALSE, '', '', '', '{}', n
    FROM generate_series(1, %(questions)s, 500) n""",
    """INSERT INTO knowledge_text (id, version_id, language, address, body, short)
    SELECT 2 * n - nth, n, 'de', (ARRAY['sie', 'du'])[2 - nth],
      repeat('So geht es Schritt für Schritt, und dann noch ein wenig weiter. ', 6), 'So geht es.'
    FROM generate_series(1, %(questions)s) n, generate_series(0, 1) nth""",
    """INSERT INTO knowledge_vote (version_id, voter, helped, at)
    SELECT 1 + n %% %(questions)s, md5(n::text), (n %% %(questions)s) %% 50 > 0, now()
    FROM generate_series(1, 5 * %(questions)s) n""",
    """INSERT INTO knowledge_finding (kind, evidence, found_at, question_id, other_id, wording_id, other_wording_id)
    SELECT kind, CASE kind WHEN 'two' THEN '{"similarity": 0.9}'::jsonb ELSE '{"against": [["1 €", "2 €"]]}'::jsonb END,
      now(), n, n + 1, n, n + 1
    FROM generate_series(1, %(questions)s - 1, 20) n, (VALUES ('two'), ('contradiction')) kinds (kind)""",
)

CONVERSATIONS: Final = (
    """INSERT INTO people_handle (id, contact_id, kind, network, external_id, handle, name, url)
    SELECT n, 1, 'mastodon', 'n', n, 'kunde' || n, 'Kunde ' || n, ''
    FROM generate_series(1, 1 + %(conversations)s / 10) n""",
    """INSERT INTO inbox_conversation (id, account_id, handle_id, thread, public, subject, preview, language, form,
      automatic, state, topic, priority, waiting_since, last_message_at, question_id, likeness, confirmed, created_at,
      tags, sorted_out, follow_up_note, follow_up_woke)
    SELECT n, 1, 1 + n %% (1 + %(conversations)s / 10), n, TRUE, '', 'Der Router blinkt schon wieder.', 'de', 'unknown',
      FALSE, state, '', 'normal', CASE state WHEN 'open' THEN at END, at,
      CASE WHEN random() < 0.75 THEN 1 + floor(%(questions)s * random() * random())::int END, 'likely', FALSE, at,
      '{}', '', '', FALSE
    FROM (SELECT n, CASE WHEN n > %(conversations)s - %(open)s THEN 'open' ELSE 'done' END AS state,
      now() - interval '1 second' * (94608000 * (1 - n::float8 / %(conversations)s)) AS at
      FROM generate_series(1, %(conversations)s) n) rows""",
    """INSERT INTO inbox_message (id, conversation_id, account_id, direction, external_id, text, subject, url, language,
      form, automatic, addressed, at, changed_at, received_at)
    SELECT 5 * (id - 1) + nth, id, 1, (ARRAY['in', 'out'])[2 - nth %% 2], 5 * (id - 1) + nth,
      'Seit heute früh blinkt mein Router orange, und im ganzen Haus geht nichts mehr. ' || id, '', '', 'de', 'unknown',
      FALSE, TRUE, last_message_at, last_message_at, last_message_at
    FROM inbox_conversation, generate_series(1, 5) nth""",
    """INSERT INTO inbox_judgement (message_id, question_id, verdict, by_id, at, suggested_id, chance)
    SELECT 5 * id - 4, question_id, (ARRAY['wrong', 'wrong', 'outdated'])[1 + id / 4 %% 50], 1, last_message_at,
      question_id, 0.7 FROM inbox_conversation WHERE question_id IS NOT NULL AND id %% 4 = 0 AND id / 4 %% 50 < 3
    UNION ALL SELECT 5 * id - 4, question_id, 'used', 1, last_message_at, question_id, 0.8
    FROM inbox_conversation WHERE question_id IS NOT NULL AND id %% 4 = 0 AND id / 4 %% 50 >= 3""",
    """INSERT INTO publishing_delivery (id, idempotency, action, state, text, public, due_at, attempts, error,
      created_at, delivered_at, account_id, conversation_id, reply_to_id)
    SELECT id, gen_random_uuid(), 'publish', 'delivered', 'So geht es.', TRUE, last_message_at, 1, '', last_message_at,
      last_message_at, 1, id, 5 * id - 4 FROM inbox_conversation WHERE question_id IS NOT NULL AND id %% 2 = 0""",
    """INSERT INTO publishing_placement (id, external_id, external_version, url, text, unchanged, public, language,
      address, rule, state, published_at, updated_at, account_id, author_id, conversation_id, delivery_id, message_id,
      source_id, question_id)
    SELECT id, 5 * id - 3, '', '', 'So geht es.', TRUE, TRUE, 'de', 'sie', 'unchanged', 'current', last_message_at,
      last_message_at, 1, 1, id, id, 5 * id - 3, 2 * question_id, question_id
    FROM inbox_conversation WHERE question_id IS NOT NULL AND id %% 2 = 0""",
    """INSERT INTO inbox_group (id, name, since, size, updated_at)
    SELECT n, 'Gruppe ' || n, now(), 15, now() FROM generate_series(1, 200) n""",
    """INSERT INTO inbox_stray (conversation_id, message_id, group_id, embedding, encoder)
    SELECT conversation.id, 5 * conversation.id - 4, 1 + nth %% 200, embedding, 'made'
    FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS nth FROM inbox_conversation
      WHERE question_id IS NULL ORDER BY id DESC LIMIT 3000) conversation
    JOIN knowledge_reading reading ON reading.id = nth""",
)

MISSES: Final = (
    """INSERT INTO knowledge_miss (id, text, source_message, added_at, added_by_id, question_id, unread)
    SELECT id, text, id, now(), 1, 1 + id %% %(questions)s, FALSE FROM knowledge_wording WHERE id %% 50 = 0""",
    """INSERT INTO knowledge_reading (id, place, miss_id, vector, embedding)
    SELECT %(wordings)s + id, 0, wording_id, vector, embedding FROM knowledge_reading WHERE wording_id %% 50 = 0""",
)

SEARCH: Final = "SELECT hilft_question_search(id) FROM knowledge_question"
"""Needs the indexes."""
