#!/usr/bin/env python3
"""Fits digest/write/role_weights.tsv. Needs numpy (fitting only), zstd and a built `broadsheet` for splitting sentences.

    roles.py --quality DIR --corpus DIR --broadsheet PROGRAM --out role_weights.tsv [--cross-validate]

Three steps, each with a fixed seed:
  1. Two plain models that need no labels, over the abstracts of the corpus: at which place of its abstract a sentence
     stands, and which kind of opening it had, from the words after the opening. They know the words of all fields.
  2. A linear-chain model over CSAbstruct (train split), each sentence weighted by the annotators' agreement, and over
     half of the abstracts with headings ("Methods: ...").
  3. A small net over what 1 and 2 say of a sentence and its neighbours, fitted on the shares that 2 gives to abstracts
     it was not fitted on.
All in whole numbers (fixed.py), so that the run-time computes the same everywhere.
"""
import argparse
import glob
import hashlib
import json
import re
import subprocess
import sys

import numpy as np

import crf
import fixed
from text import OPENERS, ROLES, opener, opening_features, place_features, tokens, word_features

PLACES = 8
HIDDEN = 24
FOLDS = 5
BOOST = (1.0, 1.12, 1.0, 1.0, 1.3)  # what is rare would be given up for what is frequent
MOST = 46  # of a whole weight: one character of the table
HEADINGS = {
    "background": 0, "introduction": 0, "context": 0, "motivation": 0, "problem": 0, "significance": 0,
    "purpose": 1, "objective": 1, "objectives": 1, "aim": 1, "aims": 1, "goal": 1, "goals": 1,
    "method": 2, "methods": 2, "methodology": 2, "approach": 2, "materials and methods": 2, "data": 2, "design": 2,
    "result": 3, "results": 3, "findings": 3, "main results": 3, "conclusion": 3, "conclusions": 3,
    "discussion": 3, "interpretation": 3}
_HEADING = re.compile(r"^(" + "|".join(sorted(HEADINGS, key=len, reverse=True)) + r")\s?: ", re.I)


