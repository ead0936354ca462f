#!/usr/bin/env python3
"""Writes the request vectors into vectors/, a file each. See README.md.

The signatures are made here, by Python's own hmac: nothing of Handback is used."""
import base64, hashlib, hmac, json, pathlib

KEY = "vector-shared-key"
FOLDER = pathlib.Path(__file__).with_name("vectors")
DATE = "Tue, 24 Nov 2026 06:46:35 GMT"
BASE = {"request": "deactivation", "request_id": "6e26d5a7-91cd-41da-ac36-60e6b31c5fc4", "license_key": "GPYC-X5J2-L5SK-C3LK",
        "hardware_id": "7b0aa26d48cb5f0e", "product": "acmecad", "date": DATE, "api_key": "00000000-1111-2222-3333-444444444444"}
written = set()


def mac(text, key=KEY):
    return hmac.new(key.encode(), text if isinstance(text, bytes) else text.encode(), hashlib.sha256).digest()


def b64(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def sign(m, key=KEY):
    owner = m.get("license_key") or m.get("username", "")
    client = m.get("api_key") or m.get("client_id", "")
    return b64(mac("\n".join(["licenseSpring", "date: " + str(m.get("date", "")), owner, m.get("hardware_id", ""), client]), key))


def dump(m):
    return json.dumps(m, separators=(",", ":"), ensure_ascii=False)


def members(drop=(), **change):
    return {k: v for k, v in {**BASE, **change}.items() if k not in drop}


def signed(m=None, key=KEY, **change):
    m = members(**change) if m is None else m
    return dump({**m, "signature": sign(m, key)})


def schema2(m=None, key=KEY, hexed=False, **change):
    inner = m if m is not None else {"schema_version": 2, **members(**change)}
    inner = {**inner, "signature": sign(inner, key)}
    raw = dump(inner)
    outer = mac(raw, key).hex() if hexed else b64(mac(raw, key))
    return '{"request":' + raw + ',"signature":"' + outer + '"}'


def write(name, expect, comment, carried, form="text"):
    assert name not in written, name
    written.add(name)
    if isinstance(carried, bytes):
        try:
            carried = carried.decode("ascii")
            if any(c < " " and c != "\n" for c in carried) or carried.endswith("\n"):
                raise UnicodeError
        except UnicodeError:
            form, carried = "hex", (carried.hex() if isinstance(carried, bytes) else carried.encode().hex())
    elif any(c < " " and c != "\n" for c in carried) or not carried.isascii() or carried.endswith("\n"):
        form, carried = "hex", carried.encode().hex()
    (FOLDER / (name + ".txt")).write_text(f"expect: {expect}\ncomment: {comment}\nkey: {KEY}\nform: {form}\n\n{carried}\n")


def vector(name, expect, comment, text):
    """A vector of a request's JSON, carried as its base64."""
    write(name, expect, comment, b64(text))


def raw(name, expect, comment, carried):
    """A vector of what is carried, as it stands."""
    write(name, expect, comment, carried)


def main():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    good = signed()
    good64 = b64(good)

    # What is right.
    vector("valid-license-key", "valid", "schema 1, by license key", good)
    vector("valid-username", "valid", "schema 1, by username", signed(members(drop=["license_key"], username="anna@example.com")))
    vector("valid-client-id", "valid", "schema 1, under OAuth", signed(members(drop=["api_key"], client_id="acme-client")))
    vector("valid-no-request-id", "valid", "without a request ID, as the Node SDK's own files", signed(members(drop=["request_id"])))
    vector("valid-both-owners", "valid", "with key and username: the key is signed", signed(username="anna@example.com"))
    vector("valid-optional", "valid", "with all kinds of optional members", signed(license_id=7, hostname="ws", consumptions=3, is_vm=False,
           product_features=[], variables={"site": "Graz", "seats": 4, "on": True}))
    vector("valid-unknown-member", "valid", "with a member that nobody documents", signed(colour="blue"))
    vector("valid-spaces", "valid", "JSON with spaces", json.dumps({**members(), "signature": sign(members())}, indent=2))
    vector("valid-order", "valid", "members in another order", dump(dict(reversed(list({**members(), "signature": sign(members())}.items())))))
    vector("valid-escapes", "valid", "JSON with escaped letters", good.replace("deactivation", "deactiv\\u0061tion").replace("acmecad", "acm\\u0065cad"))
    vector("valid-username-umlaut", "valid", "a username beyond ASCII", signed(members(drop=["license_key"], username="jürgen@example.com")))
    vector("valid-trailing-white", "valid", "white space after the JSON", good + " \n")
    vector("valid-schema-2", "valid", "schema 2, base64", schema2())
    vector("valid-schema-2-hex", "valid", "schema 2, the outer signature in hex", schema2(hexed=True))
    raw2 = dump({"schema_version": 2, **members()})
    vector("valid-schema-2-no-inner", "valid", "schema 2 without an inner signature", '{"request":' + raw2 + ',"signature":"' + b64(mac(raw2)) + '"}')
    raw3 = dump({"schema_version": 2, **members(), "signature": b64(b"not a signature at all, of 32 b.")})
    vector("valid-schema-2-wrong-inner", "valid", "schema 2: the inner signature does not count", '{"request":' + raw3 + ',"signature":"' + b64(mac(raw3)) + '"}')
    vector("valid-schema-2-variables", "valid", "schema 2 with device variables", schema2(variables={"a": "b"}))
    vector("valid-schema-2-upper-hex", "valid", "schema 2, hex in capital letters", schema2(hexed=True).replace(mac(schema2(hexed=True)[len('{"request":'):].rsplit(',"signature"', 1)[0]).hex(),
           mac(schema2(hexed=True)[len('{"request":'):].rsplit(',"signature"', 1)[0]).hex().upper()))
    for n, style in enumerate(["Tue, 24 Nov 2026 06:46:35 UTC", "Tue, 24 Nov 2026 06:46:35 +0000", "Tue Nov 24 2026 06:46:35 GMT+0000",
                               "Tue Nov 24 2026 07:46:35 GMT+0100 (Central European Standard Time)", "2026-11-24T06:46:35Z", "yesterday"]):
        vector(f"valid-date-{n}", "valid", f"a date as some SDK writes it: {style}", signed(date=style))
    vector("valid-long-string", "valid", "a string of 1,024 characters", signed(hostname="h" * 1024))
    vector("valid-64-members", "valid", "64 members", signed({**members(), **{f"x{n}": n for n in range(64 - 8)}}))
    nest = {"a": 1}
    for _ in range(3):
        nest = {"a": nest}
    vector("valid-depth-6", "valid", "an unknown member nested as deep as is allowed", signed({**members(), "nest": nest}))

    # Every form in which a text gets pasted.
    for name, comment, carried in [
        ("bom", "a byte order mark", "\ufeff" + good64), ("crlf", "a line end of Windows", good64 + "\r\n"), ("spaces", "spaces around", "  " + good64 + " "),
        ("no-break", "a no-break space at the end", good64 + "\u00a0"), ("zero-width", "a zero-width space in the middle", good64[:40] + "\u200b" + good64[40:]),
        ("utf16-le", "UTF-16, little-endian", ("\ufeff" + good64).encode("utf-16-le")), ("utf16-be", "UTF-16, big-endian", ("\ufeff" + good64).encode("utf-16-be")),
        ("quotes", "in quotation marks", '"' + good64 + '"'), ("json-string", "a JSON string with escaped slashes", json.dumps(good64).replace("/", "\\/")),
        ("data-uri", "a data URI of the JSON", "data:application/json;base64," + good64), ("wrapped", "wrapped at 76 characters", "\n".join(good64[i:i + 76] for i in range(0, len(good64), 76))),
        ("mail", "quoted by a mail program", "\n".join("> " + good64[i:i + 60] for i in range(0, len(good64), 60))),
        ("url-safe", "the URL-safe alphabet", good64.replace("+", "-").replace("/", "_")), ("unpadded", "without padding", b64(good + "  ").rstrip("=") if b64(good).rstrip("=") == b64(good) else good64.rstrip("=")),
        ("json", "the JSON itself", good)]:
        raw("form-" + name, "valid", comment, carried)

    # Signatures.
    vector("signature-other-key", "invalid", "signed with another key", signed(key="another key"))
    for field in ["license_key", "hardware_id", "date", "api_key"]:
        other = {"license_key": "GPYC-X5J2-L5SK-C3LX", "hardware_id": "7b0aa26d48cb5f0f", "date": "Tue, 24 Nov 2026 06:46:36 GMT",
                 "api_key": "00000000-1111-2222-3333-444444444445"}[field]
        vector("signature-changed-" + field, "invalid", f"{field} was changed after signing", good.replace(BASE[field], other))
    vector("signature-truncated", "invalid", "the signature without its last character", dump({**members(), "signature": sign(members())[:-1]}))
    vector("signature-empty", "absent", "an empty signature", dump({**members(), "signature": ""}))
    vector("signature-missing", "absent", "no signature", dump(members()))
    vector("signature-hex-schema-1", "invalid", "schema 1 knows base64 alone", dump({**members(), "signature": base64.b64decode(sign(members())).hex()}))
    vector("signature-username-signed-as-key", "invalid", "key and username, the username signed", dump({**members(username="anna"), "signature": sign(members(drop=["license_key"], username="anna"))}))
    vector("signature-schema-2-inner-alone", "absent", "schema 2 with the inner signature alone", '{"request":' + dump({"schema_version": 2, **members(), "signature": sign(members())}) + "}")
    vector("signature-schema-2-respaced", "invalid", "schema 2: the signed bytes were spaced anew", schema2().replace('":"', '": "', 3))
    vector("signature-schema-2-other-key", "invalid", "schema 2, another key", schema2(key="another key"))
    vector("signature-schema-2-changed", "invalid", "schema 2: any member is covered", schema2().replace("acmecad", "acmecam"))
    vector("signature-trailing-newline-signed", "invalid", "signed with a line end after the last line", dump({**members(), "signature": b64(mac("\n".join(
        ["licenseSpring", "date: " + DATE, BASE["license_key"], BASE["hardware_id"], BASE["api_key"]]) + "\n"))}))

    # Members that are missing, empty, of another type, null, twice or spelled otherwise.
    for field in ["hardware_id", "product", "date"]:
        vector("missing-" + field, "missing", f"without {field}", signed(members(drop=[field])))
        vector("empty-" + field, "missing", f"an empty {field}", signed(**{field: ""}))
        vector("blank-" + field, "missing", f"{field} is a space", signed(**{field: " "}))
    vector("missing-owner", "missing", "neither license key nor username", signed(members(drop=["license_key"])))
    vector("missing-client", "missing", "neither API key nor client ID", signed(members(drop=["api_key"])))
    vector("both-clients", "both_clients", "an API key and a client ID", signed(client_id="acme-client"))
    for field in ["request_id", "license_key", "hardware_id", "product", "date", "api_key"]:
        text = good.replace(f'"{field}":"{BASE[field]}"', f'"{field}":1')
        vector("number-" + field, "wrong_type", f"{field} is a number", text)
        vector("null-" + field, "null", f"{field} is null", good.replace(f'"{field}":"{BASE[field]}"', f'"{field}":null'))
    for field, value in [("license_id", '"7"'), ("consumptions", "true"), ("is_vm", '"no"'), ("product_features", "{}"), ("variables", "[]"), ("hostname", "7"), ("schema_version", '"1"')]:
        vector("type-" + field, "wrong_type", f"{field} is {value}", good[:-1] + f',"{field}":{value}}}')
    vector("type-signature", "wrong_type", "the signature is a number", dump({**members(), "signature": 1}))
    vector("type-signature-schema-2", "wrong_type", "the outer signature is a number", '{"request":' + raw2 + ',"signature":1}')
    for field in ["license_key", "hardware_id", "signature", "date"]:
        vector("twice-" + field, "duplicate", f"{field} stands twice", good[:-1] + f',"{field}":"x"}}')
    vector("twice-schema-2-request", "duplicate", "schema 2 with two requests", schema2()[:-1] + ',"request":{}}')
    vector("twice-variable", "duplicate", "one device variable twice", good[:-1] + ',"variables":{"a":"1","a":"2"}}')
    vector("twice-escaped", "duplicate", "license_key twice, once spelled with an escape", good[:-1] + ',"licens\\u0065_key":"x"}')
    for field, spelled in [("license_key", "License_Key"), ("hardware_id", "HARDWARE_ID"), ("signature", "Signature"), ("date", "Date")]:
        vector("case-" + field, "case", f"{field} spelled {spelled} besides", good[:-1] + f',"{spelled}":"x"}}')

    # Other requests, schemas, and what stands beside them.
    vector("other-activation", "other", "an activation request", good.replace("deactivation", "activation"))
    vector("other-check", "other", "a license check", good.replace("deactivation", "check"))
    vector("other-capital", "other", "the request's name in capitals", good.replace("deactivation", "Deactivation"))
    vector("schema-3", "schema", "a schema that nobody knows", schema2({"schema_version": 3, **members()}))
    vector("schema-2-flat", "schema", "schema 2 without its envelope", signed(schema_version=2))
    vector("schema-1-in-envelope", "schema", "schema 1 in the envelope of schema 2", schema2({"schema_version": 1, **members()}))
    vector("beside-license-key", "beside", "a license key beside the signed request", schema2()[:-1] + ',"license_key":"XXXX-XXXX-XXXX-XXXX"}')
    vector("beside-hardware-id", "beside", "a hardware ID beside the signed request", schema2()[:-1] + ',"hardware_id":"x"}')

    # Characters that lie, or shift the signature.
    for name, char, what in [("newline", "\n", "a line end"), ("return", "\r", "a carriage return"), ("tab", "\t", "a tab"), ("nul", "\0", "a NUL"),
                             ("escape", "\x1b", "an escape"), ("rtl", "\u202e", "a direction override"), ("zero-width", "\u200b", "a zero-width space"), ("isolate", "\u2066", "a direction isolate")]:
        vector("hidden-key-" + name, "hidden_character", f"{what} in the license key", signed(license_key="GPYC" + char + "X5J2"))
    vector("hidden-hardware-id", "hidden_character", "a line end in the hardware ID", signed(hardware_id="7b0a\nx"))
    vector("hidden-date", "hidden_character", "a line end in the date", signed(date=DATE + "\nx"))
    vector("hidden-api-key", "hidden_character", "a line end in the API key", signed(api_key="0\n1"))
    vector("hidden-username", "hidden_character", "a line end in the username", signed(members(drop=["license_key"], username="anna\nbob")))
    vector("hidden-product", "hidden_character", "a direction override in the product", signed(product="acme\u202ecad"))

    # JSON that is not strict.
    for name, expect, comment, text in [
        ("trailing-comma", "json", "a comma before the end", good[:-1] + ",}"), ("single-quotes", "json", "single quotes", good.replace('"', "'")),
        ("comment", "json", "a comment", good[:-1] + "/* x */}"), ("unquoted", "json", "a name without quotes", good.replace('"request"', "request")),
        ("nan", "json", "NaN", good[:-1] + ',"x":NaN}'), ("leading-zero", "json", "a number with a leading zero", good[:-1] + ',"x":01}'),
        ("plus", "json", "a number with a plus", good[:-1] + ',"x":+1}'), ("hex-number", "json", "a hexadecimal number", good[:-1] + ',"x":0x1}'),
        ("control", "json", "a line end within a string", good.replace("acmecad", "acme\ncad")), ("bad-escape", "json", "an escape that there is none of", good.replace("acmecad", "acme\\xcad")),
        ("unclosed", "json", "the last brace is missing", good[:-1]), ("two-values", "trailing", "two objects", good + good), ("after", "trailing", "a word after the object", good + "x"),
        ("array", "not_object", "an array", "[" + good + "]"), ("string", "not_object", "a string", '"x"'), ("number", "not_object", "a number", "1"), ("null", "null", "null", "null"), ("empty-object", "missing", "an empty object", "{}"),
        ("huge-number", "number", "a number that no one can hold", good[:-1] + ',"x":1e999}'), ("deep", "too_deep", "nested too deep", good[:-1] + ',"x":' + "[" * 7 + "]" * 7 + "}"),
        ("deep-bomb", "too_deep", "ten thousand brackets", "[" * 10000), ("many", "too_many", "65 members", signed({**members(), **{f"x{n}": n for n in range(65 - 8)}})),
        ("long-string", "long_string", "a string of 1,025 characters", signed(hostname="h" * 1025)), ("long-name", "long_string", "a name of 1,025 characters", good[:-1] + ',"' + "n" * 1025 + '":1}'),
        ("surrogate-high", "json", "half a pair of surrogates", good[:-1] + ',"x":"\\ud800"}'), ("surrogate-low", "json", "the other half", good[:-1] + ',"x":"\\udc00"}'),
        ("replacement", "utf8", "a replacement character", signed(hostname="\ufffd"))]:
        vector("json-" + name, expect, comment, text)
    for name, data in [("overlong", b"\xc0\xaf"), ("lone-byte", b"\xff"), ("cut", b"\xe2\x82"), ("surrogate", b"\xed\xa0\x80"), ("too-high", b"\xf5\x80\x80\x80")]:
        vector("utf8-" + name, "utf8", "bad UTF-8 in a string: " + data.hex(), good.encode().replace(b"acmecad", data))

    # Dates.
    vector("date-weekday", "weekday", "a weekday that is not the day's", signed(date="Mon, 24 Nov 2026 06:46:35 GMT"))
    vector("date-weekday-js", "weekday", "the same as JavaScript writes it", signed(date="Mon Nov 24 2026 06:46:35 GMT+0000"))

    # Base64 that is not.
    for name, expect, comment, carried in [
        ("star", "character", "a star inside", good64[:30] + "*" + good64[31:]), ("umlaut", "character", "an umlaut inside", good64[:30] + "ä" + good64[31:]),
        ("joined", "joined", "two payloads joined", b64(good + " ") + good64 if b64(good + " ").endswith("=") else b64(good + "  ") + good64),
        ("one-too-few", "length", "one character of four", good64.rstrip("=")[: len(good64.rstrip("=")) // 4 * 4 + 1] if len(good64.rstrip("=")) % 4 > 1 else good64.rstrip("=")[: len(good64) // 4 * 4 - 3]),
        ("padding", "length", "more padding than there can be", good64.rstrip("=") + "===="), ("bits", "trailing_bits", "bits left over in the last letter", "eyJ9"[:2] + "l"),
        ("empty", "empty", "nothing", ""), ("blank", "empty", "white space alone", " \n\t "), ("quotes-alone", "empty", "quotation marks alone", '""'), ("padding-alone", "length", "padding alone", "====")]:
        raw("base64-" + name, expect, comment, carried)

    # What gets handed over in place of a request.
    for name, expect, comment, carried in [
        ("pem", "pem", "a certificate request", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----"), ("der", "pem", "a binary one", bytes.fromhex("308201a03082")),
        ("html", "html", "a page", "<!doctype html><title>Sign in</title>"), ("pdf", "pdf", "a PDF", b"%PDF-1.7\n"), ("zip", "archive", "an archive", b"PK\x03\x04\x14\x00"),
        ("gzip", "archive", "a gzip file", b"\x1f\x8b\x08\x00"), ("rtf", "document", "a rich text", b"{\\rtf1 x}"), ("prose", "character", "a sentence", "please release my license!")]:
        raw("not-" + name, expect, comment, carried)

    # The unsigned hand-off.
    ours = members(drop=["date"])
    def handoff(inner, **more):
        return dump({"handoff": 1, "made": DATE, **more, "members": inner})
    vector("handoff", "handoff", "an unsigned request", handoff(ours))
    vector("handoff-schema-2", "handoff", "one of schema 2", handoff({"schema_version": 2, **ours}))
    vector("handoff-date", "handoff_member", "with a date from outside", handoff(members()))
    vector("handoff-signature", "handoff_member", "with a signature", handoff({**ours, "signature": "x"}))
    vector("handoff-unknown", "handoff_member", "with a member that could not be shown rightly", handoff({**ours, "colour": "blue"}))
    vector("handoff-beside", "handoff_member", "with a member beside", handoff(ours, endpoint="https://evil.example"))
    vector("handoff-newer", "handoff_newer", "of a newer version", dump({"handoff": 2, "made": DATE, "members": ours}))
    vector("handoff-no-members", "missing", "without members", dump({"handoff": 1, "made": DATE}))
    vector("handoff-made", "wrong_type", "made at no time", dump({"handoff": 1, "made": "today", "members": ours}))
    vector("handoff-both-owners", "both_owners", "with key and username", handoff({**ours, "username": "anna"}))
    vector("handoff-hidden", "hidden_character", "with a line end in the key", handoff({**ours, "license_key": "a\nb"}))
    vector("handoff-activation", "other", "of another request", handoff({**ours, "request": "activation"}))
    vector("handoff-null", "null", "with a null", handoff({**ours, "hardware_id": None}))
    print(len(written), "vectors,", sum(1 for n in written if not n.startswith(("valid", "form")) and n not in ("handoff", "handoff-schema-2")), "negative")


main()
