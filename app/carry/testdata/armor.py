#!/usr/bin/env python3
"""Writes armor.json: test vectors for the armor of docs/carrying-format.md.

It is written from that document alone and shares no code with the program."""

import base64, hashlib, json, random, zlib

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def deflate(data, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def base32(data):
    return base64.b32encode(data).decode().rstrip("=")


def part(number, count, total, letters, magic="HBK1"):
    return f"{magic}{number:03d}{count:03d}{total:08X}{letters}"


def parts(request, count, packed=None, total=None):
    letters = base32(deflate(request) if packed is None else packed)
    total = zlib.crc32(request) if total is None else total
    share = -(-len(letters) // count)
    return [part(i + 1, count, total, letters[i * share:(i + 1) * share]) for i in range(count)]


# GF(32) by the polynomial x^5 + x^2 + 1.
EXP = [1]
while len(EXP) < 31:
    EXP.append((EXP[-1] << 1) ^ (0b100101 if EXP[-1] & 16 else 0))


def multiply(a, b):
    return EXP[(EXP.index(a) + EXP.index(b)) % 31] if a and b else 0


def checks(number, letters):
    """Two letters, so that with them the line has the roots a and a^2."""
    symbols = [number >> 10 & 31, number >> 5 & 31, number & 31] + [ALPHABET.index(c) for c in letters]
    for high in range(32):
        for low in range(32):
            word = symbols + [high, low]
            if all(evaluate(word, EXP[power]) == 0 for power in (1, 2)):
                return ALPHABET[high] + ALPHABET[low]


def evaluate(word, x):
    value = 0
    for symbol in word:
        value = multiply(value, x) ^ symbol
    return value


def line(number, letters, digits=2):
    groups = [letters[i:i + 5] for i in range(0, len(letters), 5)]
    return " ".join([f"{number:0{digits}d}"] + groups + [checks(number, letters)])


def lines(request, packed=None, version=1, count=None, total=None):
    packed = deflate(request) if packed is None else packed
    total = zlib.crc32(request) if total is None else total
    amount = -(-(-(-(7 + len(packed)) * 8 // 5)) // 25)
    count = amount if count is None else count
    letters = base32(bytes([version]) + count.to_bytes(2, "big") + total.to_bytes(4, "big") + packed)
    digits = max(2, len(str(amount)))
    return [line(i + 1, letters[i * 25:(i + 1) * 25], digits) for i in range(amount)]


def request(size):
    dice = random.Random(size)
    variables = {}
    while len(json.dumps(variables)) < size:
        variables[f"name_{len(variables)}"] = base64.b64encode(dice.randbytes(30)).decode()
    return json.dumps({"request": "deactivation", "hardware_id": "7b0aa26d48cb5f0e", "variables": variables}).encode()


def swapped(text, at):
    return text[:at] + text[at + 1] + text[at] + text[at + 2:]


def changed(text, at):
    return text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1:]


SHORT, MIDDLE, LONG = request(20), request(900), request(4000)
REQUESTS = {"short": SHORT, "middle": MIDDLE, "long": LONG}
GOOD, BAD = [], []


def good(name, text, of="middle"):
    GOOD.append({"name": name, "text": text, "request": of})


def bad(name, text, fault):
    BAD.append({"name": name, "text": text, "fault": fault})


three, twelve = parts(MIDDLE, 3), parts(LONG, 12)
total = zlib.crc32(MIDDLE)

good("parts: one of one", parts(SHORT, 1)[0], "short")
good("parts: three, a line each", "\n".join(three))
good("parts: in another order", "\n".join([three[2], three[0], three[1]]))
good("parts: one of them twice", "\n".join(three + [three[1]]))
good("parts: run together", "".join(three))
good("parts: in small letters", "\n".join(three).lower())
good("parts: wrapped by a mail", "\r\n".join(t[i:i + 60] for t in three for i in range(0, len(t), 60)))
good("parts: quoted by a mail", "> " + "\n> ".join(three))
good("parts: a byte order mark before", "\ufeff" + "\n".join(three))
good("parts: twelve", "\n".join(twelve), "long")
good("parts: compressed otherwise", "\n".join(parts(MIDDLE, 3, packed=deflate(MIDDLE, 1))))
good("parts: not compressed at all", "\n".join(parts(MIDDLE, 3, packed=deflate(MIDDLE, 0))))

bad("parts: one missing", "\n".join(three[:2]), "parts_missing")
bad("parts: the first missing", "\n".join(three[1:]), "parts_missing")
bad("parts: eleven missing", twelve[5], "parts_missing")
bad("parts: two sets mixed", "\n".join([three[0], twelve[1], three[2]]), "parts_missing")
bad("parts: the total of another request in one", "\n".join(three[:2] + [part(3, 3, total ^ 1, three[2][18:])]), "parts_missing")
bad("parts: another count in one", "\n".join(three[:2] + [part(3, 4, total, three[2][18:])]), "parts_missing")
bad("parts: number 0", part(0, 3, total, three[0][18:]), "part_header")
bad("parts: a number above the count", part(4, 3, total, three[0][18:]), "part_header")
bad("parts: a count of 0", part(0, 0, total, three[0][18:]), "part_header")
bad("parts: a sign for a digit", three[0].replace("HBK1001", "HBK1+01"), "part_header")
bad("parts: a letter in the number", three[0].replace("HBK1001", "HBK1O01"), "part_header")
bad("parts: a total that is not hexadecimal", three[0][:10] + "G" + three[0][11:], "part_header")
bad("parts: cut in the header", three[0][:15], "part_cut")
bad("parts: cut after the header", three[0][:18], "part_cut")
bad("parts: a newer version", three[0].replace("HBK1", "HBK2"), "newer")
bad("parts: a letter that another keyboard could have typed, of one alone", three[0][:30] + "8" + three[0][31:], "parts_missing")
good("parts: padding at the end", "\n".join(three) + "=")
bad("parts: a colon, in one alone", three[0][:25] + ":" + three[0][25:], "parts_missing")
bad("parts: one number, two contents", "\n".join(three + [changed(three[1], 40)]), "parts_conflict")
bad("parts: the total of another request in all", "\n".join(parts(MIDDLE, 3, total=total ^ 1)), "sum")
bad("parts: another request under the total", "\n".join(parts(MIDDLE, 3, packed=deflate(MIDDLE + b" "))), "sum")
bad("parts: the last letter lost", "\n".join(three)[:-1], "armor_damaged")
bad("parts: two letters too many", "\n".join(three) + "AA", "armor_damaged")
bad("parts: bytes after the end", "\n".join(parts(MIDDLE, 3, packed=deflate(MIDDLE) + b"more")), "armor_damaged")
bad("parts: not deflated", "\n".join(parts(MIDDLE, 3, packed=MIDDLE)), "armor_damaged")
bad("parts: cut before compression's end", "\n".join(parts(MIDDLE, 3, packed=deflate(MIDDLE)[:-40])), "armor_damaged")
bad("parts: in zlib's frame", "\n".join(parts(MIDDLE, 3, packed=zlib.compress(MIDDLE, 9))), "armor_damaged")
bad("parts: nothing in it", "\n".join(parts(b"", 1)), "empty")
bad("parts: more than any request", parts(b" " * 1_000_000, 1)[0], "too_large")

typed = lines(MIDDLE)


def but(index, text):
    return "\n".join(typed[:index] + [text] + typed[index + 1:])


good("lines: as they are printed", "\n".join(typed))
good("lines: of a long request", "\n".join(lines(LONG)), "long")
good("lines: in small letters", "\n".join(typed).lower())
good("lines: in another order", "\n".join(reversed(typed)))
good("lines: one of them twice", "\n".join(typed + [typed[3]]))
good("lines: without groups", "\n".join(t[:3] + t[3:].replace(" ", "") for t in typed))
good("lines: blank ones between", "\n\n".join(typed))
good("lines: a zero for every O, an eight for every B", "\n".join(t[:3] + t[3:].replace("O", "0").replace("B", "8") for t in typed))
one = next(i for i, t in enumerate(typed) if 1 <= t.count("I") + t.count("L") <= 2)
good("lines: a one for I and L", but(one, typed[one][:3] + typed[one][3:].replace("I", "1").replace("L", "1")))

bad("lines: a wrong letter", but(2, changed(typed[2], 10)), "line_wrong")
bad("lines: two that changed places", but(2, swapped(typed[2], next(i for i in range(3, 30) if " " not in typed[2][i:i + 2] and typed[2][i] != typed[2][i + 1]))), "line_wrong")
bad("lines: a wrong check letter", but(2, changed(typed[2], len(typed[2]) - 1)), "line_wrong")
bad("lines: the number of another line", but(2, "04" + typed[2][2:]), "line_wrong")
bad("lines: a letter left out", but(2, typed[2][:10] + typed[2][11:]), "line_wrong")
bad("lines: a letter twice", but(2, typed[2][:10] + typed[2][9:]), "line_length")
bad("lines: a nine", but(2, typed[2][:10] + "9" + typed[2][11:]), "line_letter")
bad("lines: a letter of another alphabet", but(2, typed[2][:10] + "Ä" + typed[2][11:]), "line_letter")
bad("lines: no number", but(2, typed[2][3:]), "line_number")
bad("lines: number 0", but(2, "00" + typed[2][2:]), "line_number")
bad("lines: one missing", "\n".join(typed[:4] + typed[5:]), "parts_missing")
bad("lines: the first missing", "\n".join(typed[1:]), "first_line")
bad("lines: the last missing", "\n".join(typed[:-1]), "parts_missing")
bad("lines: one number, two contents", "\n".join(typed + [line(2, "A" * 25)]), "parts_conflict")
bad("lines: a short one in the middle", but(2, line(3, typed[2][3:].replace(" ", "")[:20])), "line_length")
bad("lines: one too many", "\n".join(typed + [line(len(typed) + 1, "A" * 25)]), "armor_damaged")
bad("lines: a newer version", "\n".join(lines(MIDDLE, version=2)), "newer")
bad("lines: a count of one more", "\n".join(lines(MIDDLE, count=len(typed) + 1)), "line_length")
bad("lines: the total of another request", "\n".join(lines(MIDDLE, total=total ^ 1)), "sum")
bad("lines: bytes after the end", "\n".join(lines(MIDDLE, packed=deflate(MIDDLE) + b"more")), "armor_damaged")
bad("lines: not deflated", "\n".join(lines(MIDDLE, packed=MIDDLE)), "armor_damaged")


# The compact form: one byte, then CBOR.

def head(major, number, size=None):
    """The beginning of an item, in the shortest form, or with a number of so many bytes."""
    if size is None:
        if number < 24:
            return bytes([major << 5 | number])
        size = next(s for s in (1, 2, 4, 8) if number < 1 << 8 * s)
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + number.to_bytes(size, "big")


def cbor(value):
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(cbor(one) for one in value)


class Raw(bytes):
    """Bytes that are CBOR already."""


def item(value):
    return bytes(value) if isinstance(value, Raw) else cbor(value)


def mapped(pairs, start=None):
    start = head(5, len(pairs)) if start is None else start
    return start + b"".join(item(key) + item(value) for key, value in pairs)


def compact(shape, fields, **changes):
    """A compact form of the fields by their keys; changes are k7=value, or k7=None to leave it out."""
    fields = dict(fields)
    for name, value in changes.items():
        fields[int(name[1:])] = value
    return bytes([shape << 3 | 6]) + mapped(sorted((k, v) for k, v in fields.items() if v is not None))


def js(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def tag(product, name, value):
    return hashlib.sha256(f"{product}\n{name} {value}".encode()).digest()[:6]


def with_id(four, members, schema2=False):
    """The request_id that four bytes stand for, the members being without it."""
    rest = {"schema_version": 2} if schema2 else {}
    rest.update((name, value) for name, value in members.items() if name not in ("request_id", "date", "signature"))
    number = list(hashlib.sha256(four + js(rest).encode()).digest()[:12] + four)
    number[6] = 4 * 16 + number[6] % 16
    number[8] = 128 + number[8] % 64
    digits = bytes(number).hex()
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def license_bytes(key):
    digits = key.replace("-", "")
    return int(digits, 36).to_bytes(next(n for n in range(99) if 256 ** n >= 36 ** len(digits)), "big")


def text64(data):
    return base64.b64encode(data).decode()


PRODUCT, API_KEY, CLIENT_ID = "testcode", "3d1c7c4e-8a57-4f7b-9c2e-6a4f0e9b1d22", "Client é/7"
BY_KEY = {"product": PRODUCT, "api_key": API_KEY}
BY_CLIENT = {"product": PRODUCT, "client_id": CLIENT_ID}
KEY_TAG, CLIENT_TAG = tag(PRODUCT, "api_key", API_KEY), tag(PRODUCT, "client_id", CLIENT_ID)
LICENSE, HARDWARE, FOUR = "GPYC-X5J2-L5SK-C3LK", "7b0aa26d48cb5f0e", bytes.fromhex("0badcafe")
WHEN, DATE = 1772694489, "Thu, 05 Mar 2026 07:08:09 GMT"
SIGNATURE, OUTER = bytes(range(100, 164)), bytes(range(32, 96))
UUID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
UUID_BYTES = bytes.fromhex(UUID.replace("-", ""))

# What most of them have: the members as the JSON has them, and the fields of the map.
MEMBERS = {"request": "deactivation", "request_id": UUID, "license_key": LICENSE, "hardware_id": HARDWARE,
           "product": PRODUCT, "date": DATE, "api_key": API_KEY}
FIELDS = {1: UUID_BYTES, 2: license_bytes(LICENSE), 4: bytes.fromhex(HARDWARE), 5: WHEN, 6: KEY_TAG, 7: SIGNATURE}
SCHEMA2 = {**FIELDS, 8: OUTER}
UNSIGNED = {key: value for key, value in FIELDS.items() if key != 7}


def but_with(members, **changes):
    """The members with others in their places; None leaves one out."""
    changed = {name: changes.pop(name, value) for name, value in members.items()}
    return {name: value for name, value in {**changed, **changes}.items() if value is not None}


def signed(members, signature=SIGNATURE):
    return js({**members, "signature": text64(signature)}).encode()


def schema2(members, outer):
    inner = {"schema_version": 2, **members, "signature": text64(SIGNATURE)}
    return js({"request": inner, "signature": outer}).encode()


def unsigned(members, version={}):
    members = {name: value for name, value in members.items() if name != "date"}
    return js({"handoff": 1, "made": DATE, "members": {**version, **members}}).encode()


def good_compact(name, request, packed, known=(), count=1):
    """As parts and as lines."""
    REQUESTS["compact: " + name] = request
    ways = {"parts": "\n".join(parts(packed, count, packed=packed)), "lines": "\n".join(lines(packed, packed=packed))}
    for way, text in ways.items():
        good(f"compact, {way}: {name}", text, "compact: " + name)
        if known:
            GOOD[-1]["known"] = list(known)


def bad_compact(name, packed, fault="compact", known=(BY_KEY,)):
    bad("compact: " + name, parts(packed, 1, packed=packed)[0], fault)
    if known:
        BAD[-1]["known"] = list(known)


def four_byte_id(members, schema2=False):
    return but_with(members, request_id=with_id(FOUR, members, schema2))


good_compact("an ID of 4 bytes", signed(four_byte_id(MEMBERS)), compact(0, FIELDS, k1=FOUR), [BY_KEY])
good_compact("an ID of 16 bytes", signed(MEMBERS), compact(0, FIELDS), [BY_KEY])
good_compact("an ID that is a text", signed(but_with(MEMBERS, request_id=UUID.upper())), compact(0, FIELDS, k1=UUID.upper()), [BY_KEY])
good_compact("no ID", signed(but_with(MEMBERS, request_id=None)), compact(0, FIELDS, k1=None), [BY_KEY])
by_client = but_with(MEMBERS, api_key=None, client_id=CLIENT_ID)
good_compact("a tag with client_id", signed(four_byte_id(by_client)), compact(0, FIELDS, k1=FOUR, k6=CLIENT_TAG), [BY_CLIENT])
good_compact("one profile of several", signed(by_client), compact(0, FIELDS, k6=CLIENT_TAG),
             [BY_KEY, {"product": PRODUCT, "client_id": API_KEY}, BY_CLIENT, {"product": "other", "client_id": CLIENT_ID}])
no_tag = {**FIELDS, 6: None, 9: PRODUCT, 10: bytes.fromhex(API_KEY.replace("-", ""))}
good_compact("no tag", signed(MEMBERS), compact(0, no_tag))
good_compact("no tag, an ID of 4 bytes", signed(four_byte_id(MEMBERS)), compact(0, no_tag, k1=FOUR))
good_compact("no tag, api_key a text", signed(but_with(MEMBERS, api_key=API_KEY.upper())), compact(0, no_tag, k10=API_KEY.upper()))
good_compact("no tag, client_id of 16 bytes", signed(but_with(MEMBERS, api_key=None, client_id=UUID)),
             compact(0, no_tag, k10=None, k11=UUID_BYTES))
good_compact("no tag, client_id a text", signed(four_byte_id(by_client)), compact(0, no_tag, k1=FOUR, k10=None, k11=CLIENT_ID))
named = {"request": "deactivation", "request_id": UUID, "username": "ada@example.com", "hardware_id": HARDWARE,
         "product": PRODUCT, "date": DATE, "api_key": API_KEY}
good_compact("a username", signed(four_byte_id(named)), compact(0, FIELDS, k1=FOUR, k2=None, k3="ada@example.com"), [BY_KEY])
for odd in ("gpyc-x5j2-l5sk-c3lk", "GPYC-X5J2-L5S", "GPYCX5J2", "-".join(["AB12"] * 9)):
    good_compact(f"the license key {odd}", signed(but_with(MEMBERS, license_key=odd)), compact(0, FIELDS, k2=odd), [BY_KEY])
for groups in range(1, 9):
    usual = "-".join(["0000", "ZZZZ", "00A0", "9999", "Z000", "1234", "QRST", "0001"][:groups])
    good_compact(f"a license key of {groups}", signed(but_with(MEMBERS, license_key=usual)),
                 compact(0, FIELDS, k2=license_bytes(usual)), [BY_KEY])
good_compact("the highest license key", signed(but_with(MEMBERS, license_key="ZZZZ-ZZZZ")),
             compact(0, FIELDS, k2=license_bytes("ZZZZ-ZZZZ")), [BY_KEY])
good_compact("a hardware_id that is a text", signed(but_with(MEMBERS, hardware_id="7B0A-Ω")), compact(0, FIELDS, k4="7B0A-Ω"), [BY_KEY])
for when, date in ((0, "Thu, 01 Jan 1970 00:00:00 GMT"), (4294967295, "Sun, 07 Feb 2106 06:28:15 GMT"),
                   (4294967296, "Sun, 07 Feb 2106 06:28:16 GMT"), (951782400, "Tue, 29 Feb 2000 00:00:00 GMT")):
    good_compact(f"a date of {when}", signed(but_with(MEMBERS, date=date)), compact(0, FIELDS, k5=when), [BY_KEY])
for size in (1, 23, 24, 255, 256):
    good_compact(f"a signature of {size} bytes", signed(MEMBERS, b"\xfb" * size), compact(0, FIELDS, k7=b"\xfb" * size), [BY_KEY])
good_compact("schema 2, base64", schema2(four_byte_id(MEMBERS, True), text64(OUTER)), compact(2, SCHEMA2, k1=FOUR), [BY_KEY])
good_compact("schema 2, hexadecimal", schema2(four_byte_id(MEMBERS, True), OUTER.hex()), compact(4, SCHEMA2, k1=FOUR), [BY_KEY])
good_compact("schema 2, no tag", schema2(MEMBERS, text64(OUTER)), compact(2, {**no_tag, 8: OUTER}))
good_compact("unsigned", unsigned(four_byte_id(MEMBERS)), compact(1, UNSIGNED, k1=FOUR), [BY_KEY])
good_compact("unsigned, an ID of 16 bytes, no tag", unsigned(MEMBERS), compact(1, no_tag, k7=None))
good_compact("unsigned, schema 2", unsigned(four_byte_id(MEMBERS, True), {"schema_version": 2}), compact(3, UNSIGNED, k1=FOUR), [BY_KEY])
many = four_byte_id({**MEMBERS, "license_id": 1234567, "hostname": 'Zoë\'s "büro"\\PC \U0001f512', "is_vm": False, "consumptions": -3,
                     "product_features": ["a", {"b": 1}], "variables": {
                         "text": "line\nsecond\ttab\b\f\r\x00\x1f\x7f\u2028</é>", "": "", "whole": 2 ** 63 - 1, "least": -2 ** 63,
                         "true": True, "false": False, "float": 1.25, "big": 2 ** 63, "below": -2 ** 63 - 1,
                         "nested": {"a": {"b": []}, "c": 'q"'}, "list": [1, 2.5, "x"], 'na"me\x01': 24}})


def optional(members):
    """The keys 17 and up of the members above."""
    def value(one, inside=False):
        if isinstance(one, dict) and not inside:
            return [part for name, more in one.items() for part in (name, value(more, True))]
        if isinstance(one, (str, bool)) or isinstance(one, int) and -2 ** 63 <= one < 2 ** 63:
            return one
        return js(one).encode()
    keys = {"license_id": 17, "hostname": 18, "is_vm": 28, "consumptions": 30, "product_features": 31, "variables": 32}
    return {key: value(members[name]) for name, key in keys.items()}


good_compact("optional members", signed(many), compact(0, {**FIELDS, **optional(many)}, k1=FOUR), [BY_KEY])
good_compact("optional members, in several parts", signed(many), compact(0, {**FIELDS, **optional(many)}, k1=FOUR), [BY_KEY], count=4)
many2 = but_with(many, request_id=with_id(FOUR, many, True))
good_compact("optional members, schema 2", schema2(many2, OUTER.hex()), compact(4, {**SCHEMA2, **optional(many2)}, k1=FOUR), [BY_KEY], count=2)
good_compact("optional members, unsigned", unsigned(many), compact(1, {**UNSIGNED, **optional(many)}, k1=FOUR), [BY_KEY])
texts = {name: f"{name} {key}" for key, name in enumerate(
    "bundle_code license_id hostname os_hostname ip ip_local mac_address os_ver app_ver app_name sdk_ver sdk_lang is_vm "
    "vm_info".split(), 16) if name not in ("license_id", "is_vm")}
good_compact("all optional texts", signed(four_byte_id({**MEMBERS, **texts})),
             compact(0, {**FIELDS, **{int(text.split()[1]): text for text in texts.values()}}, k1=FOUR), [BY_KEY])
for number in (0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, -1, -24, -25, -256, -257, -2 ** 32 - 1):
    good_compact(f"the number {number}", signed({**MEMBERS, "variables": {"n": number}}), compact(0, FIELDS, k32=["n", number]), [BY_KEY])
good_compact("empty variables", signed({**MEMBERS, "variables": {}}), compact(0, FIELDS, k32=[]), [BY_KEY])

usual = compact(0, FIELDS)
FIRST, PAIRS = usual[:1], sorted(FIELDS.items())
for length in (0, 1, 2, 10, 19, len(usual) - 2):
    bad_compact(f"cut after {length} bytes more", usual[:1 + length])
bad_compact("a byte behind it", usual + b"\x00")
bad_compact("a second map behind it", usual + b"\xa0")
bad_compact("no map", FIRST + cbor([part for pair in PAIRS for part in pair]))
bad_compact("an empty map", FIRST + b"\xa0")
bad_compact("a map of more than there is", FIRST + mapped(PAIRS, head(5, 7)))
bad_compact("a map of 2^64-1", FIRST + mapped(PAIRS, head(5, 2 ** 64 - 1, 8)))
for size in (1, 2, 4, 8):
    bad_compact(f"the map's length in {size} bytes", FIRST + mapped(PAIRS, head(5, 6, size)))
    bad_compact(f"a key in {size} bytes", FIRST + mapped(PAIRS[:-1] + [(Raw(head(0, 7, size)), SIGNATURE)]))
    bad_compact(f"a number in {size} bytes", compact(0, FIELDS, k30=Raw(head(0, 5, size))))
    bad_compact(f"a negative number in {size} bytes", compact(0, FIELDS, k30=Raw(head(1, 5, size))))
    bad_compact(f"bytes' length in {size} bytes", compact(0, FIELDS, k4=Raw(head(2, 8, size) + FIELDS[4])))
    bad_compact(f"a text's length in {size} bytes", compact(0, FIELDS, k18=Raw(head(3, 4, size) + b"host")))
    bad_compact(f"a list's length in {size} bytes", compact(0, FIELDS, k32=Raw(head(4, 2, size) + cbor("n") + cbor(1))))
for number, size in ((23, 1), (255, 2), (65535, 4), (2 ** 32 - 1, 8)):
    bad_compact(f"the number {number} in {size} bytes", compact(0, FIELDS, k30=Raw(head(0, number, size))))
bad_compact("keys out of order", FIRST + mapped(PAIRS[1:] + PAIRS[:1]))
bad_compact("the last two keys out of order", FIRST + mapped(PAIRS[:-2] + PAIRS[:-3:-1]))
bad_compact("a key twice", FIRST + mapped(PAIRS[:1] + PAIRS))
bad_compact("a key twice with other values", FIRST + mapped(PAIRS + [(7, OUTER)]))
for key in (0, 12, 13, 14, 15, 33, 255, 2 ** 64 - 1):
    bad_compact(f"the key {key}", compact(0, FIELDS, **{f"k{key}": "text"}))
bad_compact("a negative key", FIRST + mapped(PAIRS + [(-1, "text")]))
bad_compact("a key that is a text", FIRST + mapped(PAIRS + [("hostname", "text")]))
bad_compact("a key that is bytes", FIRST + mapped(PAIRS + [(b"\x12", "text")]))
bad_compact("a tag of CBOR on the date", compact(0, FIELDS, k5=Raw(b"\xc1" + cbor(WHEN))))
bad_compact("a tag of CBOR on an optional member", compact(0, FIELDS, k17=Raw(b"\xc2" + cbor(b"\x01"))))
bad_compact("a tag of CBOR on it all", FIRST + b"\xd9\xd9\xf7" + usual[1:])
for name, code in (("16", "f93c00"), ("32", "fa3f800000"), ("64", "fb3ff0000000000000")):
    bad_compact(f"a floating-point number of {name} bits", compact(0, FIELDS, k30=Raw(bytes.fromhex(code))))
    bad_compact(f"one of {name} bits in a list", compact(0, FIELDS, k32=Raw(head(4, 2) + cbor("n") + bytes.fromhex(code))))
bad_compact("a map of indefinite length", FIRST + mapped(PAIRS, b"\xbf") + b"\xff")
bad_compact("a text of indefinite length", compact(0, FIELDS, k18=Raw(b"\x7f" + cbor("host") + b"\xff")))
bad_compact("bytes of indefinite length", compact(0, FIELDS, k7=Raw(b"\x5f" + cbor(SIGNATURE) + b"\xff")))
bad_compact("a list of indefinite length", compact(0, FIELDS, k32=Raw(b"\x9f" + cbor("n") + cbor(1) + b"\xff")))
for name, code in (("null", "f6"), ("undefined", "f7"), ("simple value 16", "f0"), ("true in two bytes", "f815"), ("simple value 255", "f8ff"),
                   ("a break", "ff"), ("a reserved head", "1c"), ("a reserved head of a text", "7e"), ("a map", "a1616e01"), ("an empty map", "a0")):
    bad_compact(f"{name} for a value", compact(0, FIELDS, k18=Raw(bytes.fromhex(code))))
    bad_compact(f"{name} in a list", compact(0, FIELDS, k32=Raw(head(4, 2) + cbor("n") + bytes.fromhex(code))))
for key, values in {1: (7, True, []), 2: (7, []), 3: (b"ada", 7, True), 4: (7, False), 5: ("7", b"7", True, -2 ** 64), 6: ("sixsix", 7),
                    7: (text64(SIGNATURE), 7, [])}.items():
    for value in values:
        bad_compact(f"key {key} with {value!r}", compact(0, FIELDS, **{f"k{key}": value}))
for key, values in {9: (b"testcode", 7), 10: (7, True, []), 11: (7, [])}.items():
    for value in values:
        bad_compact(f"key {key} with {value!r}", compact(0, no_tag, k10=None, **{f"k{key}": value}) if key == 11 else
                    compact(0, no_tag, **{f"k{key}": value}))
bad_compact("key 8 with a text", compact(2, SCHEMA2, k8=text64(OUTER)))
for size in (0, 1, 3, 5, 15, 17):
    bad_compact(f"an ID of {size} bytes", compact(0, FIELDS, k1=UUID_BYTES.ljust(17, b"7")[:size]))
    bad_compact(f"an api_key of {size} bytes", compact(0, no_tag, k10=UUID_BYTES.ljust(17, b"7")[:size]))
    bad_compact(f"a client_id of {size} bytes", compact(0, no_tag, k10=None, k11=UUID_BYTES.ljust(17, b"7")[:size]))
for size in (0, 5, 7):
    bad_compact(f"a tag of {size} bytes", compact(0, FIELDS, k6=(KEY_TAG + b"7")[:size]))
for size in (0, 1, 2, 4, 5, 7, 9, 10, 12, 20, 22, 24):
    bad_compact(f"a license key of {size} bytes", compact(0, FIELDS, k2=bytes(size)))
for groups in range(1, 9):
    length = len(license_bytes("-".join(["ZZZZ"] * groups)))
    bad_compact(f"a license key above the highest of {groups}", compact(0, FIELDS, k2=(36 ** (4 * groups)).to_bytes(length, "big")))
    bad_compact(f"a license key of {length} bytes of 255", compact(0, FIELDS, k2=b"\xff" * length))
for when in (253402300800, 2 ** 63, 2 ** 64 - 1):
    bad_compact(f"a date of {when}", compact(0, FIELDS, k5=when))
bad_compact("no signature", compact(0, FIELDS, k7=None))
bad_compact("an empty signature", compact(0, FIELDS, k7=b""))
bad_compact("an outer signature in schema 1", compact(0, SCHEMA2))
for shape in (2, 4):
    bad_compact(f"no outer signature in shape {shape}", compact(shape, FIELDS))
    bad_compact(f"no inner signature in shape {shape}", compact(shape, SCHEMA2, k7=None))
    bad_compact(f"an empty outer signature in shape {shape}", compact(shape, SCHEMA2, k8=b""))
    bad_compact(f"an empty inner signature in shape {shape}", compact(shape, SCHEMA2, k7=b""))
for shape in (1, 3):
    bad_compact(f"a signature in shape {shape}", compact(shape, FIELDS))
    bad_compact(f"an outer signature in shape {shape}", compact(shape, UNSIGNED, k8=OUTER))
    bad_compact(f"no date in shape {shape}", compact(shape, UNSIGNED, k5=None))
bad_compact("a tag and a product", compact(0, FIELDS, k9=PRODUCT))
bad_compact("a tag and an api_key", compact(0, FIELDS, k10=API_KEY))
bad_compact("a tag and a client_id", compact(0, FIELDS, k11=CLIENT_ID))
for name, code in (("a byte that is none", b"\xff"), ("one cut", b"ab\xc3"), ("one too long", b"\xc0\xaf"), ("a surrogate", b"\xed\xa0\x80"),
                   ("one above U+10FFFF", b"\xf4\x90\x80\x80")):
    bad_compact(f"UTF-8, {name}", compact(0, FIELDS, k18=Raw(head(3, len(code)) + code)))
    bad_compact(f"UTF-8, {name}, in a name", compact(0, FIELDS, k32=Raw(head(4, 2) + head(3, len(code)) + code + cbor(1))))
    bad_compact(f"UTF-8, {name}, in bytes", compact(0, FIELDS, k31=b'["' + code + b'"]'))
    bad_compact(f"UTF-8, {name}, in a username", compact(0, FIELDS, k3=Raw(head(3, len(code)) + code)))
bad_compact("a list of one", compact(0, FIELDS, k32=["n"]))
bad_compact("a list of three", compact(0, FIELDS, k32=["n", 1, "m"]))
bad_compact("a list of more than there is", compact(0, FIELDS, k32=Raw(head(4, 4) + cbor("n") + cbor(1))))
bad_compact("a list of 2^64-2", compact(0, FIELDS, k32=Raw(head(4, 2 ** 64 - 2) + cbor("n") + cbor(1))))
bad_compact("a list in a list", compact(0, FIELDS, k32=["n", ["m", 1]]))
bad_compact("an empty list in a list", compact(0, FIELDS, k32=["n", []]))
for value in (1, b"n", True):
    bad_compact(f"a name that is {value!r}", compact(0, FIELDS, k32=[value, 1]))
bad_compact("a text of more than there is", compact(0, FIELDS, k18=Raw(head(3, 5) + b"host")))
bad_compact("bytes of 2^64-1", compact(0, FIELDS, k7=Raw(head(2, 2 ** 64 - 1) + SIGNATURE)))
for value in (2 ** 63, 2 ** 64 - 1, -2 ** 63 - 1, -2 ** 64):
    bad_compact(f"the number {value}", compact(0, FIELDS, k30=value))
    bad_compact(f"the number {value} in a list", compact(0, FIELDS, k32=["n", value]))
for code in (b"", b"nul", b"[1,2", b"[1,]", b"[1][2]", b"{a:1}", b"{'a':1}", b"NaN", b"Infinity", b"-Infinity", b"01.5", b"1.", b".5", b"+1.5",
             b'["\x01"]', b'["\\x"]', b'["\\u12"]', b"\xef\xbb\xbf[1]", b"[1]\x00", b"[1]//", b"\xff"):
    bad_compact(f"bytes {code!r}, no JSON", compact(0, FIELDS, k31=code))
    bad_compact(f"bytes {code!r}, no JSON, in a list", compact(0, FIELDS, k32=["n", code]))
for shape in (5, 6, 16, 31):
    bad_compact(f"shape {shape}", compact(shape, FIELDS), "newer")
    bad_compact(f"shape {shape} with what is no map", bytes([shape << 3 | 6]) + b"\xff\x00newer", "newer")
bad_compact("a tag, nothing known", usual, "unknown_tag", ())
bad_compact("a tag, another product known", usual, "unknown_tag", [{"product": "other", "api_key": API_KEY}])
bad_compact("a tag, another api_key known", usual, "unknown_tag", [{"product": PRODUCT, "api_key": UUID}])
bad_compact("a tag, its value known as client_id", usual, "unknown_tag", [{"product": PRODUCT, "client_id": API_KEY}])
bad_compact("a tag with an ID of 4 bytes, nothing known", compact(0, FIELDS, k1=FOUR), "unknown_tag", ())
bad_compact("a tag in schema 2, nothing known", compact(4, SCHEMA2), "unknown_tag", ())
bad_compact("a tag, unsigned, nothing known", compact(1, UNSIGNED), "unknown_tag", ())


def bad_carried(name, text, fault):
    bad("compact, " + name, text, fault)
    BAD[-1]["known"] = [BY_KEY]


carried, total, written = parts(usual, 3, packed=usual), zlib.crc32(usual), lines(usual, packed=usual)
bad_carried("parts: another letter", "\n".join([carried[0], changed(carried[1], 30), carried[2]]), "sum")
bad_carried("parts: another sum", "\n".join(parts(usual, 3, packed=usual, total=total ^ 1)), "sum")
bad_carried("parts: the sum of the JSON", "\n".join(parts(usual, 3, packed=usual, total=zlib.crc32(signed(MEMBERS)))), "sum")
bad_carried("parts: one missing", "\n".join(carried[1:]), "parts_missing")
bad_carried("parts: a byte more than was sent", parts(usual, 1, packed=usual + b"\x00")[0], "sum")
bad_carried("lines: another sum", "\n".join(lines(usual, packed=usual, total=total ^ 1)), "sum")
bad_carried("lines: one missing", "\n".join(written[:1] + written[2:]), "parts_missing")
bad_carried("lines: damaged", "\n".join(lines(usual + b"\x00", packed=usual + b"\x00")), "compact")
bad_carried("lines: a tag that is not known", "\n".join(lines(compact(0, FIELDS, k6=CLIENT_TAG), packed=compact(0, FIELDS, k6=CLIENT_TAG))),
            "unknown_tag")

with open("armor.json", "w", encoding="utf-8") as out:
    json.dump({"requests": {name: base64.b64encode(r).decode() for name, r in REQUESTS.items()}, "good": GOOD, "bad": BAD},
              out, indent=1, ensure_ascii=False)
    out.write("\n")
print(len(GOOD), "good,", len(BAD), "bad")
