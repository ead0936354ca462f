#!/usr/bin/env python3
"""Reads the armor of docs/carrying-format.md: parts and typed lines, packed as
deflate or in the compact form.

    read.py [--product CODE (--api-key KEY | --client-id ID)] < text
    read.py --many < json-lines

The first prints the JSON of the request in base64; on a fault it prints the
fault's word to standard error and ends with status 1. With --many each line of
the input is {"text": "...", "known": [{"product": "...", "api_key": "..."}]},
and each line of the output is {"request": "BASE64"} or {"fault": "WORD"}.

It is written from the document alone and shares no code with the program. It
reads no briefs and no letters that a scanner typed through another keyboard."""

import argparse, base64, email.utils, hashlib, itertools, json, re, sys, uuid, zlib

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
LARGEST = 768 * 1024
HEADER = re.compile("([0-9]{3})([0-9]{3})([0-9A-F]{8})")


class Fault(Exception):
    """What is wrong, as a word of the document's table."""


def need(right, word="compact"):
    if not right:
        raise Fault(word)


def read(text, known=()):
    """The bytes of the request's JSON that the text carries."""
    text = text.translate(UPPER).replace("\ufeff", "")
    together = re.sub(r"[\s>]+", "", text)
    if re.match("HBK([0-9]|$)", together) or re.search("HBK1" + HEADER.pattern, together):
        return read_parts(together, known)
    rows = [row for row in text.splitlines() if row.strip()]
    need(any(re.match(r"\s*[OIL]?[0-9]", row) for row in rows), "other")
    return read_lines(rows, known)


# Parts

def read_parts(text, known):
    need(not re.match("HBK[02-9]", text), "newer")
    sets = {}  # by count and sum
    for body in text.split("HBK1")[1:] or [""]:
        header = HEADER.match(body)
        need(header or len(body) >= 14, "part_cut")
        need(header, "part_header")
        number, count, letters = int(header[1]), int(header[2]), body[14:].rstrip("=")
        need(1 <= number <= count, "part_header")
        need(letters, "part_cut")
        one = sets.setdefault((count, int(header[3], 16)), {})
        need(one.setdefault(number, letters) == letters, "parts_conflict")
    for (count, total), one in sets.items():
        if len(one) == count:
            letters = "".join(one[number] for number in range(1, count + 1))
            need(set(letters) <= set(ALPHABET), "part_letter")
            return unpack(from_letters(letters), total, known)
    raise Fault("parts_missing")


def from_letters(letters):
    """The bytes; the bits that fill up the last letter have to be zero."""
    need(len(letters) % 8 not in (1, 3, 6), "armor_damaged")
    data = base64.b32decode(letters + "=" * (-len(letters) % 8))
    need(base64.b32encode(data).decode().rstrip("=") == letters, "armor_damaged")
    return data


# Lines

NUMERALS = tuple("0123456789OIL")
NUMERALS_MEANT = str.maketrans("OIL", "011")


def times_a(element):
    return element << 1 ^ (0b100101 if element & 16 else 0)


def passes(number, letters):
    """Whether the line is a word of the code: by Horner's scheme, at a and a²."""
    first = second = 0
    for symbol in [number >> 10, number >> 5 & 31, number & 31] + [ALPHABET.index(c) for c in letters]:
        first = times_a(first) ^ symbol
        second = times_a(times_a(second)) ^ symbol
    return first == second == 0


def read_lines(rows, known):
    found = {}
    for row in rows:
        for number, letters in read_row(row):
            need(found.setdefault(number, letters) == letters, "parts_conflict")
    need(1 in found, "first_line")
    need(len(found[1]) >= 12, "armor_damaged")
    start = base64.b32decode(found[1][:12] + "AAAA")
    version, count, total = start[0], int.from_bytes(start[1:3], "big"), int.from_bytes(start[3:7], "big")
    need(version != 129, "other")  # a brief
    need(version == 1, "newer")
    need(1 <= count <= 9999, "armor_damaged")
    need(all(len(letters) == 25 for number, letters in found.items() if number < count), "line_length")
    need(max(found) <= count, "armor_damaged")
    need(len(found) == count, "parts_missing")
    data = from_letters("".join(found[number] for number in range(1, count + 1)))
    return unpack(data[7:], total, known)


