#include "digest/write/why.hpp"

#include <algorithm>
#include <map>

#include "bot/base/text.hpp"
#include "digest/write/phrases.hpp"
#include "digest/write/summary.hpp"

namespace broadsheet::write {
namespace {

// "Harmonizing modalities" at the beginning of a title tells what is done, not what it is about.
bool is_doing(std::string_view title, std::string_view label) {
  auto first = label.substr(0, label.find(' '));
  auto at = title.find(label);
  return first.ends_with("ing") && (at == 0 || (at != std::string_view::npos && at >= 2 && title[at - 2] == ':'));
}

// As the paper writes it most: its abstract tells names from other words.
std::string written(const Paper& paper, const std::string& key) {
  std::map<std::string, std::size_t> times;
  for (const auto* part : {&paper.title, &paper.abstract})
    for (const auto& phrase : phrases_in(*part))
      if (phrase.key == key) ++times[phrase.label];
  return best_label(times);
}

bool stands_once(const std::string& wanted, const std::vector<std::string>& texts) {
  std::size_t with = 0;
  for (const auto& text : texts)
    if (text.find(wanted) != std::string::npos && ++with > 1) return false;
  return with == 1;
}

// "tidal priors": the longest phrase of the title that stands in no other paper of the day; empty if there is none.
std::string own_subject(const Paper& paper, const std::string& theme, const std::vector<std::string>& texts) {
  auto title = text::lower_ascii(paper.title);
  auto known = text::lower_ascii(theme);
  auto phrases = phrases_in(paper.title);
  constexpr std::size_t kMostPhrases = 64;
  if (phrases.size() > kMostPhrases) phrases.erase(phrases.begin() + kMostPhrases, phrases.end());
  std::stable_sort(phrases.begin(), phrases.end(),
                   [](const Phrase& a, const Phrase& b) { return a.label.size() > b.label.size(); });
  for (const auto& phrase : phrases) {
    auto wanted = text::lower_ascii(phrase.label);
    if (!phrase.whole || is_doing(title, wanted)) continue;
    if (wanted.ends_with("s")) wanted.pop_back();
    bool said = !known.empty() && (known.find(wanted) != std::string::npos || wanted.find(known) != std::string::npos);
    if (!said && stands_once(wanted, texts)) return written(paper, phrase.key);
  }
  return {};
}

const Theme* theme_of(const PaperId& id, const std::vector<Theme>& themes) {
  for (const auto& theme : themes)
    if (theme.label != kOtherSubjects && std::find(theme.papers.begin(), theme.papers.end(), id) != theme.papers.end())
      return &theme;
  return nullptr;
}

std::string place_of(const Card& card, const std::vector<Theme>& themes, const std::vector<std::string>& texts) {
  const auto* theme = theme_of(card.paper.id, themes);
  auto own = own_subject(card.paper, theme == nullptr ? "" : theme->label, texts);
  std::string out;
  if (theme != nullptr) out = "one of " + std::to_string(theme->total) + " on " + theme->label + " today";
  if (!own.empty()) out += (out.empty() ? "the only one today on “" : ", the only one on “") + own + "”";
  return out;
}

bool asked_for(ReasonKind kind) {
  return kind == ReasonKind::interest || kind == ReasonKind::followed || kind == ReasonKind::always_show;
}

}  // namespace

void place_in_day(std::vector<Card>& cards, const std::vector<Theme>& themes, const std::vector<Paper>& papers) {
  std::vector<std::string> texts;
  texts.reserve(papers.size());
  for (const auto& paper : papers) texts.push_back(text::lower_ascii(paper.title + " " + paper.abstract));
  for (auto& card : cards) {
    auto place = place_of(card, themes, texts);
    if (place.empty()) continue;
    double weight = 0;
    for (const auto& reason : card.why)
      if (reason.kind == ReasonKind::topic) weight = reason.weight;
    std::erase_if(card.why, [](const Reason& reason) {
      return reason.kind == ReasonKind::topic || reason.kind == ReasonKind::cross_listed;
    });
    auto at = std::find_if(card.why.begin(), card.why.end(), [](const Reason& r) { return !asked_for(r.kind); });
    card.why.insert(at, {ReasonKind::topic, std::move(place), weight});
  }
}

}  // namespace broadsheet::write
