CREATE TABLE IF NOT EXISTS thing (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  author TEXT NOT NULL,
  parent TEXT NOT NULL,
  root TEXT NOT NULL,
  text TEXT NOT NULL,
  surface TEXT NOT NULL,
  created_at REAL NOT NULL,
  edited_at REAL,
  hidden INTEGER NOT NULL DEFAULT 0,
  answered_at REAL
);
CREATE INDEX IF NOT EXISTS thing_parent ON thing (parent, seq);
CREATE INDEX IF NOT EXISTS thing_root ON thing (root, seq);
CREATE INDEX IF NOT EXISTS thing_kind ON thing (kind, author, seq);
CREATE TABLE IF NOT EXISTS earlier (thing TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS conversation (
  id TEXT PRIMARY KEY,
  network TEXT NOT NULL,
  handle TEXT NOT NULL,
  updated_at REAL NOT NULL,
  heard_at REAL,
  UNIQUE (network, handle)
);
CREATE TABLE IF NOT EXISTS message (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  conversation TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at REAL NOT NULL,
  edits INTEGER NOT NULL DEFAULT 0,
  comment TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_conversation ON message (conversation, seq);
CREATE TABLE IF NOT EXISTS token (
  token TEXT PRIMARY KEY,
  scopes TEXT NOT NULL,
  issued_at REAL NOT NULL,
  expires_at REAL NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  body BLOB NOT NULL,
  url TEXT NOT NULL,
  begun_at REAL NOT NULL,
  due_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  answer TEXT NOT NULL DEFAULT ''
);
