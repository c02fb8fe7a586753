"""Numbers with Belgian check digits."""


def vat_number(first):
    """``BE0xxx.xxx.xxx`` with its check digits; ``first`` is the number without them
    (8 digits, the leading 0 or 1 included).
    """
    check = 97 - int(first) % 97
    digits = f"{int(first):08}{check:02}"
    return f"BE{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def iban(bank, account):
    """A Belgian IBAN for a bank (3 digits) and an account (7 digits)."""
    base = f"{bank}{account}"
    check = int(base) % 97 or 97
    bban = f"{base}{check:02}"
    return f"BE{98 - int(f'{bban}111400') % 97:02}{bban}"


def structured(number):
    """A structured communication ``+++xxx/xxxx/xxxxx+++`` of a ten-digit number."""
    digits = f"{number:010}{number % 97 or 97:02}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
