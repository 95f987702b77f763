#include "digest/select/interests.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "bot/base/text.hpp"

namespace broadsheet::select {
namespace {

// What a word does in a sentence about interests.
enum class Part : std::uint8_t {
  content,
  filler,   // "papers", "about", "I": says nothing about the subject
  link,     // "in", "for": joins what belongs together
  list,     // "and", "or"
  refuse,   // "not", "without": what follows is unwanted, or wanted after another refusal ("nothing except")
  turn,     // "but": what follows is wanted again
  like,     // "love", "care": wanted, unless the refusal is of it
  miss,     // "miss", "forget": wanted if refused ("never miss"), else says nothing
  limiter,  // "only", "just": takes a refusal back ("not only")
};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

constexpr std::array<std::string_view, 90> kFiller{
    "a",      "all",     "also",      "am",       "an",      "any",   "anything", "are",    "article", "articles",
    "as",     "at",      "be",        "been",     "being",   "can",   "could",    "did",    "do",      "does",
    "e",      "etc",     "ever",      "every",    "field",   "find",  "follow",   "g",      "get",     "give",
    "has",    "have",    "i",         "interest", "is",      "it",    "kind",     "kinds",  "longer",  "lot",
    "mainly", "many",    "me",        "mostly",   "much",    "my",    "our",      "paper",  "papers",  "please",
    "read",   "reading", "really",    "recent",   "related", "see",   "send",     "should", "show",    "showing",
    "so",     "some",    "something", "sort",     "stuff",   "such",  "that",     "the",    "them",    "there",
    "these",  "they",    "thing",     "things",   "this",    "those", "too",      "topic",  "topics",  "us",
    "very",   "was",     "we",        "were",     "which",   "who",   "will",     "work",   "working", "would"};
constexpr std::array<std::string_view, 16> kLink{"about", "across", "by",  "concerning", "for",  "from",
                                                 "in",    "into",   "of",  "on",         "onto", "regarding",
                                                 "to",    "using",  "via", "with"};
constexpr std::array<std::string_view, 37> kRefuse{
    "avoid",     "bored", "boring", "cannot", "detest", "dislike",      "drop",     "except", "excepting", "exclude",
    "excluding", "fewer", "hardly", "hate",   "hide",   "ignore",       "ignoring", "less",   "mute",      "neither",
    "never",     "no",    "nobody", "none",   "nor",    "not",          "nothing",  "omit",   "rarely",    "remove",
    "seldom",    "sick",  "skip",   "stop",   "tired",  "uninterested", "without"};
constexpr std::array<std::string_view, 9> kTurn{"although", "but",    "however", "instead", "otherwise",
                                                "rather",   "though", "unless",  "yet"};
constexpr std::array<std::string_view, 14> kLike{"care",      "cares",  "enjoy", "especially", "interested",
                                                 "interests", "like",   "love",  "loves",      "more",
                                                 "need",      "prefer", "want",  "wants"};
constexpr std::array<std::string_view, 5> kMiss{"forget", "lose", "miss", "missing", "overlook"};
constexpr std::array<std::string_view, 6> kLimiter{"exclusively", "just", "merely", "only", "simply", "solely"};

Part part_of(std::string_view word) {
  if (is_in(kRefuse, word)) return Part::refuse;
  if (is_in(kTurn, word)) return Part::turn;
  if (is_in(kLike, word)) return Part::like;
  if (is_in(kMiss, word)) return Part::miss;
  if (is_in(kLimiter, word)) return Part::limiter;
  if (word == "and" || word == "or" || word == "plus") return Part::list;
  if (is_in(kLink, word)) return Part::link;
  return is_in(kFiller, word) ? Part::filler : Part::content;
}

// Refusals of several words as one; n't as not. Longer ones first.
struct Rewritten {
  std::string_view from, to;
};
constexpr std::array kRewritten{
    Rewritten{"can't stand", "hate"},
    Rewritten{"cannot stand", "hate"},
    Rewritten{"couldn't care less", "hate"},
    Rewritten{"could not care less", "hate"},
    Rewritten{"zero interest in", "hate"},
    Rewritten{"enough of", "hate"},
    Rewritten{"fed up with", "hate"},
    Rewritten{"anything but", "except"},
    Rewritten{"everything but", "except"},
    Rewritten{"all but", "except"},
    Rewritten{"nothing but", "only"},
    Rewritten{"instead of", "except"},
    Rewritten{"rather than", "except"},
    Rewritten{"other than", "except"},
    Rewritten{"apart from", "except"},
    Rewritten{"aside from", "except"},
    Rewritten{"leave out", "hide"},
    Rewritten{"keep out", "hide"},
    Rewritten{"no more", "not"},
    Rewritten{"not any more", "not"},
    Rewritten{"n't", " not"},
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

void replace_all(std::string& s, std::string_view from, std::string_view to) {
  for (std::size_t at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size()))
    s.replace(at, from.size(), to);
}

// Straight quotation marks and apostrophes; the refusals above rewritten outside of quotations and within words'
// bounds.
std::string plain(std::string_view text) {
  std::string s(text.substr(0, kMostInterestBytes));
  s = text::make_valid_utf8(s);
  for (std::string_view mark : {"“", "”", "„", "«", "»"}) replace_all(s, mark, "\"");
  for (std::string_view mark : {"’", "‘", "ʼ"}) replace_all(s, mark, "'");
  std::string out;
  bool quoted = false;
  auto lower = text::lower_ascii(s);
  for (std::size_t i = 0; i < s.size();) {
    if (s[i] == '"') quoted = !quoted;
    const auto* found = std::find_if(kRewritten.begin(), kRewritten.end(), [&](const Rewritten& r) {
      auto end = i + r.from.size();
      return lower.compare(i, r.from.size(), r.from) == 0 && (end >= s.size() || !is_letter(s[end])) &&
             (r.to.front() == ' ' || i == 0 || !is_letter(s[i - 1]));
    });
    if (quoted || found == kRewritten.end()) {
      out += s[i++];
    } else {
      out += found->to;
      i += found->from.size();
    }
  }
  return out;
}

bool is_hyphen(std::string_view gap) {
  return gap == "-" || gap == "‐" || gap == "‑" || gap == "–";
}

// Reads the words one by one; what is gathered becomes a wish at a list word, a break or a change of mind.
class Reader {
 public:
  explicit Reader(std::string text) : text_(std::move(text)), words_(read_words(text_)) {}

