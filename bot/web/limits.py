"""How often one address may do what costs us something: a bucket of tokens for each, in memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

#: Who is slow to type and clicks twice never comes near this.
PER_MINUTE = 20
#: Conversations that begin: a whole team at once in one school, which often has one address; a
#: new cookie with every request makes no more persons than this.
BEGINNINGS_PER_MINUTE = 30
#: More addresses than this at once are not remembered: the one unheard of longest goes first.
_MOST_ADDRESSES = 10_000
#: After so many seconds all of a bucket has come back.
_REMEMBERED = 60
#: One household or office has a whole block of these, and could change address at every try.
_BLOCK = 64


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Limiter:
    """Counts tries by address; what is not used comes back evenly over the minute."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        per_minute: int = PER_MINUTE,
        most_addresses: int = _MOST_ADDRESSES,
    ) -> None:
        """Tell time by `monotonic`, in seconds that never go back."""
        self._monotonic = monotonic
        self._most = per_minute
        self._per_second = per_minute / 60
        self._most_addresses = most_addresses
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, address: str) -> int:
        """Count a try; give 0, or the whole seconds to wait when there were too many."""
        bucket = self._filled(_block(address))
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return math.ceil((1 - bucket.tokens) / self._per_second)

    def __len__(self) -> int:
        """Give how many addresses are remembered."""
        return len(self._buckets)

    def _filled(self, name: str) -> _Bucket:
        now = self._monotonic()
        self._forget_full(now)
        bucket = self._buckets.pop(name, None) or _Bucket(self._most, now)
        gained = (now - bucket.filled_at) * self._per_second
        bucket.tokens = min(self._most, bucket.tokens + gained)
        bucket.filled_at = now
        self._buckets[name] = bucket
        if len(self._buckets) > self._most_addresses:
            self._buckets.popitem(last=False)
        return bucket

    def _forget_full(self, now: float) -> None:
        """Forget who was not heard of for a minute: that bucket is full, as a new one is."""
        while self._buckets:
            name, bucket = next(iter(self._buckets.items()))
            if now - bucket.filled_at < _REMEMBERED:
                return
            del self._buckets[name]


def _block(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        return str(ipaddress.IPv6Network((int(parsed), _BLOCK), strict=False))
    return address
