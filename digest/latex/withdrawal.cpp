#include "digest/latex/withdrawal.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::latex {
namespace {

struct Word {
  std::string lower;         // without the punctuation around it
  bool acronym = false;      // "ICLR", "NeurIPS": a venue, in this company
  bool ends_clause = false;  // a comma, colon or closing bracket behind it
};
using Words = std::vector<Word>;

bool in(std::string_view word, std::initializer_list<std::string_view> set) {
  return std::find(set.begin(), set.end(), word) != set.end();
}

bool is_participle(const Word& w) {
  return in(w.lower, {"withdrawn", "withdraw", "withdrawed", "withdrew", "retracted", "withdrawen"});
}
bool is_removal(const Word& w) {
  return in(w.lower, {"removed", "deleted"});
}

// What a comment calls the paper itself.
bool is_own(const Word& w) {
  return in(w.lower,
            {"paper",  "preprint", "pre-print", "article",  "manuscript", "submission",  "version", "work",
             "entry",  "note",     "draft",     "document", "eprint",     "e-print",     "thesis",  "report",
             "letter", "study",    "versions",  "text",     "file",       "publication", "upload",  "posting"});
}
// A part of it, an earlier form of it, or another thing.
bool is_other(const Word& w) {
  return in(w.lower, {"previous",  "previously", "earlier",    "prior",     "first",      "second",    "third",
                      "old",       "older",      "initial",    "former",    "conference", "journal",   "workshop",
                      "companion", "another",    "other",      "whose",     "which",      "claim",     "claims",
                      "assertion", "assertions", "theorem",    "section",   "sections",   "lemma",     "proof",
                      "result",    "results",    "measure",    "measures",  "part",       "parts",     "appendix",
                      "figure",    "figures",    "table",      "statement", "conjecture", "corollary", "proposition",
                      "material",  "talk",       "poster",     "code",      "dataset",    "patent",    "rebuttal",
                      "review",    "reviews",    "assumption", "condition", "conditions", "argument",  "paragraph",
                      "remark",    "example",    "no"});
}
bool is_auxiliary(const Word& w) {
  return in(w.lower,
            {"has",  "have",   "had",  "been", "be",   "being",  "is",       "was",   "are",   "were", "needs",
             "need", "should", "must", "to",   "will", "needed", "requires", "ought", "shall", "got",  "gets"});
}
// "is", "has been", "to be": what makes a participle passive.
bool is_being(const Word& w) {
  return in(w.lower, {"been", "be", "being", "is", "was", "are", "were", "got", "gets"});
}
bool is_adverb(const Word& w) {
  return in(w.lower,
            {"formally", "now", "hereby", "voluntarily", "temporarily", "officially", "therefore", "thus", "recently",
             "subsequently", "already", "currently", "hence", "permanently", "since", "also", "then", "completely"});
}
bool negates(const Word& w) {
  return in(w.lower, {"not", "never", "no", "may", "might", "could", "would", "cannot", "without", "neither", "nor",
                      "isn't", "wasn't", "hasn't"});
}
bool is_conjunction(const Word& w) {
  return in(w.lower,
            {"and", "so", "but", "that", "hence", "therefore", "thus", "because", "since", "as", "while", "or"});
}
bool mentions_venue(const Word& w) {
  return w.acronym || w.lower.starts_with("submit") || w.lower.starts_with("accept") || w.lower.starts_with("reject") ||
         w.lower.starts_with("review") ||
         in(w.lower, {"conference", "journal", "workshop", "proceedings", "appear", "presented"});
}

Word make_word(std::string_view raw) {
  constexpr std::string_view kAround = ".,;:!?\"'()[]*";
  Word out;
  out.ends_clause = raw.find_last_of(",:)") == raw.size() - 1;
  while (!raw.empty() && kAround.find(raw.front()) != std::string_view::npos) raw.remove_prefix(1);
  while (!raw.empty() && kAround.find(raw.back()) != std::string_view::npos) raw.remove_suffix(1);
  auto capitals = std::count_if(raw.begin(), raw.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  out.lower = text::lower_ascii(raw);
  out.acronym = capitals >= 3 && !is_own(out) && !is_participle(out) && !out.lower.starts_with("arxiv");
  return out;
}

// The number of "v2" or of "version 2" at words[i]; 0 if there is none.
int version_named(const Words& words, std::size_t i) {
  std::string_view w = words[i].lower;
  bool named = i > 0 && words[i - 1].lower == "version";
  if (w.size() > 1 && w.starts_with('v')) {
    w.remove_prefix(1);
    named = true;
  }
  int n = 0;
  auto [end, ec] = std::from_chars(w.data(), w.data() + w.size(), n);
  return named && ec == std::errc{} && end == w.data() + w.size() ? n : 0;
}

class Sentence {
 public:
  // `last`: the highest version that the comment names. `bracketed`: an aside, which says little by itself.
  Sentence(Words words, int version, int last, bool venue_before, bool bracketed)
      : words_(std::move(words)), version_(version), last_(last), venue_before_(venue_before), bracketed_(bracketed) {}

  bool says_withdrawn() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const auto& w = words_[i].lower;
      if (is_participle(words_[i]) && (passive(i) || opening(i))) return true;
      if (w == "withdrawn" || w == "retracted")
        if (i > 0 && in(words_[i - 1].lower, {"have", "has", "had"}) && active(i)) return true;
      if (is_removal(words_[i]) && by_arxiv(i) && passive(i)) return true;
      if (in(w, {"withdraw", "withdrawing", "withdrew", "retract", "retracting"}) && active(i)) return true;
      if (in(w, {"withdrawal", "retraction"}) && (nominal(i) || (w == "withdrawal" && opening(i)))) return true;
    }
    return false;
  }