  Interests read() {
    for (at_ = 0; at_ < words_.size(); ++at_) {
      look_at_gap();
      take(words_[at_]);
    }
    end_clause();
    return std::move(out_);
  }

 private:
  std::string_view gap_before(std::size_t at) const {
    auto from = at == 0 ? 0 : words_[at - 1].end;
    auto to = at == words_.size() ? text_.size() : words_[at].begin;
    return std::string_view(text_).substr(from, to - from);
  }
  bool joined(std::size_t at) const {  // a part of a hyphenated word, which is never read by itself
    return (at > 0 && is_hyphen(gap_before(at))) || (at + 1 < words_.size() && is_hyphen(gap_before(at + 1)));
  }

  void look_at_gap() {
    auto gap = gap_before(at_);
    for (char c : gap)
      if (c == '"') {
        if (!quoted_ || !phrase_.empty()) flush();
        quoted_ = !quoted_;
      }
    if (quoted_) return;
    if (words_[at_].after_break || gap.find('\n') != std::string_view::npos)
      gap.find(':') == std::string_view::npos ? end_clause() : flush();
    if (gap.find_first_of("/&+()|") != std::string_view::npos) flush();
    if (gap.ends_with(" -") || (at_ == 0 && gap == "-")) refused_ = true;
  }

  void take(const Word& word) {
    auto part = quoted_ || joined(at_) ? Part::content : part_of(word.raw);
    switch (part) {
      case Part::content:
        phrase_.push_back(word);
        break;
      case Part::filler:
        end_phrase();  // between content ("robots that walk") it links; before any it says nothing
        break;
      case Part::link:
        if (word.raw != "of")
          end_phrase();
        else if (!phrase_.empty())
          phrase_.push_back(word);
        break;
      case Part::list:
        flush();
        break;
      default:
        flush();
        change(part);
    }
  }

  void change(Part part) {
    switch (part) {
      case Part::refuse:
        refused_ = !(refused_ && !said_);
        said_ = false;
        refusal_open_ = refused_;
        break;
      case Part::turn:
        refused_ = false;
        said_ = false;
        break;
      case Part::like:
        if (refused_ && said_) refused_ = false;
        liked_ = liked_ || !refused_;
        break;
      case Part::miss:
      case Part::limiter:
        if (refused_ && !said_) refused_ = false, refusal_open_ = false;
        break;
      default:
        break;
    }
  }

  void end_phrase() {
    if (phrase_.empty()) return;
    if (!quoted_)
      while (phrase_.size() > 1 && phrase_.back().raw == "of") phrase_.pop_back();
    if (from_ == std::string::npos) from_ = phrase_.front().begin;
    to_ = phrase_.back().end;
    phrases_.push_back(std::move(phrase_));
    phrase_.clear();
  }

