"""Keys, certificates and signatures, by the program `openssl` (sections 2.3 and 3)."""

import base64
import hashlib
import subprocess
import tempfile

HEAD_WORDS = b"voordracht chain head 1\0"


class EvidenceError(Exception):
    """What was delivered is not what its authors signed."""


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


def make_key(path):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)


def certificate_request(key_path):
    return openssl("req", "-new", "-key", key_path, "-subj", "/CN=device").decode()


def pem_blocks(text, label="CERTIFICATE"):
    """Each certificate in a text: (PEM, DER)."""
    begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
    for part in text.split(begin)[1:]:
        body = part.split(end)[0]
        yield begin + body + end + "\n", base64.b64decode(body)


def authority_of(address, fingerprint):
    """The authority's certificate in PEM, from the server's own chain, known by the link's fingerprint (P-016)."""
    shown = openssl("s_client", "-connect", address, "-showcerts", "-tls1_3").decode(errors="replace")
    for pem, der in pem_blocks(shown):
        if hashlib.sha256(der).digest() == fingerprint:
            return pem
    raise EvidenceError(f"{address} shows another authority than the link names")


def integer(data):
    data = data.lstrip(b"\0") or b"\0"
    return data if data[0] < 0x80 else b"\0" + data


def der_signature(signature):
    """r ‖ s as the SEQUENCE of two INTEGERs that openssl reads."""
    parts = (integer(signature[:32]), integer(signature[32:]))
    body = b"".join(bytes([2, len(part)]) + part for part in parts)
    return bytes([0x30, len(body)]) + body


def raw_signature(der):
    r_length = der[3]
    r, s = der[4 : 4 + r_length], der[6 + r_length :]
    return b"".join(part.lstrip(b"\0").rjust(32, b"\0") for part in (r, s))


def sign(key_path, chain_hash):
    return raw_signature(openssl("dgst", "-sha256", "-sign", key_path, data=HEAD_WORDS + chain_hash))


VERIFIED = {}


def is_signed(public_key, chain_hash, signature):
    """`public_key` is a SubjectPublicKeyInfo in DER. What was checked once is not checked again."""
    question = (public_key, HEAD_WORDS + chain_hash, signature)
    if question not in VERIFIED:
        VERIFIED[question] = asks_openssl(*question)
    return VERIFIED[question]


def asks_openssl(public_key, message, signature):
    pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(public_key) + b"-----END PUBLIC KEY-----\n"
    with tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as proof:
        key.write(pem)
        proof.write(der_signature(signature))
        key.flush()
        proof.flush()
        answer = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", key.name, "-signature", proof.name],
            input=message, capture_output=True, check=False)
    return answer.returncode == 0
