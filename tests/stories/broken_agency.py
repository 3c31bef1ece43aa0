"""The agency of deploy/examples/python-agency with one fault: broken_agency.py FOLDER FAULT ARGUMENT…"""
import asyncio
import json
import sys

folder, fault = sys.argv[1:3]
sys.argv[1:3] = []
sys.path.insert(0, folder)

import nats.errors  # noqa: E402

import agency  # noqa: E402
import wire  # noqa: E402
from desk import Desk  # noqa: E402
from store import Store  # noqa: E402


def receipts_what_lies_behind_a_gap(self, sender):
    seq, head = self._last(sender)
    top = self.one("SELECT max(seq), max(headers) FROM parked WHERE sender = ?", sender)
    if top[0] is not None:
        seq, head = top[0], json.loads(top[1])["ce-hash"]
    self.tell("received", sender, {"sender": sender, "from_seq": 1, "to_seq": seq, "head": head, "site": self.site})


def answers_every_notice_twice(self, id_, was, *told):
    twice = was[0] == "new" and told[1] == "invitation_replied"
    done = step(self, id_, was, *told)
    if twice:
        self.tell(told[1], told[2], told[3], was[1])
    return done


effects = Store._apply
step = Store.duty_step
next_step = Desk.next_step


def stops_at_what_it_does_not_know(self, headers, body):
    if "rehearsal" in headers["ce-type"]:
        raise nats.errors.Error("unknown type")
    effects(self, headers, body)


if fault == "gap":
    Store._receipt = receipts_what_lies_behind_a_gap
elif fault == "unknown":
    Store._apply = stops_at_what_it_does_not_know
elif fault == "hash":
    wire.dispatch_hash = lambda headers, body: headers["ce-hash"]
elif fault == "recall":
    Store._recalled = lambda self, headers, body: None
elif fault == "co":
    Desk.next_step = lambda self, task, *rest: next_step(self, {**task, "role": "lead"}, *rest)
elif fault == "parts":
    Store.parts = lambda self, assignment: []
elif fault == "meeting":
    Store.duty_step = answers_every_notice_twice
else:
    sys.exit(f"no fault `{fault}`")
asyncio.run(agency.main(agency.arguments()))
