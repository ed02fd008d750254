"""Becoming a device: the link, and what is exchanged for it (section 3.1)."""

import base64
import http.client
import json
import os
import secrets
import ssl

from . import keys
from .octets import WireError

SCHEME = "voordracht://enrol/"


def read_link(link):
    """(secret, fingerprint, address)."""
    link = link.strip()
    if not link.startswith(SCHEME):
        raise WireError("link.malformed", f"a link begins with {SCHEME}")
    code = link[len(SCHEME) :]
    try:
        data = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise WireError("link.malformed", "a character that does not belong") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=") != code.encode():
        raise WireError("link.malformed", "bits left over")
    if len(data) <= 50 or len(data) != 50 + data[49]:
        raise WireError("link.malformed", "the link was cut off")
    if data[0] != 1:
        raise WireError("session.version", f"a link of version {data[0]}")
    address = data[50:].decode(errors="replace")
    if ":" not in address or "\ufffd" in address:
        raise WireError("link.malformed", "the address is not host:port")
    return data[1:17], data[17:49], address


def write_link(secret, fingerprint, address):
    data = b"\1" + secret + fingerprint + bytes([len(address)]) + address.encode()
    return SCHEME + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def connection(address, home, with_certificate=True, timeout=60):
    """A connection that trusts the authority alone, and shows the device's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(os.path.join(home, "authority.pem"))
    if with_certificate:
        context.load_cert_chain(os.path.join(home, "device.pem"), os.path.join(home, "device.key"))
    host, _, port = address.rpartition(":")
    return http.client.HTTPSConnection(host.strip("[]"), int(port), context=context, timeout=timeout)


class Refused(Exception):
    """The server says no: a code, a message and a remedy."""

    def __init__(self, code, message, remedy):
        super().__init__(f"{code}: {message} {remedy}")
        self.code = code


def write(path, data):
    with open(path, "w", encoding="utf-8") as file:
        file.write(data)


def enrol(link, home, name):
    """Makes keys in `home`, exchanges the link for a certificate, and gives the answer as it came."""
    secret, fingerprint, address = read_link(link)
    os.makedirs(home, mode=0o700, exist_ok=True)
    key = os.path.join(home, "device.key")
    keys.make_key(key)
    write(os.path.join(home, "authority.pem"), keys.authority_of(address, fingerprint))
    replica = secrets.token_bytes(16)
    question = {
        "secret": secret.hex(), "request": keys.certificate_request(key), "replica": replica.hex(),
        "device": name}
    server = connection(address, home, with_certificate=False)
    server.request("POST", "/enrol", json.dumps(question), {"Content-Type": "application/json"})
    response = server.getresponse()
    answer = json.load(response)
    server.close()
    if response.status != 200:
        error = answer["error"]
        raise Refused(error["code"], error["message"], error["remedy"])
    write(os.path.join(home, "device.pem"), answer["certificate"])
    return dict(answer, address=address, replica=replica.hex())
