#include "digest/select/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "embedded/kin.hpp"

namespace broadsheet::select {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Derivations that name the same subject, by stem; by the first. Stemming them by rule would join unlike words
// (universe, university).
constexpr std::array kFamilies = {
    Pair{"astronomical", "astronomi"},
    Pair{"biological", "biologi"},
    Pair{"causality", "causal"},
    Pair{"causaliti", "causal"},
    Pair{"chemical", "chemistri"},
    Pair{"cosmological", "cosmologi"},
    Pair{"drone", "uav"},
    Pair{"galactic", "galaxi"},
    Pair{"linguist", "linguistic"},
    Pair{"medicin", "medical"},
    Pair{"recommendation", "recommend"},
    Pair{"recommender", "recommend"},
    Pair{"robotic", "robot"},
    Pair{"summarization", "summar"},
    Pair{"summari", "summar"},
    Pair{"summariz", "summar"},
    Pair{"topological", "topologi"},
};

// A short form and a phrase that it stands for. Longer phrases are looked for first.
constexpr std::array kShortForms = {
    Pair{"3dgs", "3d gaussian splatting"},
    Pair{"3dgs", "gaussian splatting"},
    Pair{"agn", "active galactic nucleus"},
    Pair{"agn", "active galactic nuclei"},
    Pair{"ai", "artificial intelligence"},
    Pair{"asr", "automatic speech recognition"},
    Pair{"asr", "speech recognition"},
    Pair{"cmb", "cosmic microwave background"},
    Pair{"cnn", "convolutional neural network"},
    Pair{"ct", "computed tomography"},
    Pair{"eeg", "electroencephalography"},
    Pair{"frb", "fast radio burst"},
    Pair{"gan", "generative adversarial network"},
    Pair{"gnn", "graph neural network"},
    Pair{"grb", "gamma ray burst"},
    Pair{"ir", "information retrieval"},
    Pair{"llm", "large language model"},
    Pair{"llm", "language model"},
    Pair{"mcp", "model context protocol"},
    Pair{"ml", "machine learning"},
    Pair{"mllm", "multimodal large language model"},
    Pair{"mllm", "multimodal llm"},
    Pair{"moe", "mixture of experts"},
    Pair{"mri", "magnetic resonance imaging"},
    Pair{"nerf", "neural radiance field"},
    Pair{"nlp", "natural language processing"},
    Pair{"ocr", "optical character recognition"},
    Pair{"ode", "ordinary differential equation"},
    Pair{"pde", "partial differential equation"},
    Pair{"qa", "question answering"},
    Pair{"qec", "quantum error correction"},
    Pair{"rag", "retrieval augmented generation"},
    Pair{"rl", "reinforcement learning"},
    Pair{"rlhf", "reinforcement learning from human feedback"},
    Pair{"sde", "stochastic differential equation"},
    Pair{"slam", "simultaneous localization and mapping"},
    Pair{"snn", "spiking neural network"},
    Pair{"ssl", "self supervised learning"},
    Pair{"tts", "text to speech"},
    Pair{"uav", "unmanned aerial vehicle"},
    Pair{"ugv", "unmanned ground vehicle"},
    Pair{"vla", "vision language action"},
    Pair{"vlm", "vision language model"},
    Pair{"vlm", "visual language model"},
    Pair{"vqa", "visual question answering"},
    Pair{"xai", "explainable artificial intelligence"},
    Pair{"xai", "explainable ai"},
    // Two names of one thing.
    Pair{"autonomous-driving", "autonomous driving"},
    Pair{"autonomous-driving", "self driving"},
    Pair{"autonomous-driving", "driverless"},
    Pair{"autonomous-driving", "autonomous vehicle"},
};

struct ShortForm {
  std::string_view form;
  std::vector<std::string> keys;
};

// By the first key of the phrase; the longest phrase first.
const std::map<std::string, std::vector<ShortForm>>& short_forms() {
  static const auto kByFirst = [] {
    std::map<std::string, std::vector<ShortForm>> out;
    for (const auto& [form, phrase] : kShortForms) {
      ShortForm entry{form, {}};
      for (const auto& word : text::index_words(phrase)) entry.keys.push_back(key_of(word));
      out[entry.keys.front()].push_back(std::move(entry));
    }
    for (auto& [first, forms] : out)
      std::stable_sort(forms.begin(), forms.end(),
                       [](const auto& a, const auto& b) { return a.keys.size() > b.keys.size(); });
    return out;
  }();
  return kByFirst;
}

bool starts_at(const std::vector<Word>& words, std::size_t at, const std::vector<std::string>& keys) {
  if (at + keys.size() > words.size()) return false;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (words[at + i].key != keys[i] || (i > 0 && words[at + i].after_break)) return false;
  return true;
}

void mark_short_forms(std::vector<Word>& words) {
  const auto& forms = short_forms();
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto it = forms.find(words[i].key);
    if (it == forms.end()) continue;
    for (const auto& form : it->second)
      if (starts_at(words, i, form.keys)) {
        words[i].whole = form.form;
        words[i].span = form.keys.size();
        break;
      }
  }
}

// A full stop within a number or an abbreviation ("3.5") ends nothing.
bool is_break(std::string_view gap) {
  if (gap.find_first_of(";:!?,\n") != std::string_view::npos) return true;
  return gap.find(". ") != std::string_view::npos || gap == ".";
}

