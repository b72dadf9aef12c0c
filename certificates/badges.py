"""Open Badges 3.0: a certificate as a credential that any wallet or verifier can check. No database.

Made from the frozen fields and signed twice: `eddsa-rdfc-2022` as a document with a proof in it, RS256 as a
compact JWT. The same certificate, keys and address give the same bytes; nothing is fetched: the library
carries the contexts, pinned by their hash. Revocation is a bit in a list that is itself signed
(W3C Bitstring Status List); the certificate's row says which bit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm
from openbadgeslib.ob3 import (
    Achievement,
    IdentityObject,
    Issuer,
    OB3Signer,
    OpenBadgeCredential,
    Result,
    ResultDescription,
    add_data_integrity_proof,
    build_status_list_credential,
    multikey_from_pem,
    status_entry,
)
from openbadgeslib.ob3.credential import OB3_CONTEXT
from openbadgeslib.ob3.status_list import DEFAULT_SIZE_BITS

from certificates.badge_keys import BadgeKeys, NumberedKey, public_pem
from certificates.rendering import plain

LIST_LENGTH = DEFAULT_SIZE_BITS
LIST_HOLDS = timedelta(days=7)  # a copy kept longer proves nothing about revocation
LIST_REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class BadgeAddresses:
    """Where a verifier finds what a badge names; each is an absolute address that never changes."""

    site: str
    credential: str
    achievement: str
    status_list: str


@dataclass(frozen=True)
class BadgedCertificate:
    """What of a certificate goes into its badge. `place` is its bit, counted over all lists."""

    number: str
    printed: dict[str, Any]
    issued_at: datetime
    place: int


def list_and_index(place: int) -> tuple[int, int]:
    """Return the number of the status list that a place lies in, and its bit there."""
    return divmod(place, LIST_LENGTH)


def issuer_did(site: str) -> str:
    """Return the did:web of the site: its host, with the port if it has one."""
    return f"did:web:{quote(urlsplit(site).netloc, safe='')}"


def did_document(site: str, keys: BadgeKeys) -> dict[str, Any]:
    """Return what `/.well-known/did.json` says: every public key, so that older badges keep verifying."""
    did = issuer_did(site)
    methods = [_multikey(did, key) for key in keys.ed25519] + [_json_web_key(did, key) for key in keys.rsa]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/suites/jws-2020/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def signed_document(
    certificate: BadgedCertificate, addresses: BadgeAddresses, keys: BadgeKeys
) -> dict[str, Any]:
    """Return the credential with its `eddsa-rdfc-2022` proof, dated like the certificate."""
    document = _credential(certificate, addresses).to_vc()
    return _with_proof(document, addresses.site, keys, certificate.issued_at)


def signed_token(certificate: BadgedCertificate, addresses: BadgeAddresses, keys: BadgeKeys) -> str:
    """Return the credential as a compact JWT (RS256), its public key in the header."""
    return OB3Signer(keys.rsa[-1].key, "RS256").sign(_credential(certificate, addresses))


def signed_status_list(
    address: str, revoked: Iterable[int], *, site: str, keys: BadgeKeys, now: datetime
) -> dict[str, Any]:
    """Return one status list as a signed credential; `revoked` are the bits that are set in it."""
    document = build_status_list_credential(
        issuer_did(site),
        address,
        "revocation",
        revoked,
        issued=now,
        valid_until=now + LIST_HOLDS,
        ttl=int(LIST_REFRESH.total_seconds() * 1000),
    )
    return _with_proof(document, site, keys, now)


def achievement_of(printed: dict[str, Any], address: str) -> Achievement:
    """Return what was achieved: the course in both languages, its hours, and what R4 asks for."""
    hours = plain(printed["planned_hours"])
    return Achievement(
        id=address,
        name=f"{printed['course_name']} {printed['course_name_en']}",
        description=(
            f"《{printed['course_name']}》，{hours} 学时（每学时 45 分钟）。"
            f"The course {printed['course_name_en']}, {hours} class hours of 45 minutes."
        ),
        criteria_narrative=(
            "学时达到计划的 80%，实操成绩不低于 60 分，且未触碰红线。"
            "At least 80 % of the planned class hours, a practical mark of at least 60 out of 100, and no red"
            " line crossed."
        ),
        achievement_type="Certificate",
        result_descriptions=[
            ResultDescription(
                id=_hours_address(address),
                name="学时 class hours of 45 minutes",
                result_type="ext:ClassHours",
                value_max=hours,
            ),
            ResultDescription(
                id=_practical_address(address),
                name="实操成绩 practical mark",
                result_type="RawScore",
                value_min="0",
                value_max="100",
            ),
        ],
    )


def achievement_document(printed: dict[str, Any], address: str) -> dict[str, Any]:
    """Return what the address of an achievement answers."""
    return {"@context": list(OB3_CONTEXT), **achievement_of(printed, address).to_dict()}


def _credential(certificate: BadgedCertificate, addresses: BadgeAddresses) -> OpenBadgeCredential:
    printed = certificate.printed
    _list, index = list_and_index(certificate.place)
    return OpenBadgeCredential(
        id=addresses.credential,
        issuer=Issuer(
            id=issuer_did(addresses.site), name=f"{printed['body']} {printed['body_en']}", url=addresses.site
        ),
        recipient_id=None,
        # The holder shares the badge herself; what is in it is what the paper shows.
        identifiers=[
            IdentityObject(printed["name"], "name", hashed=False),
            IdentityObject(certificate.number, "identifier", hashed=False),
        ],
        achievement=achievement_of(printed, addresses.achievement),
        issuance_date=certificate.issued_at,
        results=[
            Result(value=plain(printed["hours"]), result_description=_hours_address(addresses.achievement)),
            Result(
                value=plain(printed["practical"]),
                result_description=_practical_address(addresses.achievement),
            ),
        ],
        credential_status=[status_entry(addresses.status_list, "revocation", index)],
    )


def _with_proof(document: dict[str, Any], site: str, keys: BadgeKeys, at: datetime) -> dict[str, Any]:
    key = keys.ed25519[-1]
    method = f"{issuer_did(site)}#{_fragment('ed25519', key)}"
    return add_data_integrity_proof(document, key.key, method, created=at)


def _multikey(did: str, key: NumberedKey[Ed25519PrivateKey]) -> dict[str, Any]:
    return {
        "id": f"{did}#{_fragment('ed25519', key)}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": multikey_from_pem(public_pem(key.key)),
    }


def _json_web_key(did: str, key: NumberedKey[RSAPrivateKey]) -> dict[str, Any]:
    public = RSAAlgorithm.to_jwk(key.key.public_key(), as_dict=True)
    return {
        "id": f"{did}#{_fragment('rsa', key)}",
        "type": "JsonWebKey2020",
        "controller": did,
        "publicKeyJwk": {name: public[name] for name in ("kty", "n", "e")} | {"alg": "RS256", "use": "sig"},
    }


def _fragment(kind: str, key: NumberedKey[Any]) -> str:
    return f"{kind}-{key.number}"


def _hours_address(achievement: str) -> str:
    return f"{achievement}#hours"


def _practical_address(achievement: str) -> str:
    return f"{achievement}#practical"
