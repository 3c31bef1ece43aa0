"""A member agency's own consumer, written from shared/contracts/asyncapi.json alone: pulls, stores, receipts, opens
content, answers. See README.md beside it."""
import argparse
import asyncio
import base64
import json
from datetime import datetime
from pathlib import Path

import nats
import nats.errors
import nats.js.errors
import pyrage

import wire
from store import Store

PASSING = {"503"}


class Away(Exception):
    """The office cannot answer now; try again."""


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
        asked = {"matter_id": task["matter_id"], "assignment_id": task["assignment_id"], "part": "text",
                 "purpose": "handling"}
        sealed = await self.ask("open", asked)
        content = json.loads(pyrage.decrypt(base64.b64decode(sealed["sealed"]), [self.key]))
        if content["submission_id"] != task["matter_id"]:
            raise RuntimeError("the seal holds another matter")
        return content

    async def put(self, task, kind, **fields):
        content_id, body = self.store.paper(task["assignment_id"], kind, fields)
        asked = {"content_id": content_id, "matter_id": task["matter_id"], "assignment_id": task["assignment_id"],
                 "body": body}
        stored = await self.ask("put", asked)
        if stored["sha256"] != wire.sha256(body):
            raise RuntimeError("the paper was altered on its way")
        return {"content_id": content_id, "content_hash": stored["sha256"]}

    # --- the desk ----------------------------------------------------------------------------------

    async def desk(self):
        """Stands for the people of an agency: takes one step after the other on every open task."""
        while True:
            for assignment, dispatch, state, opinion in self.store.all(
                    "SELECT assignment_id, dispatch, state, opinion_id FROM task ORDER BY rowid"):
                try:
                    await self.next_step(json.loads(dispatch), state, opinion)
                except Away as away:
                    print(f"later: {away}", flush=True)
                except RuntimeError as refused:
                    # A person has to look; the others go on.
                    print(f"{assignment}: {refused}", flush=True)
            await asyncio.sleep(0.1)

    def today(self):
        return self.options.today or datetime.now(wire.EAST8).date().isoformat()

    async def next_step(self, task, state, opinion):
        steps = {"delivered": self.sign, "signed": self.accept, "acceptance_notified": self.decide,
                 "opinion_issued": self.serve, "opinion_served": self.complete}
        step = steps.get(state)
        if step is None or state == self.options.until:
            return
        done = await step(task, opinion)
        if done and self.store.step(task["assignment_id"], state, *done):
            print(f"{task['assignment_id']}: {done[0]}", flush=True)

    async def sign(self, task, _):
        if task["summary"].get("category") in self.options.not_ours:
            letter = await self.put(
                task, "objection", received_on=task["sent_on"], objected_on=self.today(),
                reasons="此类事项不属本单位职责。", own_duties="本单位三定规定第二条", document_number="示异〔2026〕1号")
            return "objected", {"objected_on": self.today(), **letter}
        return "signed", {"signed_on": self.today()}

    async def accept(self, task, _):
        notice = await self.put(
            task, "acceptance_notice", handler="示例科", telephone="0990-1234567",
            notice="按信访程序办理，六十日内书面答复。", accepted_on=self.today(), document_number="示告〔2026〕1号")
        return "acceptance_notified", {"accepted_on": self.today(), **notice}

    async def decide(self, task, _):
        content = await self.open_text(task)
        answers = [{"claim_no": no, "outcome": "supported", "opinion": f"对“{content['claims'][no - 1][:20]}”予以支持。"}
                   for no in task["claims"]]
        paper = await self.put(
            task, "opinion", facts="经核查，反映的情况属实。", basis="《信访工作条例》第三十二条", answers=answers,
            review_unit="上一级人民政府", signer="局长 示例", issued_on=self.today(), document_number="示意〔2026〕1号")
        claims = [{"claim_no": a["claim_no"], "outcome": a["outcome"]} for a in answers]
        return "opinion_issued", {"opinion_id": wire.mint("op"), "issued_on": self.today(), "claims": claims, **paper}

    async def serve(self, task, opinion):
        record = await self.put(task, "service_record", way="in_person", served_on=self.today(), proof="本人签收")
        return "opinion_served", {"opinion_id": opinion, "way": "in_person", "served_on": self.today(), **record}

    async def complete(self, task, _):
        told = {"close_code": "S", "completed_on": self.today()}
        if task["mode"] == "assign":
            report = await self.put(task, "report", text="已办结，情况见处理意见书。")
            told |= {"report_content_id": report["content_id"], "report_hash": report["content_hash"]}
        return "completed", told


async def main(options):
    store = Store(options.store, options.agency)
    nc = await nats.connect(
        options.url, nkeys_seed_str=options.nkey.read_text().strip(), name=f"python agency {options.agency}",
        max_reconnect_attempts=-1, reconnect_time_wait=0.5, ping_interval=10)
    agency = Agency(options, nc, store)
    print(f"agency {options.agency} at work, site {store.site}", flush=True)
    await asyncio.gather(agency.pull(), agency.relay(), agency.desk())


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