// "'s", "'m": not a word of its own.
bool is_clitic(std::string_view gap, std::string_view folded) {
  constexpr std::array<std::string_view, 7> kClitics{"d", "ll", "m", "re", "s", "t", "ve"};
  return (gap == "'" || gap == "’") && std::find(kClitics.begin(), kClitics.end(), folded) != kClitics.end();
}

bool ends(std::string_view word, std::string_view with) {
  return word.size() > with.size() + 2 && word.ends_with(with);
}

// One spelling for British and American English. Where both sides of a comparison are changed alike, words that it
// changes wrongly (hour, precise) do no harm.
std::string one_spelling(std::string_view folded) {
  std::string word(folded);
  for (std::string_view ending : {"isation", "isations", "ise", "ised", "ising", "iser", "isers"})
    if (ends(word, ending)) word[word.size() - ending.size() + 1] = 'z';
  if (auto at = word.find("our", 2); at != std::string::npos) word.erase(at + 1, 1);
  for (std::string_view ending : {"tre", "bre"})
    if (ends(word, ending)) std::swap(word[word.size() - 2], word[word.size() - 1]);
  return word;
}

struct Subject {
  std::string label;
  std::vector<std::string> name;  // brief keys
  std::vector<std::vector<Word>> kin;
};

// Keys with short forms in place of what they stand for, so that "large language model agents" holds "LLM agent".
std::vector<std::string> brief_keys(const std::vector<Word>& words) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < words.size(); i += std::max<std::size_t>(words[i].span, 1))
    out.push_back(words[i].span > 0 ? std::string(words[i].whole) : words[i].key);
  return out;
}

std::vector<Subject> load_kin() {
  std::vector<Subject> out;
  for (auto line : text::split(embedded::kin, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    auto fields = text::split(line, '\t');
    Subject subject{std::string(fields[0]), brief_keys(read_words(fields[0])), {}};
    for (std::size_t i = 1; i < fields.size(); ++i) subject.kin.push_back(read_words(fields[i]));
    out.push_back(std::move(subject));
  }
  return out;
}

const std::vector<Subject>& subjects() {
  static const auto kSubjects = load_kin();
  return kSubjects;
}

// A phrase of brief keys and the number of the subject that it names.
struct Name {
  std::vector<std::string> keys;
  std::size_t subject = 0;
};

const std::map<std::string, std::vector<Name>>& names_by_first() {
  static const auto kNames = [] {
    std::map<std::string, std::vector<Name>> out;
    for (std::size_t s = 0; s < subjects().size(); ++s) {
      out[subjects()[s].name.front()].push_back({subjects()[s].name, s});
      for (const auto& words : subjects()[s].kin) {
        auto keys = brief_keys(words);
        auto first = keys.front();
        out[first].push_back({std::move(keys), s});
      }
    }
    return out;
  }();
  return kNames;
}

// "Hate speech" is not speech.
bool is_other_sense(std::string_view before) {
  return before == "hate" || before == "free";
}

}  // namespace

std::vector<std::vector<Word>> kin_of(const std::vector<Word>& words) {
  auto keys = brief_keys(words);
  std::vector<std::vector<Word>> out;
  for (const auto& subject : subjects())
    if (std::search(keys.begin(), keys.end(), subject.name.begin(), subject.name.end()) != keys.end())
      out.insert(out.end(), subject.kin.begin(), subject.kin.end());
  return out;
}

std::vector<Mention> subjects_in(const std::vector<Word>& words) {
  auto keys = brief_keys(words);
  std::map<std::size_t, std::size_t> times;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto it = names_by_first().find(keys[i]);
    if (it == names_by_first().end() || (i > 0 && is_other_sense(keys[i - 1]))) continue;
    std::set<std::size_t> here;
    for (const auto& name : it->second)
      if (name.keys.size() <= keys.size() - i &&
          std::equal(name.keys.begin(), name.keys.end(), keys.begin() + static_cast<std::ptrdiff_t>(i)))
        here.insert(name.subject);
    for (auto subject : here) ++times[subject];
  }
  std::vector<Mention> out;
  for (const auto& [subject, n] : times) out.push_back({subjects()[subject].label, n});
  return out;
}

std::string key_of(std::string_view folded) {
  auto word = one_spelling(folded);
  text::stem(word);
  constexpr std::size_t kLongEnough = 6;  // "modelling", "modeling"; not "cell"
  if (word.size() >= kLongEnough && word.ends_with("ll")) word.pop_back();
  const auto* family =
      std::find_if(kFamilies.begin(), kFamilies.end(), [&word](const Pair& p) { return p.first == word; });
  return family == kFamilies.end() ? word : std::string(family->second);
}

std::vector<Word> read_words(std::string_view text) {
  std::vector<Word> out;
  std::size_t last = 0;
  for (text::WordReader reader(text); reader.next();) {
    if (is_clitic(text.substr(last, reader.begin() - last), reader.word())) {
      last = reader.end();
      continue;
    }
    Word word{.raw = reader.word(), .key = key_of(reader.word()), .begin = reader.begin(), .end = reader.end()};
    word.after_break = !out.empty() && is_break(text.substr(last, word.begin - last));
    last = word.end;
    out.push_back(std::move(word));
  }
  mark_short_forms(out);
  return out;
}

}  // namespace broadsheet::select