def read_row(row):
    """The lines of a row, each as its number and its letters without the check letters."""
    groups = re.split(r"[\s.\-‐‑‒–—−·]+", row)
    text, ends = "".join(groups), set(itertools.accumulate(map(len, groups)))
    need(re.fullmatch("[A-Z0-9]+", text), "line_letter")

    def numbers(at):
        """What can be a number there, with where it ends, the longest first."""
        last = at
        while text[last:last + 1] in NUMERALS and last < at + 6 and (last == at or last not in ends):
            last += 1
        some = [(int(text[at:end].translate(NUMERALS_MEANT)), end) for end in range(last, at, -1)]
        return [(number, end) for number, end in some if 1 <= number <= 9999]

    readings = {0: [[]]}  # up to a place in the text; two of them are too many already
    for at in range(len(text)):
        for before in readings.pop(at, ())[:2]:
            for number, end in numbers(at):
                stops = {min(end + 27, len(text))} | ends & {*range(end + 3, end + 27)}
                lines = [(stop, one) for stop in stops for one in spellings(text[end:stop]) if passes(number, one)]
                for stop, letters in lines:
                    readings.setdefault(stop, []).append(before + [(number, letters[:-2])])
                if lines and end in ends:  # what stands alone is the number
                    break
    found = readings.get(len(text), ())
    if len(found) == 1:
        return found[0]
    need(numbers(0), "line_number")
    rest = text[numbers(0)[0][1]:]
    need(len(rest) > 30 or "9" not in rest, "line_letter")
    need(3 <= len(rest) <= 27 or len(rest) > 30, "line_length")
    raise Fault("line_wrong")


def spellings(letters):
    """What is meant by the letters: a 1 is an I or an L."""
    letters = letters.replace("0", "O").replace("8", "B")
    if len(letters) < 3 or letters.count("1") > 4 or not re.fullmatch("[A-Z1-7]*", letters):
        return []
    return ["".join(one) for one in itertools.product(*("IL" if c == "1" else c for c in letters))]


# What is packed

def unpack(packed, total, known):
    if packed and packed[0] & 7 == 0b110:
        need(zlib.crc32(packed) == total, "sum")
        return expand(packed, known)
    inflater = zlib.decompressobj(-15)
    try:
        request = inflater.decompress(packed, LARGEST + 1)
    except zlib.error:
        raise Fault("armor_damaged")
    need(len(request) <= LARGEST, "too_large")
    need(inflater.eof and not inflater.unused_data, "armor_damaged")
    need(request, "empty")
    need(zlib.crc32(request) == total, "sum")
    return request


