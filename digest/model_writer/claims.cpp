#include "digest/model_writer/claims.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bot/base/words.hpp"

namespace broadsheet::model_writer {
namespace {

constexpr std::size_t kNear = 4;  // words between a comparison and what is compared

struct Way {
  std::string axis;
  bool up = false;
};

// Single words of the direction rows.
const std::map<std::string, Way>& ways() {
  static const std::map<std::string, Way> kWays = [] {
    std::map<std::string, Way> out;
    for (const auto& row : wordings()) {
      if (row.kind != "direction") continue;
      auto blank = row.name.find(' ');
      for (const auto& phrase : row.phrases) out[phrase] = {row.name.substr(0, blank), row.name.ends_with("up")};
    }
    return out;
  }();
  return kWays;
}

const std::set<std::string>& stop_words() {
  static const std::set<std::string> kStop(phrases("stop", "en").begin(), phrases("stop", "en").end());
  return kStop;
}

// A comparison with the content words around it.
struct Comparison {
  Way way;
  std::set<std::string> near;
};

std::set<std::string> content_near(const std::vector<std::string>& words, std::size_t at) {
  std::set<std::string> out;
  auto from = at > kNear ? at - kNear : 0;
  for (auto i = from; i < std::min(words.size(), at + kNear + 1); ++i) {
    if (i == at || stop_words().contains(words[i]) || ways().contains(words[i])) continue;
    auto stem = words[i];
    text::stem(stem);
    out.insert(stem);
  }
  return out;
}

std::vector<Comparison> comparisons(const Folded& text) {
  std::vector<Comparison> out;
  const auto& words = text.words();
  for (std::size_t i = 0; i < words.size(); ++i)
    if (auto found = ways().find(words[i]); found != ways().end())
      out.push_back({found->second, content_near(words, i)});
  return out;
}

bool share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&b](const auto& word) { return b.contains(word); });
}

// What the source says on the same axis about the same thing; about anything, if it says nothing about that.
bool is_turned(const Comparison& said, const std::vector<Comparison>& source) {
  bool near_same = false, near_other = false, same = false, other = false;
  for (const auto& one : source) {
    if (one.way.axis != said.way.axis) continue;
    bool alike = one.way.up == said.way.up, near = share(one.near, said.near);
    (alike ? same : other) = true;
    if (near) (alike ? near_same : near_other) = true;
  }
  if (near_same || near_other) return !near_same;
  return other && !same;
}

std::size_t count_of(const Folded& text, const std::vector<std::string>& phrases) {
  return static_cast<std::size_t>(
      std::count_if(text.words().begin(), text.words().end(), [&phrases](const std::string& word) {
        return std::find(phrases.begin(), phrases.end(), word) != phrases.end();
      }));
}

}  // namespace

Defect overclaimed(const Folded& text, const Folded& cited) {
  for (const auto& row : wordings()) {
    if (row.kind != "claim" || !has_any(text, row.phrases)) continue;
    bool praise = row.name == "praise";
    auto held = [&](const std::string& phrase) { return text.has(phrase) && !cited.has(phrase); };
    if (praise && std::any_of(row.phrases.begin(), row.phrases.end(), held)) return Defect::claim;
    if (!praise && !has_any(cited, row.phrases) && !has_any(cited, row.satisfies)) return Defect::claim;
  }
  return Defect::none;
}

Defect turned_round(const Folded& text, const Folded& cited) {
  auto source = comparisons(cited);
  for (const auto& said : comparisons(text))
    if (is_turned(said, source)) return Defect::direction;
  return Defect::none;
}

Defect surer(const Folded& text, const Folded& cited) {
  bool hedged = has_any(cited, phrases("hedge", "source"));
  return hedged && !has_any(text, phrases("hedge", "text")) ? Defect::hedge : Defect::none;
}

// A denial that is added; one that is dropped shows in other ways, or is a rewording.
Defect denies(const Folded& text, const Folded& cited) {
  const auto& words = phrases("negation", "any");
  return count_of(text, words) > 0 && count_of(cited, words) == 0 ? Defect::negation : Defect::none;
}

}  // namespace broadsheet::model_writer
