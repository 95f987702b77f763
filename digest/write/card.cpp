#include "digest/write/card.hpp"

#include <algorithm>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/signals.hpp"
#include "digest/select/terms.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

// The sentence that a TL;DR was made from.
bool is_source_of(const std::string& sentence, const Tldr& tldr) {
  return sentence == tldr.text || (!tldr.verbatim && standing_alone(sentence) == tldr.text);
}

void add_sections(Card& card, const std::vector<RoledSentence>& sentences, const std::vector<std::string>& shown) {
  constexpr std::pair<Role, std::size_t> kWanted[] = {
      {Role::objective, 1}, {Role::method, 2}, {Role::result, 2}, {Role::limitation, 2}};
  for (auto [role, most] : kWanted) {
    std::string body;
    std::size_t taken = 0;
    for (const auto& s : sentences) {
      if (s.role != role || taken == most || is_source_of(s.text, card.tldr)) continue;
      if (std::find(shown.begin(), shown.end(), s.text) != shown.end()) continue;
      // What follows inside the section may lean on what comes before.
      body += body.empty() ? standing_alone(s.text) : " " + s.text;
      ++taken;
    }
    if (!body.empty()) card.sections.push_back({role, body});
  }
}

}  // namespace

std::vector<std::string> findings(const std::vector<RoledSentence>& sentences, std::size_t most) {
  constexpr std::size_t kResult = 3;  // the place of `result` in RoledSentence::percent
  std::vector<std::pair<int, std::size_t>> ranked;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const auto& s = sentences[i];
    if (s.role != Role::result) continue;
    ranked.emplace_back(-(s.percent[kResult] + (has_measure(s.text) ? 60 : 0)), i);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > most) ranked.resize(most);
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<std::string> out;
  for (const auto& [value, i] : ranked) out.push_back(sentences[i].text);
  return out;
}

Card write_card(const Paper& paper, AnnounceType type, const std::vector<Reason>& why) {
  Card card;
  card.paper = paper;
  card.announce_type = type;
  card.why = why;
  card.badges = select::badges(paper);
  auto sentences = label(split_sentences(paper.abstract));
  card.tldr = tldr(paper.title, sentences);
  // One or two sentences are shown as they are: there is nothing to extract.
  card.origin = sentences.size() <= 2 ? Origin::abstract_only : Origin::extracted;
  auto shown = findings(sentences);
  std::erase_if(shown, [&card](const std::string& s) { return is_source_of(s, card.tldr); });
  for (const auto& s : shown) card.findings.push_back(standing_alone(s));
  if (sentences.empty()) card.degraded = "the record has no abstract";
  add_sections(card, sentences, shown);
  return card;
}

}  // namespace broadsheet::write
