"""Purchase and sales bookings (api.md §4.4, §4.5; X.1-X.5, X.20-X.28)."""

import base64

import pytest

from octopus_sandbox.seed import demo

from .client import Caller, purchase, sale

FILE = {"fileName": "invoice.pdf", "fileData": base64.b64encode(b"%PDF-").decode()}


def code_of(response):
    assert response.status_code == 400, response.text
    return response.json()["errorCode"]


def read(octopus, number=3, journal="V1"):
    return octopus.get(
        "buysellbookings", bookyearId=2, journalKey=journal, documentSeqNr=number
    )


def test_a_booking_is_kept_as_it_was_sent(octopus):
    response = octopus.book(orderReference="SO1", paymentMethod=1)
    assert (response.status_code, response.content) == (201, b"")
    expected = sale(orderReference="SO1", paymentMethod=1)
    expected["relationIdentificationServiceData"]["externalRelationId"] = 0
    assert read(octopus).json() == expected


def test_numbers_follow_each_other(octopus):
    """X.20, X.21."""
    for number in (3, 4, 5):
        assert octopus.book(documentSequenceNr=number).status_code == 201
    for number in (5, 7, 0, -1):
        assert code_of(octopus.book(documentSequenceNr=number)) == -13


def test_numbers_start_again_in_each_bookyear_and_journal(octopus):
    values = {"bookyearPeriodeNr": 202701, "bookyearKey": {"id": 3}}
    assert octopus.book(documentSequenceNr=1, **values).status_code == 201
    assert octopus.book(documentSequenceNr=1, journalKey="V2").status_code == 201


@pytest.mark.parametrize(("switch", "number"), [("ignored", 3), ("obeyed", 100)])
def test_a_chosen_next_number(sandbox, octopus, switch, number):
    sandbox.world.set_switches({"next_number": switch})
    sandbox.books().accountant.set_journal(2, "V1", next_number=100)
    assert octopus.book(documentSequenceNr=103 - number).status_code == 400
    assert octopus.book(documentSequenceNr=number).status_code == 201


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bookyearKey": {"id": 9}}, -9),
        ({"journalKey": "V9"}, -10),
        ({"journalKey": "F1"}, -38),
        ({"journalKey": "V3", "documentSequenceNr": 1}, -29),
        ({"bookyearPeriodeNr": 1}, -14),
        ({"bookyearPeriodeNr": 202701}, -14),
        ({"relationIdentificationServiceData": {"relationKey": {"id": 99}}}, -16),
        ({"relationIdentificationServiceData": {"relationKey": {"id": 2}}}, -16),
        ({"relationIdentificationServiceData": {}}, -16),
        ({"currencyCode": "JPY"}, -19),
        ({"exchangeRate": 0.0}, -20),
        ({"line": {"accountKey": 799999}}, -21),
        ({"line": {"accountKey": 70}}, -50),
        ({"line": {"vatCodeKey": "6"}}, -22),
        ({"line": {"vatCodeKey": ""}}, -22),
        ({"line": {"vatCodeKey": "D21"}}, -75),
        ({"line": {"vatAmount": -21.0}}, -23),
        ({"amount": 121.01}, -24),
        ({"line": {"baseAmount": 100.005}}, -24),
        ({"line": {"costCentreKey": {"id": 99}}}, -40),
        ({"line": {"costCentreKey": {"id": 3}}}, -41),
    ],
    ids=str,
)
def test_each_mistake_has_its_code_and_nothing_is_kept(sandbox, octopus, change, code):
    """X.5, X.8, X.9, X.11, X.26, X.27."""
    before = sandbox.world.audit()
    assert code_of(octopus.book(**change)) == code
    assert sandbox.world.audit() == before


def test_recuperation_must_be_a_percentage(octopus):
    line = {"accountKey": 612400, "vatCodeKey": "D21", "vatRecupPercentage": 101.0}
    assert code_of(octopus.book(**purchase(line=line))) == -30


def test_a_purchase_takes_the_recuperation_of_its_account(octopus):
    for number, account, given, kept in (
        (2, 612400, None, 100.0),
        (3, 616000, None, 50.0),
        (4, 612400, 35.0, 35.0),
    ):
        line = {"accountKey": account, "vatCodeKey": "D21"}
        if given:
            line["vatRecupPercentage"] = given
        octopus.book(**purchase(line=line, documentSequenceNr=number))
        booked = read(octopus, number, "A1").json()
        assert booked["bookingLines"][0]["vatRecupPercentage"] == kept


