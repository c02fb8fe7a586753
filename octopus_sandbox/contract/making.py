"""Operations of the REST contract that make bookyears and journals, see
:mod:`.operations`."""

from .operation import Operation

MAKING = (
    Operation(
        "insertBookyear",
        "POST",
        "~/bookyears",
        body="BookyearInsertRequest",
        answers={200: "BookyearDetailServiceData"},
        daily_limit=24,
    ),
    Operation(
        "insertBuyJournal",
        "POST",
        "~/journals/A",
        body="BuyJournalInsertRequest",
        answers={200: "BuyJournalServiceData"},
        daily_limit=24,
    ),
    Operation(
        "insertSellJournal",
        "POST",
        "~/journals/V",
        body="SellJournalInsertRequest",
        answers={200: "SellJournalServiceData"},
        daily_limit=24,
    ),
    Operation(
        "insertFinancialJournal",
        "POST",
        "~/journals/F",
        body="FinancialJournalInsertRequest",
        answers={200: "FinancialJournalServiceData"},
        daily_limit=24,
    ),
)
