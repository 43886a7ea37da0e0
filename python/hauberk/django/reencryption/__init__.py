"""Encrypting tables in place: new keys, other packages' values, plaintext, indexes.

Rows are walked by their primary key and replaced only if they still hold what was read
(compare and swap): every ciphertext is a version of its own, so no writer's update is
ever lost, on any database. Where rows can be locked and locked ones skipped, workers on
several machines share the work.
"""

from hauberk.django.reencryption.columns import Column as Column
from hauberk.django.reencryption.places import columns as columns
from hauberk.django.reencryption.places import columns_in as columns_in
from hauberk.django.reencryption.places import fields_missing_in as fields_missing_in
from hauberk.django.reencryption.run import Options as Options
from hauberk.django.reencryption.run import Tally as Tally
from hauberk.django.reencryption.run import reencrypt as reencrypt
from hauberk.django.reencryption.verify import Finding as Finding
from hauberk.django.reencryption.verify import verify as verify

__all__ = [
    "Column",
    "Finding",
    "Options",
    "Tally",
    "columns",
    "columns_in",
    "fields_missing_in",
    "reencrypt",
    "verify",
]
