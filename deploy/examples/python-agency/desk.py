"""Stands for the people of an agency: takes one step after the other on everything that is open."""
import asyncio
import json
from datetime import datetime

import wire


class Away(Exception):
    """The office cannot answer now; try again."""


class Desk:
    def __init__(self, agency):
        self.agency, self.store, self.options = agency, agency.store, agency.options
        self.said = set()

    async def work(self):
        while True:
            for row in self.store.all("SELECT assignment_id, dispatch, state, opinion_id FROM task ORDER BY rowid"):
                await self.carefully(row[0], self.next_step(json.loads(row[1]), row[2], row[3]))
            for row in self.store.all("SELECT id, kind, dispatch, cause, state, round FROM duty ORDER BY rowid"):
                await self.carefully(row[0], self.next_duty(row[0], row[1], json.loads(row[2]), *row[3:]))
            await asyncio.sleep(0.1)

    async def carefully(self, about, doing):
        """What is refused waits for a person; the others go on."""
        try:
            await doing
        except (Away, RuntimeError) as why:
            if (about, str(why)) not in self.said:
                self.said.add((about, str(why)))
                print(f"{about}: {why}", flush=True)

    def today(self):
        return self.options.today or datetime.now(wire.EAST8).date().isoformat()

    async def put(self, task, kind, **fields):
        about, matter = task["assignment_id"], task["matter_id"]
        return await self.agency.put(about, matter, about, kind, **fields)

    # --- assignments -----------------------------------------------------------------------------

    async def next_step(self, task, state, opinion):
        lead = {"delivered": self.sign, "signed": self.accept, "acceptance_notified": self.decide,
                "opinion_issued": self.serve, "opinion_served": self.complete}
        # A co-agency owes the lead its part and nothing to the petitioner.
        steps = {"delivered": self.sign, "signed": self.answer_lead} if task.get("role") == "co" else lead
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

    async def answers(self, task):
        content = await self.agency.open_text(task)
        return [{"claim_no": no, "outcome": "supported", "opinion": f"对“{content['claims'][no - 1][:20]}”予以支持。"}
                for no in task["claims"]]

    async def decide(self, task, _):
        parts = self.store.parts(task["assignment_id"])
        if any(state == "awaited" for _, state, _ in parts):
            return None
        facts = "经核查，反映的情况属实。"
        for _, state, content_id in parts:
            if state == "here":
                facts += (await self.agency.opened(task, co_part=content_id))["text"]["facts"]
        answers = await self.answers(task)
        paper = await self.put(
            task, "opinion", facts=facts, basis="《信访工作条例》第三十二条", answers=answers,
            review_unit="上一级人民政府", signer="局长 示例", issued_on=self.today(), document_number="示意〔2026〕1号")
        told = {"opinion_id": wire.mint("op"), "issued_on": self.today(), "claims": outcomes(answers), **paper}
        if parts:
            told["co_known"] = [number for number, _, _ in parts]
        return "opinion_issued", told

    async def answer_lead(self, task, _):
        answers = await self.answers(task)
        text = {"facts": "经核查，协办事项属实。", "basis": "《信访工作条例》第二十四条", "answers": answers}
        part = await self.put(task, "co_part", text=text, signer="局长 示例", answered_on=self.today(),
                              document_number="示协复〔2026〕1号")
        return "co_answered", {"answered_on": self.today(), "claims": outcomes(answers), **part}

    async def serve(self, task, opinion):
        record = await self.put(task, "service_record", way="in_person", served_on=self.today(), proof="本人签收")
        return "opinion_served", {"opinion_id": opinion, "way": "in_person", "served_on": self.today(), **record}

    async def complete(self, task, _):
        told = {"close_code": "S", "completed_on": self.today()}
        if task["mode"] == "assign":
            report = await self.put(task, "report", text="已办结，情况见处理意见书。")
            told |= {"report_content_id": report["content_id"], "report_hash": report["content_hash"]}
        return "completed", told

    # --- orders, meetings, tasks of resolutions -----------------------------------------------------

    async def next_duty(self, id_, kind, duty, cause, state, round_):
        steps = {("meeting", "new"): self.come, ("order", "new"): self.acknowledge, ("order", "taken"): self.reply,
                 ("task", "new"): self.receive, ("task", "taken"): self.report}
        step = steps.get((kind, state))
        if step is None:
            return
        becomes, token, subject, told = await step(duty, f"{id_}/{round_}")
        if self.store.duty_step(id_, (state, cause), becomes, token, subject, told):
            print(f"{id_}: {token}", flush=True)

    async def come(self, duty, _):
        told = {"meeting_id": duty["meeting_id"], "sequence": duty["sequence"], "reply": "accepted",
                "replied_on": self.today()}
        return "replied", "invitation_replied", duty["meeting_id"], told

    async def acknowledge(self, duty, _):
        told = {"order_id": duty["order_id"], "matter_id": duty["matter_id"], "acknowledged_on": self.today()}
        return "taken", "order_acknowledged", duty["matter_id"], told

    async def reply(self, duty, about):
        paper = await self.agency.put(
            about, duty["matter_id"], duty["assignment_id"], "order_reply", order_number=duty["document_number"],
            text="已按要求办理。", replied_on=self.today())
        told = {"order_id": duty["order_id"], "matter_id": duty["matter_id"], "replied_on": self.today(), **paper}
        return "reported", "order_replied", duty["matter_id"], told

    async def receive(self, duty, _):
        told = {"task_id": duty["task_id"], "matter_id": duty["matter_id"], "received_on": self.today()}
        return "taken", "task_received", duty["matter_id"], told

    async def report(self, duty, about):
        held = self.store.holding(duty["matter_id"])
        if held is None:
            raise RuntimeError("a report is stored by an assignment, and there was none: a person has to look")
        paper = await self.agency.put(
            about, duty["matter_id"], held[0], "task_report", resolution_number=duty["document_number"],
            text="已落实。", reported_on=self.today())
        told = {"task_id": duty["task_id"], "matter_id": duty["matter_id"], "reported_on": self.today(), **paper}
        return "reported", "task_reported", duty["matter_id"], told


def outcomes(answers):
    return [{"claim_no": a["claim_no"], "outcome": a["outcome"]} for a in answers]