@pytest.mark.parametrize("body", [sale, purchase], ids=["sale", "purchase"])
def test_a_credit_note_is_negative_with_positive_lines(octopus, body):
    """X.28: header negative, lines positive."""
    assert octopus.book(**body(amount=-121.0)).status_code == 201


def test_a_credit_note_with_negative_lines_is_refused(octopus):
    line = {"baseAmount": -100.0, "vatAmount": -21.0}
    assert code_of(octopus.book(amount=-121.0, line=line)) == -24


def test_a_line_of_opposite_effect(octopus):
    lines = [
        sale()["bookingLines"][0],
        {
            "accountKey": 708000,
            "baseAmount": -10.0,
            "vatCodeKey": "21",
            "vatAmount": -2.1,
        },
    ]
    assert octopus.book(lines=lines, amount=108.9).status_code == 201


def test_an_empty_booking_exists(octopus):
    assert octopus.book(lines=[], amount=0.0).status_code == 201


def test_an_unbalanced_header_may_be_accepted(sandbox, octopus):
    sandbox.world.set_switches({"header_tolerance": "0.01"})
    assert octopus.book(amount=121.01).status_code == 201
    assert code_of(octopus.book(amount=121.02, documentSequenceNr=4)) == -24
    sandbox.world.set_switches({"header_balance": "accept"})
    assert octopus.book(amount=500.0, documentSequenceNr=4).status_code == 201


def test_vat_may_be_checked_against_the_rate(sandbox, octopus):
    sandbox.world.set_switches({"vat_amount": "checked"})
    assert code_of(octopus.book(line={"vatAmount": 20.0}, amount=120.0)) == -24
    assert octopus.book().status_code == 201
    reverse = {"accountKey": 604010, "vatCodeKey": "HE1", "vatAmount": 0.0}
    body = purchase(line=reverse, amount=100.0)
    assert octopus.book(**body).status_code == 201


def test_decimals_may_be_rounded(sandbox, octopus):
    sandbox.world.set_switches({"decimals": "round"})
    line = {"baseAmount": 100.004, "vatAmount": 21.001}
    assert octopus.book(line=line, amount=121.0).status_code == 201
    assert read(octopus).json()["bookingLines"][0]["baseAmount"] == 100.0


def test_a_line_without_vat_code(sandbox, octopus):
    line = {"accountKey": 653000, "baseAmount": 2.0}
    assert octopus.book(lines=[line], amount=2.0).status_code == 201
    sandbox.world.set_switches({"line_without_vat_code": "refuse"})
    again = octopus.book(lines=[line], amount=2.0, documentSequenceNr=4)
    assert code_of(again) == -22


def test_the_account_can_be_left_to_octopus(sandbox, octopus):
    """D.4: the default account of the VAT code, else of the relation."""
    line = {"baseAmount": 100.0, "vatCodeKey": "06", "vatAmount": 6.0}
    assert octopus.book(lines=[line], amount=106.0).status_code == 201
    assert read(octopus).json()["bookingLines"][0]["accountKey"] == 700100
    sandbox.world.set_switches({"line_without_account": "refuse"})
    again = octopus.book(lines=[line], amount=106.0, documentSequenceNr=4)
    assert code_of(again) == -21


def test_a_booking_finds_its_relation_by_external_id(sandbox, octopus):
    sandbox.books().dossier.relations[1].external_id = 4711
    octopus.book(relationIdentificationServiceData={"externalRelationId": 4711})
    assert read(octopus).json()["relationIdentificationServiceData"] == {
        "externalRelationId": 4711,
        "relationKey": {"id": 1},
    }


def test_a_sale_to_a_mere_supplier_may_be_accepted(sandbox, octopus):
    sandbox.world.set_switches({"relation_role": "free"})
    relation = {"relationKey": {"id": 2}}
    assert octopus.book(relationIdentificationServiceData=relation).status_code == 201


@pytest.mark.parametrize(
    ("order", "code"), [("header_first", -16), ("lines_first", -21)]
)
def test_the_order_of_the_checks_after_the_number(sandbox, octopus, order, code):
    sandbox.world.set_switches({"check_order": order})
    wrong = {
        "relationIdentificationServiceData": {"relationKey": {"id": 99}},
        "line": {"accountKey": 799999},
    }
    assert code_of(octopus.book(**wrong)) == code