 private:
  const Word& at(std::size_t i) const {
    static const Word kNone;
    return i < words_.size() ? words_[i] : kNone;
  }
  std::size_t past_article(std::size_t i) const {
    while (in(at(i).lower, {"the", "its", "all", "of", "our", "his", "her", "their", "an", "a"})) ++i;
    return i;
  }

  // What follows says that it left a venue, or that the word is an adjective ("withdrawn submission").
  bool elsewhere(std::size_t verb) const {
    const auto& next = at(verb + 1);
    if (words_[verb].ends_clause || next.lower.empty()) return false;
    bool plural = next.lower.ends_with('s') && is_own({next.lower.substr(0, next.lower.size() - 1)});
    if (is_own(next) || plural || next.acronym) return true;
    auto object = past_article(verb + 2);
    if (next.lower == "from")
      return !at(object).lower.starts_with("arxiv") && !in(at(object).lower, {"publication", "circulation", "public"});
    if (next.lower == "by")
      return at(object).acronym ||
             in(at(object).lower, {"journal", "conference", "publisher", "editor", "editors", "venue"});
    return false;
  }

  bool by_arxiv(std::size_t verb) const {
    return in(at(verb + 1).lower, {"by", "from"}) && (at(past_article(verb + 2)).lower.starts_with("arxiv") ||
                                                      at(past_article(verb + 2)).lower.starts_with("author"));
  }

  // "v1", "version 2": not the paper if a later one is there.
  bool is_older_version(std::size_t from, std::size_t to) const {
    for (auto i = from; i < to; ++i)
      if (int n = version_named(words_, i); n > 0 && n < (version_ != 0 ? version_ : last_)) return true;
    return false;
  }

