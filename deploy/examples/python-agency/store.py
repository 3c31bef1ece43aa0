"""One SQLite file: what came, what was made of it, what is still to be told. Each function that changes something
is one transaction, so a process that is killed at any moment goes on where it stood."""
import json
import sqlite3

import wire
from effects import Effects

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS last (sender TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS received (sender TEXT, seq INTEGER, id TEXT NOT NULL, type TEXT NOT NULL, hash TEXT NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (sender, seq));
CREATE TABLE IF NOT EXISTS parked (sender TEXT, seq INTEGER, headers TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (sender, seq));
CREATE TABLE IF NOT EXISTS buried (number INTEGER PRIMARY KEY, headers TEXT NOT NULL, body BLOB NOT NULL, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS task (assignment_id TEXT PRIMARY KEY, dispatch TEXT NOT NULL, cause TEXT NOT NULL,
    state TEXT NOT NULL, opinion_id TEXT);
CREATE TABLE IF NOT EXISTS part (assignment_id TEXT, co_no INTEGER, state TEXT NOT NULL, content_id TEXT,
    PRIMARY KEY (assignment_id, co_no));
CREATE TABLE IF NOT EXISTS duty (id TEXT PRIMARY KEY, kind TEXT NOT NULL, dispatch TEXT NOT NULL, cause TEXT NOT NULL,
    state TEXT NOT NULL, round INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS recalled (assignment_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS paper (about TEXT, kind TEXT, content_id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (about, kind));
CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, type TEXT NOT NULL,
    subject TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, cause TEXT, body TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0, UNIQUE (subject, version));
"""


class Store(Effects):
    def __init__(self, path, code):
        self.code = code
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + SCHEMA)
        # The name of this installation: made once, told in every receipt.
        self.db.execute("INSERT OR IGNORE INTO meta VALUES ('site', ?)", (wire.mint("si"),))
        self.site = self.one("SELECT value FROM meta WHERE name = 'site'")[0]

    def one(self, sql, *args):
        return self.db.execute(sql, args).fetchone()

    def all(self, sql, *args):
        return self.db.execute(sql, args).fetchall()

    def transaction(self, work):
        self.db.execute("BEGIN IMMEDIATE")
        try:
            result = work()
            self.db.execute("COMMIT")
            return result
        except BaseException:
            self.db.execute("ROLLBACK")
            raise

    # --- dispatches ------------------------------------------------------------------------------

    def take(self, subject, headers, body):
        """A dispatch as it came: stored, parked or buried, with its receipt, in one transaction."""
        return self.transaction(lambda: self._take(subject, headers, body))

    def _take(self, subject, headers, body):
        why = wire.why_not_ours(self.code, subject, headers, body)
        if why:
            return self._bury(headers, body, why)
        sender, seq = headers["ce-sender"], int(headers["ce-agencyseq"])
        last, _ = self._last(sender)
        if seq > last + 1:
            self.db.execute("INSERT OR IGNORE INTO parked VALUES (?, ?, ?, ?)", (sender, seq, json.dumps(headers), body))
        elif seq == last + 1:
            self._next(sender, headers, body)
            self._take_up(sender)
        # Known ones too: the receipt before may be lost.
        self._receipt(sender)

    def _last(self, sender):
        return self.one("SELECT seq, hash FROM last WHERE sender = ?", sender) or (0, wire.GENESIS)

    def _next(self, sender, headers, body):
        seq, before = self._last(sender)
        if headers["ce-prevhash"] != before:
            self._bury(headers, body, f"dispatch {seq + 1} does not follow on the one before it")
            return False
        row = (sender, seq + 1, headers["ce-id"], headers["ce-type"], headers["ce-hash"], body)
        self.db.execute("INSERT INTO received VALUES (?, ?, ?, ?, ?, ?)", row)
        self.db.execute("INSERT OR REPLACE INTO last VALUES (?, ?, ?)", (sender, seq + 1, headers["ce-hash"]))
        self._apply(headers, body)
        return True

    def _take_up(self, sender):
        """What was parked and whose turn has come."""
        while True:
            seq = self._last(sender)[0] + 1
            row = self.one("SELECT headers, body FROM parked WHERE sender = ? AND seq = ?", sender, seq)
            if row is None:
                return
            self.db.execute("DELETE FROM parked WHERE sender = ? AND seq <= ?", (sender, seq))
            if not self._next(sender, json.loads(row[0]), row[1]):
                return

    def _receipt(self, sender):
        seq, head = self._last(sender)
        receipt = {"sender": sender, "from_seq": min(seq, 1), "to_seq": seq, "head": head, "site": self.site}
        first = self.one("SELECT min(seq) FROM parked WHERE sender = ?", sender)[0]
        if first is not None:
            receipt["missing_from"] = seq + 1
        self.tell("received", sender, receipt)

    def _bury(self, headers, body, why):
        self.db.execute("INSERT INTO buried (headers, body, why) VALUES (?, ?, ?)", (json.dumps(headers), body, why))

    # --- steps and returns -----------------------------------------------------------------------

    def paper(self, about, kind, fields):
        """A paper is entered once: after a crash the same one is put again."""
        body = json.dumps({"kind": kind, **fields}, ensure_ascii=False)
        row = (about, kind, wire.mint("ct"), body)
        self.db.execute("INSERT OR IGNORE INTO paper VALUES (?, ?, ?, ?)", row)
        return self.one("SELECT content_id, body FROM paper WHERE about = ? AND kind = ?", about, kind)

    def parts(self, assignment):
        """The co-agencies of a lead: number, state, and their part once it is here."""
        return self.all("SELECT co_no, state, content_id FROM part WHERE assignment_id = ? ORDER BY co_no", assignment)

    def holding(self, matter):
        """The newest assignment of a matter that this agency had: by it a paper may be stored."""
        return self.one("SELECT assignment_id FROM task WHERE json_extract(dispatch, '$.matter_id') = ?"
                        " ORDER BY rowid DESC LIMIT 1", matter)

    def step(self, assignment, was, becomes, told):
        """A step and what it tells, together; nothing when the task is no longer where it was."""
        def work():
            row = self.one("SELECT dispatch, cause FROM task WHERE assignment_id = ? AND state = ?", assignment, was)
            if row is None:
                return False
            dispatch = json.loads(row[0])
            answers = {name: dispatch[name] for name in ("matter_id", "assignment_id", "assignment_no")}
            opinion = told.get("opinion_id")
            self.db.execute("UPDATE task SET state = ?, opinion_id = coalesce(?, opinion_id) WHERE assignment_id = ?",
                            (becomes, opinion, assignment))
            self.tell(becomes, dispatch["matter_id"], {**answers, **told}, row[1])
            return True
        return self.transaction(work)

    def duty_step(self, id_, was, becomes, token, subject, told):
        """The same for what is asked apart from an assignment: a meeting, a task of a resolution, an order. The cause
        says that it is still the same invitation."""
        def work():
            state, cause = was
            changed = self.db.execute("UPDATE duty SET state = ? WHERE id = ? AND state = ? AND cause = ?",
                                      (becomes, id_, state, cause)).rowcount
            if changed:
                self.tell(token, subject, told, cause)
            return changed == 1
        return self.transaction(work)

    def tell(self, token, subject, body, cause=None):
        """Writes a return into the outbox, in the transaction under way. Versions of a subject have no gap."""
        version = self.one("SELECT coalesce(max(version), 0) + 1 FROM outbox WHERE subject = ?", subject)[0]
        row = (wire.mint("ev"), f"lianxi.agency.{token}.v1", subject, version, wire.now(), cause,
               json.dumps(body, ensure_ascii=False))
        self.db.execute(
            "INSERT INTO outbox (id, type, subject, version, at, cause, body) VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def unsent(self):
        return self.all("SELECT number, id, type, subject, version, at, cause, body FROM outbox"
                        " WHERE sent = 0 ORDER BY number LIMIT 100")

    def sent(self, number):
        self.db.execute("UPDATE outbox SET sent = 1 WHERE number = ?", (number,))