class Items:
    """CBOR as far as the compact form has it: in deterministic encoding only."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        need(length <= len(self.data) - self.at)
        self.at += length
        return self.data[self.at - length:self.at]

    def head(self):
        first = self.take(1)[0]
        major, value = first >> 5, first & 31
        if value >= 24 and major != 7:
            need(value <= 27)  # neither reserved nor of indefinite length
            size = 1 << value - 24
            value = int.from_bytes(self.take(size), "big")
            need(value >= (24 if size == 1 else 1 << 4 * size))
        return major, value

    def item(self, lists=True):
        major, value = self.head()
        if major == 0:
            return value
        if major == 1:
            return -1 - value
        if major == 2:
            return self.take(value)
        if major == 3:
            try:
                return self.take(value).decode()
            except UnicodeDecodeError:
                raise Fault("compact")
        if major == 4:
            need(lists and value <= len(self.data) - self.at)
            return [self.item(lists=False) for _ in range(value)]
        need(major == 7 and value in (20, 21))
        return value == 21

    def fields(self):
        """The map that is all there is, with its keys in order."""
        major, length = self.head()
        need(major == 5)
        fields, last = {}, -1
        for _ in range(length):
            major, key = self.head()
            need(major == 0 and key > last)
            fields[key], last = self.item(), key
        need(self.at == len(self.data))
        return fields


# The compact form

OPTIONAL = """bundle_code license_id hostname os_hostname ip ip_local mac_address os_ver app_ver app_name
    sdk_ver sdk_lang is_vm vm_info consumptions product_features variables""".split()
PLACES = ((1, "request_id"), (2, "license_key"), (3, "username"), (4, "hardware_id"), (9, "product"), (5, "date"),
          (10, "api_key"), (11, "client_id"), *enumerate(OPTIONAL, 16))


def expand(packed, known):
    """The JSON of a compact form."""
    shape = packed[0] >> 3
    need(shape <= 4, "newer")
    signed, schema2 = shape not in (1, 3), shape >= 2
    fields = Items(packed[1:]).fields()
    need(fields.keys() <= {*range(1, 12), *range(16, 16 + len(OPTIONAL))})
    need((7 in fields) == signed and (8 in fields) == (signed and schema2))
    need(signed or 5 in fields)
    need(not (6 in fields and fields.keys() & {9, 10, 11}))
    tag, short = fields.pop(6, None), None
    if isinstance(fields.get(1), bytes) and len(fields[1]) == 4:
        short = fields.pop(1)
    values = {key: VALUES.get(key, optional)(value) for key, value in fields.items()}
    if tag is not None:
        need(type(tag) is bytes and len(tag) == 6)
        values.update(profile(tag, known))
    if short is not None:
        rest = joined({key: value for key, value in values.items() if key != 5}, schema2)
        values[1] = quoted(made_id(short, rest))
    if not signed:
        made = values.pop(5)
        request = f'{{"handoff":1,"made":{made},"members":{joined(values, schema2)}}}'
    elif not schema2:
        request = joined(values, schema2, values[7])
    else:
        outer = quoted(fields[8].hex()) if shape == 4 else values[8]
        request = f'{{"request":{joined(values, schema2, values[7])},"signature":{outer}}}'
    need(len(request.encode()) <= LARGEST, "too_large")
    return request.encode()


def joined(values, schema2, signature=None):
    """The object of the members, in their order."""
    members = ['"schema_version":2'] * schema2 + ['"request":"deactivation"']
    members += [f'"{name}":{values[key]}' for key, name in PLACES if key in values]
    members += [f'"signature":{signature}'] * (signature is not None)
    return "{" + ",".join(members) + "}"


def profile(tag, known):
    for one in known:
        for key, name in ((10, "api_key"), (11, "client_id")):
            if name in one and hashlib.sha256(f"{one['product']}\n{name} {one[name]}".encode()).digest()[:6] == tag:
                return {9: quoted(one["product"]), key: quoted(one[name])}
    raise Fault("unknown_tag")


def made_id(short, rest):
    data = bytearray(hashlib.sha256(short + rest.encode()).digest()[:12] + short)
    data[6] = data[6] & 0x0F | 0x40
    data[8] = data[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(data)))


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def plain(value):
    need(type(value) is str)
    return quoted(value)


def identifier(value):
    if type(value) is bytes:
        need(len(value) == 16)
        value = str(uuid.UUID(bytes=value))
    return plain(value)


def license_key(value):
    if type(value) is bytes:
        lengths = (3, 6, 8, 11, 13, 16, 19, 21)
        need(len(value) in lengths)
        number, groups = int.from_bytes(value, "big"), []
        for _ in range(lengths.index(len(value)) + 1):
            group = ""
            for _ in range(4):
                number, digit = divmod(number, 36)
                group = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + group
            groups.insert(0, group)
        need(number == 0)
        value = "-".join(groups)
    return plain(value)


def hexadecimal(value):
    return plain(value.hex() if type(value) is bytes else value)


def date(value):
    need(type(value) is int and 0 <= value < 253402300800)  # up to the year 9999
    return quoted(email.utils.formatdate(value, usegmt=True))


def signature(value):
    need(type(value) is bytes and value)
    return quoted(base64.b64encode(value).decode())


def optional(value):
    if type(value) is list:
        need(len(value) % 2 == 0)
        return "{" + ",".join(plain(name) + ":" + optional(one) for name, one in zip(value[::2], value[1::2])) + "}"
    if type(value) is bytes:
        try:
            text = value.decode()
            json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda word: need(False))
        except (ValueError, RecursionError):
            raise Fault("compact")
        need(text.strip(" \t\r\n") == text)
        return text
    need(type(value) is not int or -2**63 <= value < 2**63)
    return quoted(value)


VALUES = {1: identifier, 2: license_key, 3: plain, 4: hexadecimal, 5: date, 7: signature, 8: signature, 9: plain,
          10: identifier, 11: identifier}


def main():
    options = argparse.ArgumentParser(description="Reads the armor of docs/carrying-format.md.")
    options.add_argument("--many", action="store_true", help="read a JSON object from each line")
    options.add_argument("--product", metavar="CODE")
    kind = options.add_mutually_exclusive_group()
    kind.add_argument("--api-key", metavar="KEY")
    kind.add_argument("--client-id", metavar="ID")
    given = options.parse_args()
    if (given.product is None) != (given.api_key is None and given.client_id is None):
        options.error("--product goes with --api-key or --client-id")
    if given.many:
        for line in sys.stdin.buffer:
            one = json.loads(line)
            try:
                answer = {"request": base64.b64encode(read(one["text"], one.get("known") or ())).decode()}
            except Fault as fault:
                answer = {"fault": str(fault)}
            print(json.dumps(answer), flush=True)
        return
    profiles = []
    if given.product is not None:
        name, value = ("api_key", given.api_key) if given.client_id is None else ("client_id", given.client_id)
        profiles = [{"product": given.product, name: value}]
    try:
        print(base64.b64encode(read(sys.stdin.buffer.read().decode(errors="replace"), profiles)).decode())
    except Fault as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
