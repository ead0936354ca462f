"""Writes mails with a request, one JSON object of name and base64 a line.

Reads JSON from standard input: the request's text, its file and its picture (base64).
The mails are Python's own, so that the reader is not tested with a writer of ours.
"""
import base64, io, json, sys, zipfile
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.text import MIMEText

given = json.load(sys.stdin)
text, picture = given["text"], base64.b64decode(given["picture"])
page = "<html><body><p>Hello,</p><pre>%s</pre><p>Thank you</p></body></html>" % text
words = "Hello,\n\nplease release this license.\n\nThank you\n"


def mail(body=words, **headers):
    m = EmailMessage()
    m["From"], m["To"], m["Subject"] = "Zoë <zoe@customer.example>", "support@acme.example", "Ein Gerät weniger"
    m["Message-ID"] = "<1@customer.example>"
    m.set_content(body)
    return m


def attached(m, data, name="ls_deactivation.req", kind="application/octet-stream", **more):
    main, sub = kind.split("/")
    m.add_attachment(data, maintype=main, subtype=sub, filename=name, **more)
    return m


def packed(*files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(name, data)
    return out.getvalue()


def show(name, m):
    data = m if isinstance(m, bytes) else m.as_bytes()
    print(json.dumps({"name": name, "mail": base64.b64encode(data).decode()}))


request = text.encode()
show("in its text", mail(words + "\n" + text + "\n"))
quoted = mail()
quoted.set_content(words + "\n" + text + "\n", cte="quoted-printable")
show("quoted-printable", quoted)
coded = mail()
coded.set_content(words + "\n" + text + "\n", cte="base64")
show("text in base64", coded)
both = mail(words + "\n" + text)
both.add_alternative(page, subtype="html")
show("plain and as a page", both)
only = mail()
only.set_content(page, subtype="html", cte="quoted-printable")
show("a page alone", only)
show("attached", attached(mail(), request))
show("attached, name of other letters", attached(mail(), request, name="Anforderung für Zoë.req"))
long = attached(mail(), request, name="x" * 120 + ".req")
show("attached, long name in parts", long)
seven = attached(mail(), request, kind="text/plain".replace("plain", "x-request"))
show("attached as text", seven)
show("a photograph", attached(mail(), picture, name="IMG_0001.png", kind="image/png"))
logo = attached(attached(mail(), b"\x89PNG\r\n\x1a\n broken", name="logo.png", kind="image/png"), request)
show("beside a picture that cannot be read", logo)
show("zipped", attached(mail(), packed(("a/ls_deactivation.req", request), ("a/readme.txt", "Hello")), name="files.zip", kind="application/zip"))
outer = mail("See below.")
outer.add_attachment(attached(mail(), request))
show("forwarded as an attachment", outer)
forwarded = "".join("> " + line + "\n" for line in attached(mail(), request).as_string().split("\n") if line)
show("forwarded in its text", mail("---------- Forwarded message ----------\n> From: Zoe\n> Subject: x\n>\n> " + text + "\n"))
show("with CRLF", attached(mail(), request).as_bytes().replace(b"\n", b"\r\n"))
show("from a mailbox", b"From zoe@customer.example Fri Nov 27 10:00:00 2026\n" + attached(mail(), request).as_bytes())
folded = attached(mail(), request)
folded["X-Spam"] = "a very long header that is folded " * 8
show("folded", folded)
bare = MIMEBase("application", "octet-stream")
bare["From"], bare["Message-ID"] = "a@b.example", "<2@b.example>"
bare.set_payload(request.decode())
show("an attachment alone", bare)