  // Do words_[from, to) name the paper itself, and nothing but it?
  bool names_paper(std::size_t from, std::size_t to) const {
    bool own = false;
    bool some = false;  // "a paper"
    for (auto i = from; i < to; ++i) {
      const auto& w = words_[i];
      if (is_other(w) || w.lower == "their" || (!own && w.acronym && i > from)) return false;
      if (in(w.lower, {"a", "an", "this", "the", "our"})) some = w.lower.starts_with('a');
      if (own && i + 1 < to && in(w.lower, {"to", "at"}) && mentions_venue(words_[i + 1])) return false;
      if (own && i + 1 < to && in(w.lower, {"of", "by"}) && !in(words_[i + 1].lower, {"the", "this", "our"}))
        return false;
      if (is_own(w) && some) return false;
      own = own || is_own(w) || w.lower == "it" || (version_ > 0 && version_named(words_, i) == version_);
    }
    return own && !is_older_version(from, to);
  }

  // "[This paper] [has been] withdrawn"
  bool passive(std::size_t verb) const {
    auto aux = verb;
    bool found = false;
    bool needed = false;
    for (; aux > 0 && !at(aux - 1).ends_clause; --aux) {
      const auto& w = words_[aux - 1];
      if (negates(w)) return false;
      if (!is_auxiliary(w) && !is_adverb(w)) break;
      found = found || is_being(w);
      needed = needed || in(w.lower, {"needs", "need", "must", "should", "requires"});
    }
    if (elsewhere(verb) || (in(words_[verb].lower, {"withdraw", "withdrew"}) && !found)) return false;
    auto from = aux;
    while (from > 0 && !words_[from - 1].ends_clause && !is_conjunction(words_[from - 1])) --from;
    if (from < aux) return (found || is_own(words_[aux - 1])) && names_paper(from, aux);
    return found && aux > 0 && subject_in_front(aux, needed);
  }

  // "The article has issues and needs to be withdrawn", "Contains an error and is withdrawn": the subject stands
  // further in front or nowhere. "A paper that has been withdrawn" is about another.
  bool subject_in_front(std::size_t aux, bool needed) const {
    if (in(at(aux - 1).lower, {"that", "which", "who", "as"})) return false;
    bool elided = in(words_.front().lower, {"contains", "has", "includes", "is", "needs"});
    return needed || elided || names_paper(0, std::min<std::size_t>(4, aux));
  }

  // "Withdrawn due to …", "10 pages, withdrawn"
  bool opening(std::size_t verb) const {
    if (verb > 0 && !at(verb - 1).ends_clause) return false;
    if (elsewhere(verb)) return false;
    bool venue = venue_before_ ||
                 std::any_of(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(verb), mentions_venue);
    if (words_[verb].ends_clause || verb + 1 == words_.size()) return !venue && !is_older_version(0, verb);
    const auto& next = at(verb + 1).lower;
    bool reason = in(next, {"by",    "due",   "because", "as",   "since", "for",         "to",    "pending",
                            "until", "owing", "on",      "in",   "and",   "temporarily", "after", "following",
                            "from",  "see",   "at",      "with", "per",   "-",           "–",     "—"});
    return reason && ((verb == 0 && !bracketed_) || !venue) && !is_older_version(0, verb);
  }

  // "We would like to withdraw [the paper]"
  bool active(std::size_t verb) const {
    bool subject = false;
    for (std::size_t i = verb > 12 ? verb - 12 : 0; i < verb; ++i) {
      if (i + 4 > verb && negates(words_[i]) && words_[i].lower != "would") return false;
      subject = subject || in(words_[i].lower, {"we", "i", "author", "authors", "us", "author(s", "decided", "request",
                                                "like", "please"});
    }
    if (!subject) return false;
    const auto& next = at(verb + 1);
    if (words_[verb].ends_clause || next.lower.empty() ||
        in(next.lower, {"to", "until", "because", "due", "for", "as", "since", "pending"}))
      return true;
    if (next.lower == "it") return !elsewhere(verb + 1);
    for (auto i = verb + 1; i < std::min(verb + 7, words_.size()); ++i) {
      if (is_other(words_[i]) || words_[i].acronym) return false;
      if (is_own(words_[i])) return !elsewhere_object(i);
      if (words_[i].ends_clause) return false;
    }
    return false;
  }
  // "… the paper from ICLR", "… the submission to ICLR"
  bool elsewhere_object(std::size_t noun) const {
    if (words_[noun].ends_clause || !in(at(noun + 1).lower, {"from", "to", "at"})) return false;
    auto place = past_article(noun + 2);
    return mentions_venue(at(place)) || mentions_venue(at(place + 1));
  }

