#!/usr/bin/env python3
"""Fits digest/write/tldr_weights.tsv on SciTLDR (train split); needs numpy, fitting only.

    tldr.py --quality DIR --candidates PROGRAM --out tldr_weights.tsv

PROGRAM is the built tests/bench/write/tldr_candidates, so that the features are those of the run-time. The loss is the
ROUGE that is expected when a candidate is drawn by the softmax of its score. Whole numbers come out. Seed fixed.
"""
import argparse
import json
import subprocess
import sys

import numpy as np

FOLDS = 5
MEASURES = (1.0, 1.0, 1.0)  # ROUGE-1, -2, -L


def rows_of(path, program, score):
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f if line.strip()]
    lines = "".join(json.dumps({"title": r["title"], "sentences": r["source"]}) + "\n" for r in rows)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    out = []
    for row, line in zip(rows, done.stdout.splitlines()):
        refs = [score.tokens(t) for t in row["target"]]
        made = json.loads(line)["candidates"]
        found = [c for c in made if not c["refused"]] or made
        rouge = np.array([score.rouge_refs(score.tokens(c["text"]), refs) for c in found])
        out.append((np.array([c["features"] for c in found]) / 100, rouge, [len(c["text"].split()) for c in found]))
    return out


def fit(rows, l2, steps=250, rate=0.05):
    x = np.concatenate([r[0] for r in rows])
    gain = np.concatenate([r[1] for r in rows]) @ np.array(MEASURES) / sum(MEASURES)
    starts = np.concatenate([[0], np.cumsum([len(r[0]) for r in rows])[:-1]])
    row = np.repeat(np.arange(len(rows)), [len(r[0]) for r in rows])
    w, m, v = (np.zeros(x.shape[1]) for _ in range(3))
    for t in range(1, steps + 1):
        s = x @ w
        s = np.exp(s - np.maximum.reduceat(s, starts)[row])
        p = s / np.add.reduceat(s, starts)[row]
        mean = np.add.reduceat(p * gain, starts)[row]
        g = -(p * (gain - mean)) @ x / len(rows) + l2 * w
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        w -= rate * (m / (1 - 0.9 ** t)) / (np.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
    return w


def judge(name, rows, w):
    picked = [int((r[0] @ w).argmax()) for r in rows]
    mean = 100 * np.mean([r[1][k] for r, k in zip(rows, picked)], 0)
    print(name, "ROUGE-1/2/L", np.round(mean, 2), "words %.1f" % np.mean([r[2][k] for r, k in zip(rows, picked)]), flush=True)
    return mean


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("quality", "candidates", "out"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--l2", type=float, default=2e-5)
    a = ap.parse_args()
    sys.path.insert(0, a.quality)
    import score
    train, dev = (rows_of(f"{a.quality}/scitldr-a-{part}.jsonl", a.candidates, score) for part in ("train", "dev"))
    judge("train, ceiling by ROUGE-1", [(r[1][:, :1], r[1], r[2]) for r in train], np.ones(1))
    fold = np.random.default_rng(5).permutation(len(train)) % FOLDS
    each = [judge(f"fold {k}", [r for r, f in zip(train, fold) if f == k],
                  fit([r for r, f in zip(train, fold) if f != k], a.l2)) for k in range(FOLDS)]
    print("cross-validated", np.round(np.mean(each, 0), 2))
    w = np.rint(1000 * fit(train, a.l2)).astype(int)
    judge("dev", dev, w)
    with open(a.out, "w", encoding="utf-8") as f:
        f.write("# Weights of the TL;DR ranker, one a line in the order of tldr_features.cpp: written by train/tldr.py.\n"
                "# Fitted on SciTLDR (Cachola, Lo, Cohan, Weld: TLDR: Extreme Summarization of Scientific Documents, EMNLP\n"
                "# Findings 2020; repository allenai/scitldr; Apache License 2.0).\n")
        f.write("".join(f"{x}\n" for x in w))


if __name__ == "__main__":
    main()
