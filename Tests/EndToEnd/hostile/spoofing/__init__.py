"""Requests in which somebody tries to be somebody else, made of a few names, many spellings and a few places."""

from spoofing import cookies, fields, targets, trailers

VARIANTS = [*fields.variants(), *cookies.variants(), *targets.variants(), *trailers.variants()]
