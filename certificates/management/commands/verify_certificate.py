"""Check a certificate's file or QR code: exit 0 only when it holds."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from certificates.codes import read_code, revocation_id
from certificates.errors import InvalidCode
from certificates.models import Certificate
from certificates.queries import check_code, check_file


class Command(BaseCommand):
    """`verify_certificate FILE.pdf`, or `--qr TEXT` with what a scanner read."""

    help = "Exit 0 when the certificate is genuine, unchanged and valid today; 1 when it is not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--qr", help="the text of the QR code, whole or from its # on")
        parser.add_argument("--keys", type=Path, help="saved /verify/keys.json: needs no database")
        parser.add_argument("--revoked", type=Path, help="saved /verify/revoked.json, to go with --keys")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if bool(options["file"]) == bool(options["qr"]):
            raise CommandError("Name either a file or --qr.")
        if options["file"]:
            verdict = check_file(options["file"].read_bytes())
            answer, holds = verdict.as_json(), verdict.holds
        else:
            answer = _check_qr(options)
            holds = answer["genuine"] and answer["state"] == Certificate.State.VALID
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in answer.items()))
        if not holds:
            raise SystemExit(1)


def _check_qr(options: dict[str, Any]) -> dict[str, Any]:
    try:
        if options["keys"]:
            return _check_offline(options["qr"], options["keys"], options["revoked"])
        facts, certificate = check_code(options["qr"])
    except InvalidCode as refusal:
        return {"genuine": False, "problem": str(refusal), "state": None}
    state = certificate.state if certificate else None
    return {"genuine": True, "state": state, "list_age_seconds": 0, **_plain(asdict(facts))}


def _check_offline(text: str, keys_file: Path, revoked_file: Path | None) -> dict[str, Any]:
    keys = [load_pem_public_key(each["pem"].encode()) for each in json.loads(keys_file.read_text())["keys"]]
    facts = read_code(text, [key for key in keys if isinstance(key, ec.EllipticCurvePublicKey)])
    answer = {"genuine": True, "state": None, "list_age_seconds": None, **_plain(asdict(facts))}
    if revoked_file is None:
        return answer
    revoked = json.loads(revoked_file.read_text())
    made_at = parse_datetime(revoked["made_at"])
    if made_at is None:
        raise CommandError("The list of ended certificates bears no time.")
    state = revoked["ended"].get(revocation_id(facts.number, facts.version), Certificate.State.VALID.value)
    return answer | {"state": state, "list_age_seconds": int((timezone.now() - made_at).total_seconds())}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (int, type(None))) else str(value) for name, value in facts.items()
    }
