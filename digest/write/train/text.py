"""What the role model sees of a sentence. digest/write/role_features.cpp does the same: change both, or neither."""
import re

ROLES = ("background", "objective", "method", "result", "other")
MOST_TOKENS = 150
LONGEST_TOKEN = 24
_TOKEN = re.compile(r"[a-z0-9\x80-\U0010ffff]+|[%?:(]")
_UPPER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def cut_bytes(word, most):
    """At most so many bytes of UTF-8, never part of a character."""
    return word.encode()[:most].decode(errors="ignore")


def tokens(sentence):
    """Lower-case words; every number is "#"; of the signs only those that tell something."""
    out = []
    for word in _TOKEN.findall(sentence.translate(_UPPER))[:MOST_TOKENS]:
        out.append("#" if word[0].isdigit() and word[0].isascii() else cut_bytes(word, LONGEST_TOKEN))
    return out


def word_features(words, start=0):
    """Words and pairs from `start` on."""
    rest = words[start:]
    return {"u " + a for a in rest} | {"b " + a + " " + b for a, b in zip(rest, rest[1:])}


def opening_features(words):
    return {"f " + " ".join(words[:n]) for n in (1, 2, 3) if len(words) >= n}


def place_features(words, i, n):
    where = "a" if i == 0 else "z" if i == n - 1 else "m"
    out = {"1", f"p {i * 10 // n}", f"s {min(i, 6)}", f"e {min(n - 1 - i, 5)}", f"n {min(n, 12)}",
           f"sn {min(i, 5)}/{min(n, 9)}", f"l {min(len(words) // 5, 8)}"}
    if n > 1 and words:
        out.add("q " + where + " " + " ".join(words[:2]))
    return out


# Openings that tell what a sentence does; what follows them is learnt from (see roles.py).
OPENERS = {
    0: ("however", "recent", "existing", "while", "despite", "although", "recently", "traditional", "current",
        "with the", "many", "previous", "prior", "yet", "conventional", "as", "in recent", "large language"),
    1: ("in this paper", "in this work", "this paper", "we propose", "we present", "we introduce", "this work",
        "we study", "to address this", "to address these", "to this end", "we investigate", "we develop",
        "we consider", "the aim", "this study", "we aim"),
    2: ("specifically", "we first", "our method", "our approach", "first", "the proposed", "by", "using", "we use",
        "our framework", "then", "to", "we then", "the method", "the framework", "we also", "it", "our"),
    3: ("experiments", "extensive experiments", "experimental", "results", "our results", "we show",
        "we demonstrate", "we find", "the results", "our findings", "these results", "compared",
        "our experiments", "evaluations", "empirical", "on", "across", "numerical"),
}
_KIND = {text: kind for kind, texts in OPENERS.items() for text in texts}


def opener(words):
    """(kind, words long) of the longest known opening, or (None, 0)."""
    for n in (3, 2, 1):
        kind = _KIND.get(" ".join(words[:n])) if len(words) >= n else None
        if kind is not None:
            return kind, n
    return None, 0
