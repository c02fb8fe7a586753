#!/usr/bin/env bash
# zeep 4.3.2: the page of a gateway in place of an answer becomes a SOAP fault, or a
# transport error, depending on nothing but whether its HTML happens to be XML.
#
# Seen: an HTTP 502 with an XHTML body raises zeep.exceptions.Fault, "Unknown fault
# occured", without code and without HTTP status; the same 502 with HTML that is no XML,
# or with an empty body, raises zeep.exceptions.TransportError with status_code 502.
# Who takes every Fault for a refusal of the service books a hiccup of a proxy as one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check zeep==4.3.2
cat >"$work/service.wsdl" <<'WSDL'
<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:t="urn:t" targetNamespace="urn:t">
  <types>
    <xsd:schema targetNamespace="urn:t">
      <xsd:element name="Ask"><xsd:complexType/></xsd:element>
      <xsd:element name="Answer"><xsd:complexType/></xsd:element>
    </xsd:schema>
  </types>
  <message name="In"><part name="body" element="t:Ask"/></message>
  <message name="Out"><part name="body" element="t:Answer"/></message>
  <portType name="Port">
    <operation name="Ask"><input message="t:In"/><output message="t:Out"/></operation>
  </portType>
  <binding name="Binding" type="t:Port">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Ask">
      <soap:operation soapAction=""/>
      <input><soap:body use="literal"/></input>
      <output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <service name="Service">
    <port name="Port" binding="t:Binding">
      <soap:address location="http://127.0.0.1/"/>
    </port>
  </service>
</definitions>
WSDL
cd "$work"
"$work/env/bin/python" - <<'PYTHON'
import http.server
import threading

import zeep

PAGES = {
    "xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Bad gateway</p>'
    b"</body></html>",
    "html": b"<html><body><p>Bad gateway<br></body></html>",
    "empty": b"",
}
EXPECTED = {
    "xhtml": ("Fault", None, None),
    "html": ("TransportError", None, 502),
    "empty": ("TransportError", None, 502),
}


class Gateway(http.server.BaseHTTPRequestHandler):
    page = b""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(502)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_values):
        """Keep the output to what is held against the expectation."""


server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = zeep.Client("service.wsdl")
service = client.create_service(
    "{urn:t}Binding", f"http://127.0.0.1:{server.server_port}/"
)
seen = {}
for name, page in PAGES.items():
    Gateway.page = page
    try:
        service.Ask()
    except (zeep.exceptions.Fault, zeep.exceptions.TransportError) as error:
        seen[name] = (
            type(error).__name__,
            getattr(error, "code", None),
            getattr(error, "status_code", None),
        )
        print(f"zeep {zeep.__version__}, 502 with {name}: {seen[name]}: {error}")
server.shutdown()
assert seen == EXPECTED, f"it behaves in another way now: {seen}"
PYTHON
