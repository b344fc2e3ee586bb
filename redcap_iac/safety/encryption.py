"""Record values at rest: sealed with a passphrase, or not kept at all.

Fernet (AES-128-CBC with HMAC-SHA256) under a key that scrypt makes of the passphrase and a salt
of its own. The one home of `cryptography`, which comes with the extra `encryption`.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.secret import Secret

try:
    from cryptography.fernet import Fernet, InvalidToken
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    IS_AVAILABLE = True
except ImportError:  # the extra is not installed
    IS_AVAILABLE = False

#: The variable the passphrase comes from.
PASSPHRASE = "REDCAP_IAC_BACKUP_PASSPHRASE"  # noqa: S105 - a name, not a secret
#: Cost of guessing: 2**15 rounds over 32 MB (the advice for files at rest, RFC 7914).
_ROUNDS, _BLOCK, _LANES = 2**15, 8, 1
#: Cost that is not paid for a file somebody else wrote.
_MOST_ROUNDS = 2**20
_SHORTEST = 12


def require(passphrase: Secret | None) -> Secret:
    """Return the passphrase; GuardError when values could not be sealed with it."""
    if not IS_AVAILABLE:
        raise GuardError(
            "Record values are kept encrypted or not at all, and what encrypts is not installed.",
            "Install it: pip install 'redcap-iac[encryption]'",
        )
    if passphrase is None or not passphrase.reveal():
        raise GuardError(
            f"Record values are kept encrypted or not at all, and {PASSPHRASE} is not set.",
            "Set it to a passphrase that you keep elsewhere; without it nobody reads the backup.",
        )
    if len(passphrase.reveal()) < _SHORTEST:
        raise GuardError(
            f"{PASSPHRASE} is shorter than {_SHORTEST} characters.", "Take a longer passphrase."
        )
    return passphrase


def sealed(data: bytes, passphrase: Secret) -> str:
    """Return data encrypted, as the text of a file; GuardError without extra or passphrase."""
    salt = secrets.token_bytes(16)
    key = _key(require(passphrase), salt, _ROUNDS)
    header = {"sealed": "fernet", "key": "scrypt", "rounds": _ROUNDS, "salt": _text(salt)}
    return json.dumps({**header, "data": Fernet(key).encrypt(data).decode()}) + "\n"


def opened(text: str, passphrase: Secret) -> bytes:
    """Return what was sealed; GuardError for another passphrase, RedcapIacError for no such file.

    A file that was altered opens with no passphrase.
    """
    require(passphrase)
    try:
        parts = json.loads(text)
        rounds, salt = int(parts["rounds"]), base64.b64decode(parts["salt"], validate=True)
        data = str(parts["data"]).encode()
        key = _key(passphrase, salt, min(rounds, _MOST_ROUNDS))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise RedcapIacError("The file with record values is damaged.") from error
    try:
        return bytes(Fernet(key).decrypt(data))
    except InvalidToken:
        raise GuardError(
            f"The record values do not open with {PASSPHRASE}.",
            "It is another passphrase, or the file was altered.",
        ) from None


def _key(passphrase: Secret, salt: bytes, rounds: int) -> bytes:
    scrypt = Scrypt(salt=salt, length=32, n=rounds, r=_BLOCK, p=_LANES)
    return base64.urlsafe_b64encode(scrypt.derive(passphrase.reveal().encode()))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
