"""A member agency's own consumer, written from shared/contracts/asyncapi.json alone: pulls, stores, receipts, opens
content, answers. See README.md beside it."""
import argparse
import asyncio
import base64
import json
from pathlib import Path

import nats
import nats.errors
import nats.js.errors
import pyrage

import wire
from desk import Away, Desk
from store import Store

PASSING = {"503"}


class Agency:
    def __init__(self, options, nc, store):
        self.options, self.nc, self.store = options, nc, store
        self.code = options.agency
        # Under this prefix the agency's account sees its one consumer.
        self.js = nc.jetstream(prefix="JS.core.API")
        # As `age-keygen` writes it: comments, then the key.
        lines = options.sealing_key.read_text().split()
        self.key = pyrage.x25519.Identity.from_str(next(w for w in lines if w.startswith("AGE-SECRET-KEY-")))

    # --- taking dispatches -----------------------------------------------------------------------

    async def pull(self):
        worker = None
        while True:
            try:
                if worker is None:
                    worker = await self.js.pull_subscribe_bind(durable="worker", stream=f"DISPATCH_{self.code}")
                for message in await worker.fetch(64, timeout=2):
                    headers = {k: v for k, v in (message.headers or {}).items() if k.lower().startswith("ce-")}
                    self.store.take(message.subject, headers, message.data)
                    # After the commit. It may be lost: then the dispatch comes again and is known.
                    await message.ack()
            except (nats.errors.TimeoutError, asyncio.TimeoutError):
                pass
            except (nats.errors.Error, nats.js.errors.Error) as away:
                print(f"the bus: {away!r}", flush=True)
                await asyncio.sleep(0.5)

    # --- telling -----------------------------------------------------------------------------------

    async def relay(self):
        while True:
            for number, id_, type_, subject, version, at, cause, body in self.store.unsent():
                headers = {
                    "ce-specversion": "1.0", "ce-id": id_, "ce-type": type_, "ce-source": f"lianxi/agency/{self.code}",
                    "ce-subject": subject, "ce-time": at, "ce-version": str(version),
                    "content-type": "application/json", "Nats-Msg-Id": id_,
                }
                if cause:
                    headers["ce-causationid"] = cause
                out = f"out.{type_.split('.')[2]}.{subject}"
                try:
                    await self.js.publish(out, body.encode(), timeout=5, headers=headers)
                except (nats.errors.Error, nats.js.errors.Error, asyncio.TimeoutError) as away:
                    print(f"not stored yet: {away!r}", flush=True)
                    break
                self.store.sent(number)
            await asyncio.sleep(0.1)

    # --- asking intake -----------------------------------------------------------------------------

    async def ask(self, command, body):
        try:
            subject = f"svc.intake.{command}.{self.code}"
            answer = await self.nc.request(subject, json.dumps(body, ensure_ascii=False).encode(), timeout=5)
        except (nats.errors.Error, asyncio.TimeoutError) as away:
            raise Away(f"{command}: {away!r}") from away
        refused = (answer.headers or {}).get("Nats-Service-Error-Code")
        if refused is None:
            return json.loads(answer.data)
        code = answer.headers.get("Nats-Service-Error", "")
        if refused in PASSING or code.endswith("_not_here_yet"):
            raise Away(f"{command}: {code}")
        raise RuntimeError(f"{command} refused: {answer.data.decode()}")

    async def open_text(self, task):
        content = await self.opened(task)
        if content["submission_id"] != task["matter_id"]:
            raise RuntimeError("the seal holds another matter")
        return content

    async def opened(self, task, **more):
        asked = {"matter_id": task["matter_id"], "assignment_id": task["assignment_id"], "part": "text",
                 "purpose": "handling", **more}
        sealed = await self.ask("open", asked)
        return json.loads(pyrage.decrypt(base64.b64decode(sealed["sealed"]), [self.key]))

    async def put(self, about, matter, assignment, kind, **fields):
        """Stores a paper `about` an assignment or a round of a duty, by an assignment that this agency has."""
        content_id, body = self.store.paper(about, kind, fields)
        asked = {"content_id": content_id, "matter_id": matter, "assignment_id": assignment, "body": body}
        stored = await self.ask("put", asked)
        if stored["sha256"] != wire.sha256(body):
            raise RuntimeError("the paper was altered on its way")
        return {"content_id": content_id, "content_hash": stored["sha256"]}


async def main(options):
    store = Store(options.store, options.agency)
    nc = await nats.connect(
        options.url, nkeys_seed_str=options.nkey.read_text().strip(), name=f"python agency {options.agency}",
        max_reconnect_attempts=-1, reconnect_time_wait=0.5, ping_interval=10)
    agency = Agency(options, nc, store)
    print(f"agency {options.agency} at work, site {store.site}", flush=True)
    await asyncio.gather(agency.pull(), agency.relay(), Desk(agency).work())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="nats://host:port, as the office told it")
    parser.add_argument("--agency", required=True, help="the agency's code")
    parser.add_argument("--nkey", required=True, type=Path, help="file with the nkey seed (SU…)")
    parser.add_argument("--sealing-key", required=True, type=Path, help="file with the age key (AGE-SECRET-KEY-1…)")
    parser.add_argument("--store", required=True, type=Path, help="the SQLite file")
    parser.add_argument("--until", help="the last step the desk takes by itself, e.g. acceptance_notified")
    parser.add_argument("--not-ours", action="append", default=[], help="a category that this agency objects to")
    parser.add_argument("--today", help="the office's business day, where it is not the calendar's (tests)")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(arguments()))
