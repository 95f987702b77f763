"""A linear-chain model over sparse features, and a plain one, both fitted with AdaGrad; numpy only."""
import numpy as np


class Sparse:
    """Rows of feature numbers, one a sentence."""

    def __init__(self, feature_sets, vocabulary):
        ids, ends = [], [0]
        for features in feature_sets:
            ids.extend(sorted(vocabulary[x] for x in features if x in vocabulary))
            ends.append(len(ids))
        self.ids, self.ends = np.array(ids, np.int64), np.array(ends, np.int64)

    def rows(self, which):
        counts = self.ends[which + 1] - self.ends[which]
        ids = np.concatenate([self.ids[self.ends[j]:self.ends[j + 1]] for j in which])
        return ids, counts

    def times(self, weights, which):
        ids, counts = self.rows(which)
        row = np.repeat(np.arange(len(which)), counts)
        return np.stack([np.bincount(row, weights[ids, k], len(which)) for k in range(weights.shape[1])], 1)

    def gradient(self, by_row, which):
        ids, counts = self.rows(which)
        row = np.repeat(np.arange(len(which)), counts)
        used, where = np.unique(ids, return_inverse=True)
        return used, np.stack([np.bincount(where, by_row[row, k], len(used)) for k in range(by_row.shape[1])], 1)


def vocabulary_of(feature_sets, fewest):
    count = {}
    for features in feature_sets:
        for x in features:
            count[x] = count.get(x, 0) + 1
    return {x: i for i, x in enumerate(sorted(x for x, n in count.items() if n >= fewest))}


def softmax(scores):
    e = np.exp(scores - scores.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def fit_plain(sparse, labels, classes, features, epochs=2, l2=0.2, rate=0.15):
    """Multinomial regression without neighbours; gives weights and bias."""
    rng = np.random.default_rng(0)
    weights, sums = np.zeros((features, classes)), np.full((features, classes), 1e-3)
    bias = np.log(np.bincount(labels, minlength=classes) / len(labels))
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for at in range(0, len(order), 1024):
            which = order[at:at + 1024]
            error = -softmax(sparse.times(weights, which) + bias)
            error[np.arange(len(which)), labels[which]] += 1
            used, g = sparse.gradient(error, which)
            g -= l2 * weights[used] * len(which) / 1024
            sums[used] += g * g
            weights[used] += rate * g / np.sqrt(sums[used])
    return weights, bias


def _log_sum(a, axis):
    most = a.max(axis, keepdims=True)
    return (most + np.log(np.exp(a - most).sum(axis, keepdims=True))).squeeze(axis)


def forward_backward(own, mask, start, follow):
    """Per document and place (padded): forward and backward scores, total, shares of the roles."""
    forward, backward = np.zeros_like(own), np.zeros_like(own)
    forward[:, 0] = start + own[:, 0]
    for t in range(1, own.shape[1]):
        step = _log_sum(forward[:, t - 1][:, :, None] + follow[None], 1) + own[:, t]
        forward[:, t] = np.where(mask[:, t][:, None], step, forward[:, t - 1])
    total = _log_sum(forward[:, -1], 1)
    for t in range(own.shape[1] - 2, -1, -1):
        step = _log_sum(follow[None] + (own[:, t + 1] + backward[:, t + 1])[:, None, :], 2)
        backward[:, t] = np.where(mask[:, t + 1][:, None], step, 0)
    shares = np.exp(forward + backward - total[:, None, None]) * mask[:, :, None]
    return forward, backward, total, shares


def fit_chain(sparse, lengths, labels, weight, features, l2=4.0, epochs=12, rate=0.1, classes=5):
    """Each sentence counts by `weight`, a pair of neighbours by the root of theirs. The average of the last passes."""
    rng = np.random.default_rng(1)
    w, a, s = np.zeros((features, classes)), np.zeros((classes, classes)), np.zeros(classes)
    gw, ga, gs = (np.full(x.shape, 1e-6) for x in (w, a, s))
    mean, taken = [np.zeros_like(x) for x in (w, a, s)], 0
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    truth = np.eye(classes)[labels]
    for epoch in range(epochs):
        order, step = rng.permutation(len(lengths)), rate * (1 - 0.9 * epoch / epochs)
        for at in range(0, len(order), 64):
            docs = order[at:at + 64]
            share = len(docs) / len(lengths)
            which = np.concatenate([np.arange(begins[d], begins[d] + lengths[d]) for d in docs])
            mask = np.arange(lengths[docs].max())[None] < lengths[docs][:, None]
            own, y, wt = (np.zeros(mask.shape + x.shape[1:]) for x in (truth[:1].repeat(1, 0), truth, weight))
            own[mask], y[mask], wt[mask] = sparse.times(w, which), truth[which], weight[which]
            forward, backward, total, shares = forward_backward(own, mask, s, a)
            used, g = sparse.gradient(((y - shares) * wt[:, :, None])[mask], which)
            g -= l2 * share * w[used]
            gw[used] += g * g
            w[used] += step * g / np.sqrt(gw[used])
            da = -l2 * share * a
            for t in range(1, mask.shape[1]):
                m = mask[:, t]
                pair = np.exp(forward[m, t - 1][:, :, None] + a[None] + (own[m, t] + backward[m, t])[:, None, :] -
                              total[m][:, None, None])
                both = np.sqrt(wt[m, t] * wt[m, t - 1])
                da += ((y[m, t - 1][:, :, None] * y[m, t][:, None, :] - pair) * both[:, None, None]).sum(0)
            ds = ((y[:, 0] - shares[:, 0]) * wt[:, 0][:, None]).sum(0) - l2 * share * s
            ga += da ** 2
            gs += ds ** 2
            a += step * da / np.sqrt(ga)
            s += step * ds / np.sqrt(gs)
        if epoch >= epochs * 0.6:
            taken += 1
            for total_, now in zip(mean, (w, a, s)):
                total_ += now
    return [x / taken for x in mean]