  // "withdrawal of this submission", "request its withdrawal", "withdrawal is appropriate"
  bool nominal(std::size_t noun) const {
    if (at(noun + 1).lower == "of") {
      for (auto i = noun + 2; i < std::min(noun + 6, words_.size()); ++i) {
        if (is_other(words_[i]) || words_[i].acronym) return false;
        if (is_own(words_[i])) return !elsewhere_object(i);
      }
      return false;
    }
    if (noun > 0 && in(at(noun - 1).lower, {"its", "request", "requested", "requesting", "requests"}))
      return !elsewhere(noun);
    return in(at(noun + 1).lower, {"is", "was", "has"}) &&
           in(at(noun + 2).lower, {"appropriate", "requested", "necessary", "needed", "warranted", "required", "been"});
  }

  Words words_;
  int version_;
  int last_;
  bool venue_before_;
  bool bracketed_;
};

struct Piece {
  std::string text;
  bool bracketed = false;
};

// Sentences; what stands in round brackets is one by itself.
std::vector<Piece> sentences(std::string_view s) {
  std::vector<Piece> out(1);
  std::vector<Piece> bracketed;
  int depth = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    char c = s[i];
    if (c == '(' && depth++ == 0) bracketed.push_back({"", true});
    if (depth > 0) {
      bracketed.back().text += c;
      if (c == ')') --depth;
      continue;
    }
    bool stop = (c == '.' || c == '!' || c == '?') && (i + 1 == s.size() || is_blank(s[i + 1]));
    out.back().text += c;
    if (stop || c == ';' || c == '\n') out.emplace_back();
  }
  out.insert(out.end(), bracketed.begin(), bracketed.end());
  return out;
}

Words words_of(const std::string& s) {
  Words out;
  auto plain = text::collapse_space(s);
  for (auto raw : text::split(plain, ' '))
    if (auto word = make_word(raw); !word.lower.empty()) out.push_back(std::move(word));
  return out;
}

}  // namespace

bool says_withdrawn(std::string_view comment, int version) {
  constexpr std::size_t kLongest = 4000;
  comment = comment.substr(0, kLongest);
  auto folded = text::lower_ascii(comment);
  if (folded.find("withdr") == std::string::npos && folded.find("retract") == std::string::npos &&
      folded.find("removed") == std::string::npos && folded.find("deleted") == std::string::npos)
    return false;
  std::vector<std::pair<Words, bool>> read;
  int last = 0;
  for (const auto& piece : sentences(comment)) {
    read.emplace_back(words_of(piece.text), piece.bracketed);
    for (std::size_t i = 0; i < read.back().first.size(); ++i)
      last = std::max(last, version_named(read.back().first, i));
  }
  bool venue = false;  // in a sentence before
  for (auto& [words, bracketed] : read) {
    bool here = std::any_of(words.begin(), words.end(), mentions_venue);
    if (Sentence(std::move(words), version, last, venue, bracketed).says_withdrawn()) return true;
    venue = venue || here;
  }
  return false;
}

bool is_withdrawal_notice(std::string_view abstract) {
  constexpr std::size_t kLongest = 700;
  constexpr std::size_t kOpening = 200;
  if (abstract.size() > kLongest) return false;
  auto opening = text::trim(abstract.substr(0, abstract.find(". ")));
  return opening.size() <= kOpening && says_withdrawn(opening, 0);
}

}  // namespace broadsheet::latex