def jsonl(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def corpus_records(folder):
    for path in sorted(glob.glob(folder + "/*.zst")):
        out = subprocess.run(["zstd", "-dc", "--long=27", path], capture_output=True, check=True).stdout
        for line in out.decode().splitlines():
            record = json.loads(line)
            yield record["id"], record["abstract"] or ""


def split(program, abstracts):
    out = []
    for at in range(0, len(abstracts), 5000):
        lines = "".join(json.dumps({"title": "", "abstract": a}) + "\n" for a in abstracts[at:at + 5000])
        done = subprocess.run([program, "analyse"], input=lines, capture_output=True, text=True, check=True)
        out.extend([s["text"] for s in json.loads(line)["sentences"]] for line in done.stdout.splitlines())
    return out


def number_of(paper):
    return int(hashlib.md5(paper.encode()).hexdigest(), 16)


def headed(sentences):
    """(sentence without its heading, role) where at least three headings part the abstract, else nothing."""
    out, role, seen = [], None, set()
    for s in sentences:
        m = _HEADING.match(s)
        if m:
            role = HEADINGS[m.group(1).lower()]
            seen.add(m.group(1).lower())
            s = s[m.end():]
        if role is None:
            return []
        if s.strip():
            out.append((s[0].upper() + s[1:], role))
    return out if len(seen) >= 3 else []


class Doc:
    def __init__(self, sentences, labels, weight):
        self.words = [tokens(s) for s in sentences]
        self.labels, self.weight = labels, weight


def chain_features(doc):
    n = len(doc.words)
    return [place_features(w, i, n) | word_features(w) | opening_features(w) for i, w in enumerate(doc.words)]


def place_of(i, n):
    return 0 if i == 0 else PLACES - 1 if i == n - 1 else 1 + (i - 1) * 6 // (n - 2)


def whole(weights, most=MOST):
    return np.clip(np.rint(weights * fixed.UNIT), -most, most).astype(np.int64)


def keep_strong(weights, vocabulary, count):
    """The features with the largest influence: their weight, and how often they are met."""
    strength = np.abs(weights).max(1) * np.sqrt([min(count.get(x, 0), 400) for x in vocabulary])
    kept = np.zeros(len(weights), bool)
    kept[np.argsort(-strength, kind="stable")[:count["most"]]] = True
    return np.where(kept[:, None], weights, 0)


def counts(feature_sets, most):
    out = {"most": most}
    for features in feature_sets:
        for x in features:
            out[x] = out.get(x, 0) + 1
    return out


def fit_unlabelled(abstracts, most):
    """{feature: whole weights} and whole bias of the place and of the opening model."""
    place_sets, places, open_sets, kinds = [], [], [], []
    for words in abstracts:
        for i, w in enumerate(words):
            place_sets.append(word_features(w) | opening_features(w))
            places.append(place_of(i, len(words)))
            kind, length = opener(w)
            if kind is not None:
                open_sets.append(word_features(w, length))
                kinds.append(kind)
    out = []
    for sets, labels, classes, fewest, kept in ((place_sets, places, PLACES, 60, most[0]),
                                                (open_sets, kinds, 4, 40, most[1])):
        vocabulary = crf.vocabulary_of(sets, fewest)
        sparse = crf.Sparse(sets, vocabulary)
        weights, bias = crf.fit_plain(sparse, np.array(labels), classes, len(vocabulary))
        weights = whole(keep_strong(weights, vocabulary, counts(sets, kept)))
        out.append(({x: weights[i] for x, i in vocabulary.items() if weights[i].any()}, whole(bias, 999)))
    return out


class Chain:
    def __init__(self, docs, vocabulary, most):
        sets = [f for d in docs for f in chain_features(d)]
        sparse = crf.Sparse(sets, vocabulary)
        lengths = np.array([len(d.words) for d in docs])
        labels = np.concatenate([d.labels for d in docs])
        weight = np.concatenate([d.weight for d in docs])
        w, a, s = crf.fit_chain(sparse, lengths, labels, weight, len(vocabulary))
        self.weights = whole(keep_strong(w, vocabulary, counts(sets, most)))
        self.vocabulary, self.follow, self.start = vocabulary, whole(a, 999), whole(s, 999)

    def scores(self, doc):
        return [[int(x) for x in sum((self.weights[self.vocabulary[f]] for f in features if f in self.vocabulary),
                                     np.zeros(5, np.int64))] for features in chain_features(doc)]


def plain_shares(model, sets):
    table, bias = model
    return fixed.soft_shares(np.array([sum((table[f] for f in features if f in table), bias) for features in sets]))


def inputs(doc, chain, place_model, open_model):
    """What the net sees of each sentence; role_net.cpp builds the same."""
    u, n, own = fixed.UNIT, len(doc.words), chain.scores(doc)
    shares = np.array(fixed.chain_shares(own, [int(x) for x in chain.start], [[int(x) for x in r] for r in chain.follow]))
    logs = fixed.log_feature(shares)
    places = fixed.log_feature(plain_shares(place_model, [word_features(w) | opening_features(w) for w in doc.words]))
    kinds = fixed.log_feature(plain_shares(open_model, [word_features(w, opener(w)[1]) for w in doc.words]))
    out = []
    for i in range(n):
        row = []
        for j in range(i - 2, i + 3):
            inside = 0 <= j < n
            row += [*logs[j], 0] if inside else [-4 * u] * 5 + [u]
        row += [max(x - max(own[i]), -6 * u) + 2 * u for x in own[i]]
        for part in (shares[:i], shares[i + 1:]):
            row += [*(part.sum(0) * u >> 16)] if len(part) else [0] * 5
            row += [*(part.max(0) * u >> 16)] if len(part) else [0] * 5
        row += [u * i // n, u // n, 3 * min(n, 12), 6 * min(i, 6), 6 * min(n - 1 - i, 6), u * (i == 0), u * (i == n - 1)]
        for values in (places, kinds):
            for j in range(i - 1, i + 2):
                row += [*values[j]] if 0 <= j < n else [0] * values.shape[1]
        out.append([int(x) for x in row])
    return out


class Net:
    """One hidden layer and a straight way past it; fitted in floating point, kept in whole numbers (1/256)."""

    def __init__(self, x, labels, weight, l2=4e-3, epochs=14, seed=0):
        rng = np.random.default_rng(seed)
        mean, spread = x.mean(0), x.std(0) + 1e-6
        z, truth = (x - mean) / spread, np.eye(5)[labels]
        d = z.shape[1]
        p = [rng.standard_normal((d, HIDDEN)) / np.sqrt(d), np.full(HIDDEN, 0.1), rng.standard_normal((HIDDEN, 5)) * 0.3,
             np.zeros(5), np.zeros((d, 5))]
        m, v, t = [np.zeros_like(q) for q in p], [np.zeros_like(q) for q in p], 0
        for epoch in range(epochs):
            order = rng.permutation(len(z))
            for at in range(0, len(z), 128):
                k = order[at:at + 128]
                a = np.maximum(z[k] @ p[0] + p[1], 0)
                g = (crf.softmax(a @ p[2] + p[3] + z[k] @ p[4]) - truth[k]) * weight[k][:, None] / len(k)
                ga = (g @ p[2].T) * (a > 0)
                t += 1
                for q, gq, mq, vq in zip(p, (z[k].T @ ga + l2 * p[0], ga.sum(0), a.T @ g + l2 * p[2], g.sum(0),
                                             z[k].T @ g + l2 * p[4]), m, v):
                    mq += 0.1 * (gq - mq)
                    vq += 0.001 * (gq * gq - vq)
                    q -= 3e-3 * (1 - epoch / epochs) * (mq / (1 - 0.9 ** t)) / (np.sqrt(vq / (1 - 0.999 ** t)) + 1e-8)
        # Inputs are in 1/32, hidden values and scores in 1/8192.
        first, past = p[0] / spread[:, None], p[4] / spread[:, None]
        self.first = np.rint(first * 256 * fixed.UNIT).astype(np.int64)
        self.first_bias = np.rint((p[1] - mean @ first) * 8192).astype(np.int64)
        self.second = np.rint(p[2] * 256).astype(np.int64)
        self.past = np.rint(past * 256 * fixed.UNIT).astype(np.int64)
        self.past_bias = np.rint((p[3] - mean @ past) * 8192).astype(np.int64)

    def scores(self, x):
        """In units of 1/8192."""
        hidden = np.maximum((x @ self.first) + self.first_bias, 0)
        return (hidden @ self.second >> 8) + x @ self.past + self.past_bias


def shares_of(nets, x):
    return fixed.soft_shares(sum(net.scores(x) for net in nets) // len(nets) >> 8)


def score(name, shares, labels, agreement):
    guess = shares.argmax(1)
    f1 = [2 * ((guess == k) & (labels == k)).sum() / max(1, (guess == k).sum() + (labels == k).sum()) for k in range(5)]
    right = guess == labels
    print(f"{name}: accuracy {100 * right.mean():.2f} macro {100 * np.mean(f1):.2f} at agreement >= 0.6 "
          f"{100 * right[agreement >= 0.6].mean():.2f} {np.round(100 * np.array(f1), 1)}", flush=True)


def cs_docs(path, power=2.5):
    return [Doc(r["sentences"], [ROLES.index(x) for x in r["labels"]], np.array(r["confs"]) ** power)
            for r in jsonl(path) if r["sentences"]]


def write(path, head, place_model, open_model, chain, nets):
    """A line a feature: its name, then one character for each of 5 + 8 + 4 weights, 'P' being 0."""
    letter = lambda x: chr(ord("P") + int(x))
    zero5, zero8, zero4 = np.zeros(5, int), np.zeros(PLACES, int), np.zeros(4, int)
    own = {x: chain.weights[i] for x, i in chain.vocabulary.items() if chain.weights[i].any()}
    names = sorted(set(own) | set(place_model[0]) | set(open_model[0]))
    numbers = lambda xs: "\t".join(str(int(x)) for x in xs)
    with open(path, "w", encoding="utf-8") as f:
        f.write(head)
        f.write("start\t" + numbers(chain.start) + "\n")
        for role, row in zip(ROLES, chain.follow):
            f.write("follow\t" + role + "\t" + numbers(row) + "\n")
        f.write("place\t" + numbers(place_model[1]) + "\nopening\t" + numbers(open_model[1]) + "\n")
        f.write("opener\t" + "\t".join(sorted({x for texts in OPENERS.values() for x in texts})) + "\n")
        for net in nets:
            f.write("net\n")
            for name, rows in (("first", net.first.T), ("second", net.second.T), ("past", net.past.T)):
                for row in rows:
                    f.write(name + "\t" + numbers(row) + "\n")
            f.write("first_bias\t" + numbers(net.first_bias) + "\npast_bias\t" + numbers(net.past_bias) + "\n")
        f.write("features\n")
        for x in names:
            weights = [*own.get(x, zero5), *place_model[0].get(x, zero8), *open_model[0].get(x, zero4)]
            f.write(x + "\t" + "".join(map(letter, weights)) + "\n")
    return len(names)


HEAD = """# Weights of the role model: written by digest/write/train/roles.py, read by role_model.cpp. Format 2.
# Fitted on CSAbstruct (Cohan, Beltagy, King, Dalvi, Weld: Pretrained Language Models for Sequential Sentence
# Classification, EMNLP 2019; repository allenai/sequential_sentence_classification; Apache License 2.0) and on
# abstracts of arXiv (metadata CC0).
"""


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("quality", "corpus", "broadsheet", "out"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--cross-validate", action="store_true")
    ap.add_argument("--headed-out", help="the held-out half of the abstracts with headings, for scoring")
    ap.add_argument("--keep", type=int, nargs=3, default=(5000, 5000, 2500), help="features of chain, place, opening")
    a = ap.parse_args()
    records = list(corpus_records(a.corpus))
    plain = [x for x in records if number_of(x[0]) % 100 < 45]
    marked = [x for x in records if len(re.findall(r"(?i)\b(?:" + "|".join(HEADINGS) + r")\s?: ", x[1])) >= 3]
    abstracts = [[tokens(s) for s in doc] for doc in split(a.broadsheet, [x[1] for x in plain]) if 4 <= len(doc) <= 14]
    place_model, open_model = fit_unlabelled(abstracts, a.keep[1:])
    del abstracts
    heads = [(x[0], headed(doc)) for x, doc in zip(marked, split(a.broadsheet, [x[1] for x in marked]))]
    heads = [x for x in heads if x[1]]
    extra = [Doc([s for s, _ in h], [r for _, r in h], np.full(len(h), 0.4)) for id_, h in heads if number_of(id_) % 2 == 0]
    if a.headed_out:
        with open(a.headed_out, "w", encoding="utf-8") as f:
            for id_, h in heads:
                if number_of(id_) % 2:
                    f.write(json.dumps({"sentences": [s for s, _ in h], "labels": [ROLES[r] for _, r in h],
                                        "confs": [1.0] * len(h)}) + "\n")
    train, dev = cs_docs(a.quality + "/csabstruct-train.jsonl"), cs_docs(a.quality + "/csabstruct-dev.jsonl")
    print(len(train), "abstracts,", len(extra), "with headings", flush=True)
    docs = train + extra
    vocabulary = crf.vocabulary_of([f for d in docs for f in chain_features(d)], 2)
    fold = np.random.default_rng(5).permutation(len(docs)) % FOLDS
    x = [None] * len(docs)
    for k in range(FOLDS):
        chain = Chain([d for d, f in zip(docs, fold) if f != k], vocabulary, a.keep[0])
        for i in np.flatnonzero(fold == k):
            x[i] = inputs(docs[i], chain, place_model, open_model)
    at = np.concatenate([np.full(len(d.words), i) for i, d in enumerate(docs)])
    rows, labels = np.array([r for doc in x for r in doc]), np.concatenate([d.labels for d in docs])
    weight = np.concatenate([d.weight for d in docs]) * np.array(BOOST)[labels]
    agreement = np.concatenate([d.weight for d in docs]) ** 0.4
    own = at < len(train)
    if a.cross_validate:
        out = np.zeros((len(rows), 5), np.int64)
        for k in range(FOLDS):
            inside = fold[at] != k
            nets = [Net(rows[inside], labels[inside], weight[inside], seed=s) for s in range(2)]
            out[~inside] = shares_of(nets, rows[~inside])
        score("cross-validated", out[own], labels[own], agreement[own])
        score("headed, cross-validated", out[~own], labels[~own], agreement[~own] + 1)
    nets = [Net(rows, labels, weight, seed=s) for s in range(2)]
    chain = Chain(docs, vocabulary, a.keep[0])
    there = np.array([r for d in dev for r in inputs(d, chain, place_model, open_model)])
    score("dev", shares_of(nets, there), np.concatenate([d.labels for d in dev]),
          np.concatenate([d.weight for d in dev]) ** 0.4)
    print(write(a.out, HEAD, place_model, open_model, chain, nets), "features")


if __name__ == "__main__":
    main()
