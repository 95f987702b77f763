#include "digest/write/phrases.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "bot/base/text.hpp"
#include "digest/select/terms.hpp"
#include "embedded/phrase_words.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kLongestPhrase = 3;

// One word that says enough stands for this.
struct Subject {
  std::string_view key, label;
};

// phrase_words.tsv, which says what each kind means.
struct Lexicon {
  std::unordered_map<std::string_view, Subject> one;
  std::unordered_map<std::string_view, std::unordered_set<std::string_view>> kinds;

  const Subject* subject(const std::string& word) const {
    auto it = one.find(word);
    if (it == one.end()) it = one.find(select::stem(word));
    return it == one.end() ? nullptr : &it->second;
  }
  bool has(std::string_view kind, std::string_view word) const {
    auto it = kinds.find(kind);
    return it != kinds.end() && it->second.contains(word);
  }
};

Lexicon load() {
  Lexicon out;
  for (auto line : text::split(embedded::phrase_words, '\n')) {
    auto fields = text::split(line, '\t');
    if (fields.size() == 4)
      out.one.emplace(fields[1], Subject{fields[2], fields[3]});
    else if (fields.size() == 2)
      out.kinds[fields[0]].insert(fields[1]);
  }
  return out;
}

const Lexicon& lexicon() {
  static const Lexicon kLexicon = load();
  return kLexicon;
}

bool can_begin(std::string_view word) {
  return !lexicon().has("opener", word) && !word.ends_with("ly");
}

bool can_end(std::string_view word) {
  auto stem = select::stem(word);
  if (lexicon().has("unfinished", word) || lexicon().has("unfinished", stem)) return false;
  if (lexicon().has("noun", word) || lexicon().has("noun", stem)) return true;
  constexpr std::string_view kEnds[] = {"ive", "ing",   "ed",     "able",    "ible",    "ous",    "ful",   "less",
                                        "ly",  "-free", "-aware", "-driven", "-guided", "-based", "-time", "-wise",
                                        "ic",  "al",    "-shot",  "-world",  "-end",    "ant"};
  return std::none_of(std::begin(kEnds), std::end(kEnds), [word](auto end) { return word.ends_with(end); });
}

// Common words that a phrase may end in: "world models", "tabular data".
bool is_common_head(std::string_view word) {
  return word == "model" || word == "models" || word == "data" || word == "systems";
}

struct Word {
  std::string folded, written;
  bool breaks_before = false;  // a sign other than a space lies between this and the word before
};

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> out;
  bool breaks = true;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word_byte(text[i])) {
      breaks = breaks || text[i] != ' ';
      ++i;
      continue;
    }
    auto from = i;
    while (i < text.size() && (is_word_byte(text[i]) || text[i] == '-')) ++i;
    auto word = text.substr(from, i - from);
    while (word.ends_with('-')) word.remove_suffix(1);
    out.push_back({text::lower_ascii(word), std::string(word), breaks});
    breaks = false;
  }
  return out;
}

bool stands_together(const std::vector<Word>& w, std::size_t from, std::size_t n) {
  for (std::size_t i = from; i < from + n; ++i) {
    if (w[i].breaks_before && i > from) return false;
    if (w[i].folded.size() < 2 || (w[i].folded[0] >= '0' && w[i].folded[0] <= '9' && w[i].folded != "3d")) return false;
    bool last = i + 1 == from + n;
    if (select::is_common(w[i].folded) && !(last && is_common_head(w[i].folded))) return false;
  }
  return can_begin(w[from].folded) && (is_common_head(w[from + n - 1].folded) || can_end(w[from + n - 1].folded));
}

std::string key_of(const std::vector<Word>& w, std::size_t from, std::size_t n) {
  std::string key;
  for (std::size_t i = from; i < from + n; ++i) key += (i == from ? "" : " ") + select::stem(w[i].folded);
  std::replace(key.begin(), key.end(), '-', ' ');
  return key;
}

// No further noun follows.
bool is_whole(const std::vector<Word>& w, std::size_t end) {
  return end == w.size() || w[end].breaks_before || select::is_common(w[end].folded);
}

bool is_capital(const Word& word) {
  return word.written[0] >= 'A' && word.written[0] <= 'Z';
}

// A title in capitals hides which words are names.
bool is_in_capitals(const std::vector<Word>& w) {
  std::size_t capitals = 0;
  std::size_t all = 0;
  constexpr std::size_t kLong = 4;
  for (const auto& word : w) {
    if (word.folded.size() < kLong) continue;
    ++all;
    capitals += is_capital(word) ? 1 : 0;
  }
  return capitals * 2 > all;
}

std::string label_of(const std::vector<Word>& w, std::size_t from, std::size_t n, bool in_capitals) {
  std::string label;
  for (std::size_t i = from; i < from + n; ++i) {
    bool name = !in_capitals && is_capital(w[i]) && !w[i].breaks_before;
    bool acronym = select::is_acronym(w[i].written) && w[i].written.size() <= 8;
    auto word = name || acronym ? w[i].written : w[i].folded;
    if (lexicon().has("name", word)) word[0] = static_cast<char>(word[0] - 'a' + 'A');
    label += (i == from ? "" : " ") + word;
  }
  return label;
}

}  // namespace

std::vector<Phrase> phrases_in(std::string_view text) {
  std::vector<Phrase> out;
  auto w = words_of(text);
  bool in_capitals = is_in_capitals(w);
  for (std::size_t i = 0; i < w.size(); ++i) {
    if (const auto* subject = lexicon().subject(w[i].folded); subject != nullptr)
      out.push_back({std::string(subject->key), std::string(subject->label), true});
    for (std::size_t n = 2; n <= kLongestPhrase && i + n <= w.size(); ++n) {
      if (!stands_together(w, i, n)) continue;
      auto key = key_of(w, i, n);
      if (!lexicon().has("empty", key))
        out.push_back({std::move(key), label_of(w, i, n, in_capitals), is_whole(w, i + n)});
    }
  }
  return out;
}

std::string best_label(const std::map<std::string, std::size_t>& times) {
  constexpr std::size_t kCommon = 4;  // a plural at least every fourth time
  auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  auto best = std::max_element(times.begin(), times.end(), fewer);
  auto plural = times.find(best->first + "s");
  return plural != times.end() && plural->second * kCommon >= best->second ? plural->first : best->first;
}

std::set<std::string> phrase_keys(const Paper& paper) {
  std::set<std::string> out;
  for (const auto* part : {&paper.title, &paper.abstract})
    for (auto& phrase : phrases_in(*part)) out.insert(std::move(phrase.key));
  return out;
}

}  // namespace broadsheet::write
