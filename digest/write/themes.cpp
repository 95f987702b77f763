#include "digest/write/themes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/terms.hpp"

namespace broadsheet::write {
namespace {

struct Phrase {
  std::set<std::size_t> in_title, in_text;
  std::map<std::string, std::size_t> spellings;
  std::size_t words = 0;
};

// Words that make a poor theme alone or at an edge.
bool is_weak(const std::string& word) {
  static const std::set<std::string> kWeak = {"learning",
                                              "network",
                                              "networks",
                                              "deep",
                                              "neural",
                                              "training",
                                              "language",
                                              "vision",
                                              "image",
                                              "images",
                                              "generation",
                                              "generative",
                                              "benchmark",
                                              "survey",
                                              "towards",
                                              "improving",
                                              "understanding",
                                              "analysis",
                                              "detection",
                                              "dataset",
                                              "fast",
                                              "aware",
                                              "driven",
                                              "guided",
                                              "time",
                                              "real",
                                              "test",
                                              "zero",
                                              "shot",
                                              "end",
                                              "fixed",
                                              "case",
                                              "beyond",
                                              "non",
                                              "multi",
                                              "free",
                                              "note",
                                              "can",
                                              "does",
                                              "do",
                                              "read",
                                              "budget",
                                              "cross",
                                              "self",
                                              "open",
                                              "agent",
                                              "agents",
                                              "reasoning",
                                              "knowledge",
                                              "estimation",
                                              "evaluating",
                                              "enhancing",
                                              "exploring",
                                              "rethinking",
                                              "adaptive",
                                              "unified",
                                              "scalable",
                                              "automated",
                                              "human",
                                              "high",
                                              "evaluating",
                                              "chatgpt",
                                              "gpt",
                                              "robotic",
                                              "robotics",
                                              "adversarial",
                                              "multimodal",
                                              "dynamic",
                                              "sparse",
                                              "global",
                                              "local",
                                              "object",
                                              "objects",
                                              "video",
                                              "videos",
                                              "visual",
                                              "graph",
                                              "graphs",
                                              "semantic",
                                              "temporal",
                                              "spatial",
                                              "feature",
                                              "features",
                                              "representation",
                                              "optimization",
                                              "control",
                                              "scale",
                                              "world",
                                              "llm",
                                              "domain",
                                              "inference",
                                              "tool",
                                              "tools",
                                              "interaction",
                                              "interactions",
                                              "policy",
                                              "policies",
                                              "metric",
                                              "metrics",
                                              "level",
                                              "context",
                                              "design",
                                              "search",
                                              "structure",
                                              "state",
                                              "space",
                                              "motion",
                                              "text",
                                              "bias",
                                              "adaptation",
                                              "recognition",
                                              "evaluation",
                                              "data",
                                              "feature",
                                              "features",
                                              "alignment",
                                              "prediction",
                                              "camera",
                                              "cameras",
                                              "video",
                                              "videos",
                                              "object",
                                              "objects",
                                              "attention",
                                              "llms",
                                              "3d",
                                              "2d"};
  return kWeak.contains(word);
}

bool can_be_in_label(const std::string& word) {
  return word.size() > 1 && !select::is_common(word);
}

// Adjectives, participles and compounds do not name a subject alone.
bool is_noun_like(std::string_view word) {
  if (word.find('-') != std::string_view::npos) return false;
  constexpr std::string_view kEnds[] = {"ic", "al", "ive", "ing", "ed", "able", "ous", "ful", "less"};
  return std::none_of(std::begin(kEnds), std::end(kEnds), [word](auto end) { return word.ends_with(end); });
}

std::string key_of(const std::vector<std::string>& w, std::size_t from, std::size_t n) {
  std::string key;
  for (std::size_t i = from; i < from + n; ++i) key += (i == from ? "" : " ") + select::stem(w[i]);
  return key;
}

bool is_candidate(const std::vector<std::string>& w, std::size_t from, std::size_t n) {
  for (std::size_t i = from; i < from + n; ++i)
    if (!can_be_in_label(w[i])) return false;
  bool has_letter = false;
  for (std::size_t i = from; i < from + n; ++i)
    for (char c : w[i]) has_letter = has_letter || (c >= 'a' && c <= 'z');
  if (!has_letter || (w[from][0] >= '0' && w[from][0] <= '9' && n == 1)) return false;
  static const std::set<std::string> kBadEnd = {"human", "real", "non",  "multi", "self",   "cross",  "open",
                                                "high",  "zero", "test", "free",  "driven", "guided", "aware"};
  if (kBadEnd.contains(w[from + n - 1])) return false;
  if (n == 1) return !is_weak(w[from]) && w[from].size() > 3 && is_noun_like(w[from]);
  bool all_weak = true;
  for (std::size_t i = from; i < from + n; ++i) all_weak = all_weak && is_weak(w[i]) && w[i].size() < 4;
  return !all_weak;
}

// Acronyms keep their capitals ("LLMs", "3D"); other words are lower case in a label.
std::map<std::string, std::string> spellings_of(std::string_view title) {
  std::map<std::string, std::string> out;
  std::string word;
  for (char c : std::string(title) + " ") {
    auto u = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || u >= 0x80) {
      word += c;
      continue;
    }
    auto capitals = std::count_if(word.begin(), word.end(), [](char x) { return x >= 'A' && x <= 'Z'; });
    if (capitals > 1 || (capitals == 1 && word.size() == 2)) out[text::lower_ascii(word)] = word;
    word.clear();
  }
  return out;
}

std::map<std::string, Phrase> phrases_of(const std::vector<Paper>& papers) {
  std::map<std::string, Phrase> out;
  for (std::size_t p = 0; p < papers.size(); ++p) {
    auto w = select::words(papers[p].title);
    auto as_written = spellings_of(papers[p].title);
    for (std::size_t n = 1; n <= 3; ++n)
      for (std::size_t i = 0; i + n <= w.size(); ++i) {
        if (!is_candidate(w, i, n)) continue;
        auto& phrase = out[key_of(w, i, n)];
        phrase.words = n;
        phrase.in_title.insert(p);
        std::string spelling;
        for (std::size_t k = i; k < i + n; ++k) {
          auto it = as_written.find(w[k]);
          spelling += (k == i ? "" : " ") + (it == as_written.end() ? w[k] : it->second);
        }
        ++phrase.spellings[spelling];
      }
  }
  std::erase_if(out, [](const auto& entry) { return entry.second.in_title.size() < 2; });
  for (std::size_t p = 0; p < papers.size(); ++p) {
    auto w = select::words(papers[p].abstract);
    std::map<std::string, int> seen;
    for (std::size_t n = 1; n <= 3; ++n)
      for (std::size_t i = 0; i + n <= w.size(); ++i)
        if (auto it = out.find(key_of(w, i, n)); it != out.end() && ++seen[it->first] == (n == 1 ? 3 : 2))
          it->second.in_text.insert(p);
  }
  return out;
}

std::string label_of(const Phrase& phrase) {
  auto best = std::max_element(phrase.spellings.begin(), phrase.spellings.end(),
                               [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->first;
}

}  // namespace

std::vector<ThemeGroup> find_themes(const std::vector<Paper>& papers, std::size_t most) {
  auto phrases = phrases_of(papers);
  // In a long listing two papers are a coincidence; such groups come after the larger ones.
  constexpr double kSmall = 0.4;
  std::size_t least = std::max<std::size_t>(2, papers.size() / 30);
  std::set<std::size_t> grouped;
  std::vector<ThemeGroup> out;
  while (out.size() < most) {
    const std::pair<const std::string, Phrase>* best = nullptr;
    std::set<std::size_t> best_members;
    double best_value = 0;
    for (const auto& entry : phrases) {
      std::set<std::size_t> members;
      std::set_union(entry.second.in_title.begin(), entry.second.in_title.end(), entry.second.in_text.begin(),
                     entry.second.in_text.end(), std::inserter(members, members.end()));
      std::erase_if(members, [&grouped](std::size_t p) { return grouped.contains(p); });
      if (members.size() < 2) continue;
      auto share = static_cast<double>(members.size()) / static_cast<double>(papers.size());
      if (papers.size() > 20 && share > 0.25) continue;  // too broad to say anything
      double value = std::sqrt(static_cast<double>(members.size())) * (entry.second.words == 1   ? 0.7
                                                                       : entry.second.words == 2 ? 2.2
                                                                                                 : 2.4);
      if (members.size() < least) value *= kSmall;
      if (value > best_value) {
        best_value = value;
        best = &entry;
        best_members = std::move(members);
      }
    }
    if (best == nullptr) break;
    out.push_back({label_of(best->second), {best_members.begin(), best_members.end()}});
    grouped.insert(best_members.begin(), best_members.end());
    phrases.erase(std::string(best->first));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.papers.size() > b.papers.size(); });
  return out;
}

}  // namespace broadsheet::write
