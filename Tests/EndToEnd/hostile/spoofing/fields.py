"""Every name that says who somebody is, in every spelling; what stands before and behind the credential takes turns."""

from spoofing.names import BELIEVED_ELSEWHERE, GUARDED, forged
from spoofing.spellings import as_letters, nominated, spellings
from spoofing.variant import Variant, template


def variants():
    for name in GUARDED:
        for turn, (how, lines) in enumerate(spellings(name, forged(name))):
            yield placed(f"{name}, {how}", lines, first=turn % 2)
    for how, lines in spellings("Authorization", forged("Authorization")):
        yield placed(f"Authorization before or behind, {how}", lines, first=True)
        yield placed(f"Authorization behind or before, {how}", lines, first=False)
    for name in BELIEVED_ELSEWHERE:
        for how, lines in [*as_letters(name, forged(name)), *nominated(name, forged(name))]:
            yield placed(f"{name}, {how}", lines, first=False)
    for value in SCHEMES:
        yield placed(f"Authorization: {value}", [f"Authorization: {value}"], first=True)


SCHEMES = ["Bearer", "Bearer ", "bearer forged-identity", "Basic Zm9yZ2VkOmlkZW50aXR5", "Negotiate forged-identity",
           "Bearer lkg_forged-identity", f"Bearer lkg_{'A' * 64}", f"bearer lkg_{'A' * 64}", "Bearer\tforged-identity",
           "Bearer  forged-identity", "Bearer forged-identity, Bearer forged-identity", "forged-identity", "",
           'Digest username="forged-identity"', "Bearer lkg_", "lkg_" + "A" * 64]


def placed(name, lines, first):
    return Variant(name, template(before=lines) if first else template(after=lines))
