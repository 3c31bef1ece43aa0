"""A mail server for tests: PyPI aiosmtpd on a free port, which it prints. It keeps what it takes in a folder, one
file a mail, and behaves by the recipient's local part: `refuse` is unknown (550), `later` is told to come again once
(451) and then taken, `cut` is taken and never answered. With a second folder, which holds `cert.pem` and `key.pem`, it
takes mail over STARTTLS and from the login `lianxi` alone."""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.told_to_wait = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later") and address not in self.told_to_wait:
            self.told_to_wait.add(address)
            return "451 4.7.1 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = f"{len(list(self.folder.iterdir())):04}-{envelope.rcpt_tos[0]}.eml"
        (self.folder / (name + ".part")).write_bytes(envelope.content)
        (self.folder / (name + ".part")).rename(self.folder / name)
        if envelope.rcpt_tos[0].startswith("cut"):
            server.transport.abort()
        return "250 2.0.0 taken"


def known(server, session, envelope, mechanism, login):
    right = isinstance(login, LoginPassword) and (login.login, login.password) == (b"lianxi", b"lantern")
    return AuthResult(success=right, handled=right)


def sealed(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
    return {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": known}


async def serve(folder, certificate=None):
    handler = Handler(folder)
    demands = sealed(certificate) if certificate else {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, **demands), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends with its parent, which holds the other end.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(serve(*sys.argv[1:]))
