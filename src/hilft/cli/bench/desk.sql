-- A large team's desk for `./hilft bench desk`.
INSERT INTO people_user (email, name, initials, roles, "right", undo_seconds, is_active, password, created_at)
SELECT 'agent' || n || '@desk.example', 'Agent ' || n, 'A', '{agent}', '', 10, true, '!', now()
FROM generate_series(1, %(agents)s) n;
INSERT INTO people_contact (name, form, created_at)
SELECT 'Kundin ' || n, 'unknown', now() FROM generate_series(1, %(conversations)s) n;
INSERT INTO people_handle (contact_id, kind, network, external_id, handle, name, url)
SELECT id, 'portal', '', 'desk' || id, 'kundin' || id, name, '' FROM people_contact WHERE name LIKE 'Kundin %%';
INSERT INTO inbox_conversation (account_id, handle_id, thread, public, subject, preview, language, form, automatic, state,
 assignee_id, topic, priority, waiting_since, due_at, last_message_at, likeness, confirmed, created_at,
 tags, sorted_out, follow_up_note, follow_up_woke)
SELECT (SELECT id FROM channels_account WHERE kind = 'portal' ORDER BY id LIMIT 1), h.id, 'desk' || h.id, true,
 'Internet', 'Seit gestern Abend ist das Internet weg, Nummer ' || h.id, 'de', 'sie', false, 'open',
 CASE WHEN h.id %% 3 = 0
 THEN (SELECT min(id) FROM people_user WHERE email LIKE 'agent%%@desk.example') + h.id %% %(agents)s END,
 '', 'normal', now() - h.id %% 86400 * interval '1 second', now() + (3600 - h.id %% 86400) * interval '1 second',
 now() - h.id %% 86400 * interval '1 second', 'possible', false, now(), '{}', '', '', false
FROM people_handle h WHERE h.external_id LIKE 'desk%%';
INSERT INTO inbox_message (conversation_id, account_id, external_id, external_version, direction, subject, text, url, language,
 form, automatic, addressed, at, changed_at, received_at)
SELECT c.id, c.account_id, 'desk' || c.id || '-' || part, '', 'in', '',
 CASE part WHEN 1 THEN c.preview ELSE 'Und was kann ich jetzt tun? Der Router blinkt orange.' END, '', 'de', 'sie',
 false, true, c.waiting_since + part * interval '1 second', c.waiting_since + part * interval '1 second', now()
FROM inbox_conversation c, generate_series(1, 2) part WHERE c.thread LIKE 'desk%%';
INSERT INTO inbox_match (message_id, question_id, wording_id, rank, score, likeness)
SELECT m.id, w.question_id, w.id, w.rank, 0.9 / w.rank, 'possible'
FROM inbox_message m, (SELECT question_id, min(id) AS id, row_number() OVER (ORDER BY question_id) AS rank
 FROM knowledge_wording WHERE removed_at IS NULL GROUP BY question_id ORDER BY question_id LIMIT 5) w
WHERE m.external_id LIKE 'desk%%-2';
INSERT INTO people_certificate (user_id, skill_id, level, channel, source, granted_at, reason)
SELECT u.id, r.skill_id, 5, '', '', now(), ''
FROM people_user u, (SELECT DISTINCT skill_id FROM people_requirement) r WHERE u.email LIKE 'agent%%@desk.example';
