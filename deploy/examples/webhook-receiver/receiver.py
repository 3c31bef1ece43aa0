#!/usr/bin/env python3
"""A receiver of Lianxi's webhooks: verifies, keeps each dispatch once, answers 204.

Python's own library alone. The secret stands in the environment (LIANXI_WEBHOOK_SECRET), never on the command line.
Put it behind a gateway that ends TLS: Lianxi calls https addresses only.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE_S = 300  # an older or a newer signature may be a copy that somebody sends again
BODY_MAX = 1 << 20


def verifies(secrets, headers, body, now):
    """Standard Webhooks: HMAC-SHA-256 over id.timestamp.body; any of the header's signatures may be the one."""
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE_S:
        return False
    signed = b".".join([name.encode(), stamp.encode(), body])
    given = [one[3:] for one in headers.get("webhook-signature", "").split(" ") if one.startswith("v1,")]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        own = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(own, one) for one in given):
            return True
    return False


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > BODY_MAX:
            return self.answer(413)
        body = self.rfile.read(int(length))
        if not verifies(self.server.secrets, self.headers, body, time.time()):
            return self.answer(401)
        event = json.loads(body)
        # The same webhook-id may come again: at least once. The row's key makes it once.
        with self.server.book:
            row = (self.headers["webhook-id"], event["type"], event["agencyseq"], body.decode())
            self.server.book.execute("INSERT INTO dispatch VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
        self.answer(204)  # after the commit: what was answered is kept

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--port", type=int, default=8080)
    ask.add_argument("--store", default="dispatches.db")
    asked = ask.parse_args()
    server = HTTPServer(("127.0.0.1", asked.port), Receiver)
    # Two while a secret is changed: the new one and the one before.
    server.secrets = os.environ["LIANXI_WEBHOOK_SECRET"].split()
    server.book = sqlite3.connect(asked.store)
    server.book.execute(
        "CREATE TABLE IF NOT EXISTS dispatch (id TEXT PRIMARY KEY, type TEXT, seq INTEGER, event TEXT)"
    )
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