def test_period_and_date_need_not_agree(octopus):
    assert octopus.book(documentDate="2026-11-30").status_code == 201


# -- closed, protected, locked ---------------------------------------------------


def test_a_protected_period_is_15(sandbox, octopus):
    """X.2."""
    sandbox.books().accountant.protect_period(2, 202602)
    assert code_of(octopus.book()) == -15
    assert octopus.book(bookyearPeriodeNr=202603).status_code == 201


@pytest.mark.parametrize(
    ("meaning", "refused", "booked"),
    [("until", 202602, 202604), ("from", 202604, 202602)],
)
def test_both_meanings_of_closed_period(sandbox, octopus, meaning, refused, booked):
    sandbox.world.set_switches({"closed_period": meaning})
    sandbox.books().accountant.set_journal(2, "V1", closed_period=202603)
    assert code_of(octopus.book(bookyearPeriodeNr=refused)) == -15
    assert octopus.book(bookyearPeriodeNr=booked).status_code == 201


def test_a_closed_bookyear(sandbox, octopus):
    """X.1: no code of it is known."""
    values = {
        "bookyearKey": {"id": 1},
        "bookyearPeriodeNr": 202512,
        "documentSequenceNr": 1,
    }
    assert code_of(octopus.book(**values)) == -15
    sandbox.world.set_switches({"closed_year_code": "-11"})
    assert octopus.book(**values).status_code == 403


@pytest.mark.parametrize(
    ("state", "code"), [({"closed": True}, -11), ({"opened_by": "An"}, -12)], ids=str
)
@pytest.mark.parametrize("switch", ["present", "absent"])
def test_a_closed_or_open_journal_is_403(sandbox, octopus, state, code, switch):
    """X.4: the two causes look the same when the code is not in the body."""
    sandbox.world.set_switches({"code_in_403": switch})
    sandbox.books().accountant.set_journal(2, "V1", **state)
    response = octopus.book()
    assert response.status_code == 403
    expected = code if switch == "present" else None
    assert response.json().get("errorCode") == expected


@pytest.mark.parametrize(
    ("switch", "status"), [("before_number", 403), ("after_number", 400)]
)
def test_lock_or_number_first(sandbox, octopus, switch, status):
    sandbox.world.set_switches({"lock_check": switch})
    sandbox.books().accountant.set_journal(2, "V1", opened_by="An")
    assert octopus.book(documentSequenceNr=9).status_code == status


def test_codes_that_were_never_seen_may_have_another_status(sandbox, octopus):
    sandbox.world.set_switches({"refusal_status": "500"})
    assert octopus.book(currencyCode="JPY").status_code == 500
    assert octopus.book(documentSequenceNr=9).status_code == 400


# -- what does not keep to the contract ------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"number": 3},
        {"amount": "121.0"},
        {"documentSequenceNr": 3.5},
        {"documentSequenceNr": 2**31},
        {"bookingLines": None},
        {"journalKey": 1},
    ],
    ids=str,
)
def test_unknown_fields_and_wrong_types_are_violations(sandbox, octopus, change):
    response = octopus.book(**change)
    assert response.status_code == 400
    assert response.json() == {"technicalInfo": "Invalid or missing parameters passed"}
    sandbox.expect_violation("insertBuySellBooking")


def test_an_unwrapped_body_is_a_violation(sandbox, octopus):
    assert octopus.post("buysellbookings", sale()).status_code == 400
    sandbox.expect_violation()


def test_an_empty_wrapper_is_a_violation(sandbox, octopus):
    assert octopus.post("buysellbookings", {}).status_code == 400
    sandbox.expect_violation("buySellBookingServiceData is missing")


@pytest.mark.parametrize(
    ("switch", "kind"), [("empty", None), ("html", "<html"), ("json", '{"tech')]
)
def test_a_wrong_date_format_is_500(sandbox, octopus, switch, kind):
    sandbox.world.set_switches({"server_error_body": switch})
    response = octopus.book(documentDate="03/02/2026")
    assert response.status_code == 500
    assert response.text.startswith(kind) if kind else not response.content
    sandbox.expect_violation("must be date")


