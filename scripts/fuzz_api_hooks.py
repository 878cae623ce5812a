"""What schemathesis is told for the API of Relais: see fuzz_api.py.

A made-up If-Match names no state (412), and a made-up Idempotency-Key is soon used twice (409):
most requests would be refused for these alone, and nothing behind them tested. So three in four
get a key of their own, or a condition that always holds. Which ones depends on the request, so
that the same request is the same again. Headers that are wrong on purpose stay as they are.
"""

import hashlib
import re

import schemathesis

KEY = re.compile(r"[!-~]([ -~]*[!-~])?")


@schemathesis.hook
def before_call(context, case, kwargs):
    digest = hashlib.sha256(f"{case.method} {case.formatted_path} {case.body!r}".encode("utf-8", "replace"))
    places = case.meta.components.items() if case.meta else []
    is_wrong_on_purpose = any(place.value == "header" and part.mode.value == "negative" for place, part in places)
    if is_wrong_on_purpose or digest.digest()[0] % 4 == 0:
        return
    for name, value in list((case.headers or {}).items()):
        if name.lower() == "if-match":
            case.headers[name] = "*"
        elif name.lower() == "idempotency-key" and isinstance(value, str) and KEY.fullmatch(value):
            case.headers[name] = digest.hexdigest()
