"""What each dispatch does here: the table type -> effect. All of it runs inside the transaction that takes it in."""
import json

OVER = "('completed', 'co_answered')"


class Effects:
    """The part of the store that knows the types."""

    def _apply(self, headers, body):
        """What a dispatch does here. One that is not known is buried and blocks nothing."""
        effects = {
            "lianxi.routing.assignment_dispatched.v1": self._assigned,
            "lianxi.routing.recall_dispatched.v1": self._recalled,
            "lianxi.routing.ruling_dispatched.v1": self._ruled,
            "lianxi.routing.co_change_dispatched.v1": self._co_changed,
            "lianxi.routing.co_answer_dispatched.v1": self._co_answered,
            "lianxi.supervision.order_dispatched.v1": self._ordered,
            "lianxi.supervision.verdict_dispatched.v1": self._order_judged,
            "lianxi.meetings.meeting_dispatched.v1": self._invited,
            "lianxi.meetings.cancellation_dispatched.v1": self._cancelled,
            "lianxi.meetings.minutes_dispatched.v1": self._minuted,
            "lianxi.meetings.task_dispatched.v1": self._charged,
            "lianxi.meetings.task_verdict_dispatched.v1": self._report_judged,
        }
        effect = effects.get(headers["ce-type"])
        if effect is None:
            return self._bury(headers, body, f"unknown type {headers['ce-type']}")
        # An effect that fails half way leaves nothing of itself behind.
        self.db.execute("SAVEPOINT effect")
        try:
            effect(headers, json.loads(body))
        except (ValueError, KeyError, TypeError) as bad:
            self.db.execute("ROLLBACK TO effect")
            self._bury(headers, body, f"body of {headers['ce-type']} does not fit: {bad!r}")
        self.db.execute("RELEASE effect")

    # --- assignments -----------------------------------------------------------------------------

    def _assigned(self, headers, body):
        gone = self.one("SELECT 1 FROM recalled WHERE assignment_id = ?", body["assignment_id"])
        row = (body["assignment_id"], json.dumps(body), headers["ce-id"], "recalled" if gone else "delivered")
        self.db.execute("INSERT OR IGNORE INTO task (assignment_id, dispatch, cause, state) VALUES (?, ?, ?, ?)", row)
        for asked in body.get("co", []):
            self._part(body["assignment_id"], asked["assignment_no"])

    def _recalled(self, headers, body):
        """It may come before its assignment; one that is closed stays closed."""
        self.db.execute("INSERT OR IGNORE INTO recalled VALUES (?)", (body["assignment_id"],))
        self._stop(body["assignment_id"], "recalled")

    def _ruled(self, headers, body):
        if body["ruling"] in ("upheld", "disputed"):
            self._stop(body["assignment_id"], "returned")
        else:
            self.db.execute("UPDATE task SET state = 'signed' WHERE assignment_id = ? AND state = 'objected'",
                            (body["assignment_id"],))

    def _stop(self, assignment, state):
        self.db.execute(f"UPDATE task SET state = ? WHERE assignment_id = ? AND state NOT IN {OVER}",
                        (state, assignment))

    # --- parts of co-agencies, as their lead hears of them ------------------------------------------

    def _part(self, assignment, co_no):
        self.db.execute("INSERT OR IGNORE INTO part (assignment_id, co_no, state) VALUES (?, ?, 'awaited')", (assignment, co_no))

    def _co_changed(self, headers, body):
        number = body["co"]["assignment_no"]
        self._part(body["assignment_id"], number)
        if "released" in body:
            self._part_is(body["assignment_id"], number, "released")

    def _co_answered(self, headers, body):
        self._part(body["assignment_id"], body["co_no"])
        self._part_is(body["assignment_id"], body["co_no"], "here", body["content_id"])

    def _part_is(self, assignment, co_no, state, content_id=None):
        self.db.execute("UPDATE part SET state = ?, content_id = ?"
                        " WHERE assignment_id = ? AND co_no = ? AND state = 'awaited'",
                        (state, content_id, assignment, co_no))

    # --- orders, meetings, tasks of resolutions -------------------------------------------------------

    def _duty(self, id_, kind, headers, body):
        self.db.execute("INSERT OR IGNORE INTO duty (id, kind, dispatch, cause, state) VALUES (?, ?, ?, ?, 'new')",
                        (id_, kind, json.dumps(body), headers["ce-id"]))

    def _duty_ends(self, id_, state):
        self.db.execute("UPDATE duty SET state = ? WHERE id = ?", (state, id_))

    def _again(self, id_):
        """Sent back: a new round, with a paper of its own."""
        self.db.execute("UPDATE duty SET state = 'taken', round = round + 1 WHERE id = ?", (id_,))

    def _ordered(self, headers, body):
        self._duty(body["order_id"], "order", headers, body)

    def _order_judged(self, headers, body):
        if body["verdict"] == "send_back":
            self._again(body["order_id"])
        else:
            self._duty_ends(body["order_id"], "closed")

    def _invited(self, headers, body):
        """The first time, and again when the meeting moves: then it is answered anew."""
        self._duty(body["meeting_id"], "meeting", headers, body)
        self.db.execute("UPDATE duty SET dispatch = ?, cause = ?, state = 'new' WHERE id = ?",
                        (json.dumps(body), headers["ce-id"], body["meeting_id"]))

    def _cancelled(self, headers, body):
        self._duty_ends(body["meeting_id"], "cancelled")

    def _minuted(self, headers, body):
        self._duty_ends(body["meeting_id"], "minuted")

    def _charged(self, headers, body):
        self._duty(body["task_id"], "task", headers, body)

    def _report_judged(self, headers, body):
        if body["verdict"] == "send_back":
            self._again(body["task_id"])
        else:
            self._duty_ends(body["task_id"], body["verdict"])
