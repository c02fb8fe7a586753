"""Octopus over SOAP: ``transport`` calls, ``answers`` judges, ``mapping`` says how our
operations and values are written there, ``service`` is its WSDL."""
