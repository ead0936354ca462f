#!/usr/bin/env python3
"""Writes armor.json: test vectors for the armor of docs/carrying-format.md.

It is written from that document alone and shares no code with the program."""

import base64, json, random, zlib

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

with open("armor.json", "w", encoding="utf-8") as out:
    json.dump({"requests": {name: base64.b64encode(r).decode() for name, r in REQUESTS.items()}, "good": GOOD, "bad": BAD},
              out, indent=1, ensure_ascii=False)
    out.write("\n")
print(len(GOOD), "good,", len(BAD), "bad")
