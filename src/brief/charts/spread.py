"""Moves labels apart in one dimension."""

from collections.abc import Sequence


def spread_apart(middles: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Returns the closest non-overlapping centres for blocks of these heights, in the same order.

    The blocks stay between `top` and `bottom`; if they do not fit there, they start at `top`. Least squares by pooling
    adjacent violators (Barlow et al., 1972).
    """
    order = sorted(range(len(middles)), key=lambda index: (middles[index], index))
    pools: list[tuple[float, int]] = []
    above, total = [], 0.0
    for index in order:
        above.append(total + heights[index] / 2)
        pool, count = middles[index] - above[-1], 1
        while pools and pools[-1][0] > pool:
            mean, size = pools.pop()
            pool, count = (mean * size + pool * count) / (size + count), size + count
        pools.append((pool, count))
        total += heights[index]
    starts = [max(top, min(mean, bottom - total)) for mean, count in pools for _ in range(count)]
    placed = dict(zip(order, (start + offset for start, offset in zip(starts, above, strict=True)), strict=True))
    return [placed[index] for index in range(len(middles))]