def test_an_unknown_path_is_a_violation(sandbox, octopus):
    assert octopus.get("nothing").status_code == 404
    assert octopus.delete("buysellbookings", {}).status_code == 405
    sandbox.expect_violation("is not in the contract")


# -- reading and changing --------------------------------------------------------


def test_no_such_booking_is_404(octopus):
    assert read(octopus, 99).status_code == 404


def test_a_booking_can_be_replaced(octopus):
    octopus.book()
    changed = sale(comment="anders", line={"baseAmount": 200.0, "vatAmount": 42.0})
    changed["amount"] = 242.0
    assert octopus.put("buysellbookings", changed).status_code == 204
    assert read(octopus).json()["amount"] == 242.0
    assert code_of(octopus.put("buysellbookings", sale(documentSequenceNr=9))) == -34


@pytest.mark.parametrize(("switch", "status"), [("refuse", 400), ("allow", 204)])
def test_replacing_a_matched_booking(sandbox, octopus, switch, status):
    sandbox.world.set_switches({"update_balanced": switch})
    body = read(octopus, 1).json()
    assert octopus.put("buysellbookings", body).status_code == 204
    body["comment"] = "anders"
    assert octopus.put("buysellbookings", body).status_code == status


@pytest.mark.parametrize(("switch", "status"), [("refuse", 400), ("allow", 204)])
def test_replacing_a_booking_in_a_protected_period(sandbox, octopus, switch, status):
    octopus.book()
    sandbox.world.set_switches({"update_protected": switch})
    sandbox.books().accountant.protect_period(2, 202603)
    assert octopus.put("buysellbookings", sale()).status_code == status


# -- text, files -----------------------------------------------------------------


def test_long_texts(sandbox, octopus):
    sandbox.world.set_switches({"text_limit": 10})
    assert code_of(octopus.book()) == -79
    sandbox.world.set_switches({"long_text": "cut"})
    assert octopus.book().status_code == 201
    assert read(octopus).json()["comment"] == "INV/2026/0"


def test_files_come_with_the_booking_or_later(sandbox, octopus):
    """Z.14."""
    assert octopus.book(attachments=[FILE]).status_code == 201
    response = octopus.call(
        "POST",
        "bookyears/2/bookings/attachements",
        json=FILE | {"fileName": "invoice.xml"},
        headers={"journalKey": "V1", "documentSequennceNr": "3"},
    )
    assert (response.status_code, response.content) == (204, b"")
    booking = sandbox.books().dossier.bookings[2, "V1", 3]
    assert [(f.name, f.content) for f in booking.attachments] == [
        ("invoice.pdf", b"%PDF-"),
        ("invoice.xml", b"%PDF-"),
    ]
    octopus.put("buysellbookings", sale(comment="anders"))
    booking = sandbox.books().dossier.bookings[2, "V1", 3]
    assert len(booking.attachments) == 2


@pytest.mark.parametrize("status", [400, 413])
def test_a_file_that_is_too_big_leaves_nothing_behind(sandbox, octopus, status):
    """X.48."""
    sandbox.world.set_switches(
        {"attachment_limit": 4, "attachment_status": str(status)}
    )
    assert octopus.book(attachments=[FILE]).status_code == status
    assert read(octopus).status_code == 404
    assert octopus.book().status_code == 201


def test_a_type_of_file_may_be_refused(sandbox, octopus):
    sandbox.world.set_switches({"attachment_types": "pdf_xml"})
    odd = FILE | {"fileName": "invoice.docx"}
    assert octopus.book(attachments=[odd]).status_code == 400
    assert octopus.book(attachments=[FILE]).status_code == 201


def test_a_file_of_no_booking(octopus):
    response = octopus.call(
        "POST",
        "bookyears/2/bookings/attachements",
        json=FILE,
        headers={"journalKey": "V1", "documentSequennceNr": "99"},
    )
    assert code_of(response) == -34


def test_file_data_must_be_base64(sandbox, octopus):
    response = octopus.book(attachments=[FILE | {"fileData": "no!"}])
    assert response.status_code in (400, 500)
    sandbox.expect_violation("must be byte")


def test_dossiers_do_not_mix(sandbox, octopus):
    """B.1: one number series per dossier."""
    octopus.book()
    branch = Caller(sandbox, demo.BRANCH)
    assert branch.book(bookyearPeriodeNr=202601).status_code == 201
    assert len(sandbox.books(demo.THIRD).dossier.bookings) == 3