  Phrase phrase_of(const std::vector<Word>& words) const;
  void flush();
  void end_clause();
  void keep(Wish wish, std::vector<Wish>& where);

  std::string text_;
  std::vector<Word> words_;
  std::size_t at_ = 0;
  Interests out_;
  std::vector<Word> phrase_;
  std::vector<std::vector<Word>> phrases_;
  std::size_t from_ = std::string::npos, to_ = 0;
  bool quoted_ = false, refused_ = false;
  bool said_ = false;          // something was wished for since the last refusal or turn
  bool refusal_open_ = false;  // a refusal that nothing followed yet
  bool liked_ = false;         // the clause has a word of liking
  std::size_t clause_likes_ = 0;
};

// The phrase with each short form in place of what it stands for.
std::vector<Word> shortened(const std::vector<Word>& words) {
  std::vector<Word> out;
  for (std::size_t i = 0; i < words.size();) {
    bool fits = words[i].span > 0 && i + words[i].span <= words.size();
    Word word = words[i];
    if (fits) word.raw = word.key = std::string(words[i].whole);
    i += fits ? words[i].span : 1;
    out.push_back(std::move(word));
  }
  return out;
}

// "Safety of robots" also as "robots safety"; empty where there is nothing to turn.
std::vector<Word> turned(const std::vector<Word>& words) {
  auto of = std::find_if(words.begin(), words.end(), [](const Word& w) { return w.raw == "of"; });
  if (of == words.begin() || of == words.end() || of + 1 == words.end()) return {};
  std::vector<Word> out(of + 1, words.end());
  out.insert(out.end(), words.begin(), of);
  return out;
}

bool same(const std::vector<Word>& a, const std::vector<Word>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Word& x, const Word& y) { return x.key == y.key; });
}

bool same(const Wish& a, const Wish& b) {
  return a.quoted == b.quoted &&
         std::equal(a.phrases.begin(), a.phrases.end(), b.phrases.begin(), b.phrases.end(),
                    [](const Phrase& x, const Phrase& y) { return same(x.forms[0], y.forms[0]); });
}

void Reader::keep(Wish wish, std::vector<Wish>& where) {
  bool known = std::any_of(where.begin(), where.end(), [&wish](const Wish& w) { return same(w, wish); });
  if (!known && where.size() < kMostWishes) where.push_back(std::move(wish));
}

Phrase Reader::phrase_of(const std::vector<Word>& words) const {
  Phrase phrase{{words}, {}};
  if (auto brief = shortened(words); !same(brief, words)) phrase.forms.push_back(std::move(brief));
  if (quoted_) return phrase;
  auto other_way = turned(words);
  if (!other_way.empty()) phrase.forms.push_back(shortened(other_way));
  if (!refused_) phrase.kin = kin_of(other_way.empty() ? words : other_way);
  return phrase;
}

void Reader::flush() {
  end_phrase();
  if (phrases_.empty()) return;
  Wish wish;
  wish.quoted = quoted_;
  wish.text = text::collapse_space(std::string_view(text_).substr(from_, to_ - from_));
  for (const auto& words : phrases_) wish.phrases.push_back(phrase_of(words));
  keep(std::move(wish), refused_ ? out_.dislikes : out_.likes);
  phrases_.clear();
  from_ = std::string::npos;
  said_ = true;
  refusal_open_ = false;
}

// "Language models do not interest me": a refusal that ends its clause is of what came before it.
void Reader::end_clause() {
  flush();
  if (refusal_open_ && !liked_) {
    for (auto i = clause_likes_; i < out_.likes.size(); ++i) keep(out_.likes[i], out_.dislikes);
    if (clause_likes_ < out_.likes.size())
      out_.likes.erase(out_.likes.begin() + static_cast<std::ptrdiff_t>(clause_likes_), out_.likes.end());
  }
  clause_likes_ = out_.likes.size();
  refused_ = said_ = refusal_open_ = liked_ = false;
}

std::string texts(const std::vector<Wish>& wishes) {
  std::vector<std::string> out;
  out.reserve(wishes.size());
  for (const auto& wish : wishes) out.push_back(wish.quoted ? "“" + wish.text + "”" : wish.text);
  return text::join(out, ", ");
}

}  // namespace

Interests parse_interests(std::string_view text) {
  return Reader(plain(text)).read();
}

std::string in_words(const Interests& interests) {
  std::string out;
  if (!interests.likes.empty()) out = "for " + texts(interests.likes);
  if (!interests.dislikes.empty()) out += (out.empty() ? "not for " : "; not for ") + texts(interests.dislikes);
  return out;
}

}  // namespace broadsheet::select
