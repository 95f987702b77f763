"""The run-time arithmetic of digest/write/role_net.cpp in whole numbers, so that training sees what will be computed."""
import numpy as np

UNIT = 32                        # scores: 1/32 of a natural logarithm
ONE = 1 << 30                    # shares of a sum, inside
SHARE = 1 << 16                  # shares that are given on
_STEP = 1040706261               # 2^30 * exp(-1/32), rounded


def _exp_table():
    out, x = [], ONE
    for _ in range(UNIT * 12 + 1):
        out.append(x)
        x = x * _STEP >> 30
    return out


EXP = _exp_table()
_EXP = np.array(EXP, np.int64)


def exp_below(distance):
    """2^30 * exp(-distance/32) for a distance of 0 and more; beyond 12 logarithms as at 12."""
    return EXP[min(distance, len(EXP) - 1)]


_LOG = np.array([next(d for d, e in enumerate(EXP) if e <= ((share << 14) + (ONE // 100))) for share in range(SHARE + 1)])


def log_feature(share):
    """log(share + 0.01) + 2 in units of 1/32."""
    return 2 * UNIT - _LOG[share]


def soft_shares(scores):
    """Shares (of 2^16) of each row of whole scores."""
    e = _EXP[np.minimum(scores.max(1, keepdims=True) - scores, len(EXP) - 1)]
    return (e << 16) // e.sum(1, keepdims=True)


def _scaled(values):
    shift = 30 - max(values).bit_length()
    return [v << shift if shift > 0 else v >> -shift for v in values]


def chain_shares(own, start, follow):
    """Forward and backward over one document; `own` a list of rows of whole scores."""
    n, k = len(own), len(start)
    pot = [[exp_below(max(row) - x) for x in row] for row in own]
    most = max(max(row) for row in follow)
    step = [[exp_below(most - x) for x in row] for row in follow]
    first = [exp_below(max(start) - x) for x in start]
    forward, backward = [_scaled([f * p >> 30 for f, p in zip(first, pot[0])])], [None] * n
    for t in range(1, n):
        sums = [sum(forward[-1][j] * step[j][c] for j in range(k)) >> 30 for c in range(k)]
        forward.append(_scaled([x * p >> 30 for x, p in zip(sums, pot[t])]))
    backward[n - 1] = [ONE >> 1] * k
    for t in range(n - 1, 0, -1):
        after = [p * b >> 30 for p, b in zip(pot[t], backward[t])]
        backward[t - 1] = _scaled([sum(step[j][c] * after[c] for c in range(k)) >> 30 for j in range(k)])
    out = []
    for f, b in zip(forward, backward):
        both = [x * y >> 30 for x, y in zip(f, b)]
        total = max(1, sum(both))
        out.append([(x << 16) // total for x in both])
    return out
