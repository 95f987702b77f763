#include "digest/write/card.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/select/signals.hpp"
#include "digest/write/findings.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

// Sections of a card and how many sentences each holds at most.
constexpr std::pair<Role, std::size_t> kWanted[] = {
    {Role::objective, 1}, {Role::method, 2}, {Role::result, 2}, {Role::limitation, 2}};

// The sentences of one role that are not shown elsewhere. The first must stand alone; one that follows directly may
// lean on it.
std::string section_of(const std::vector<RoledSentence>& sentences, Role role, std::size_t most,
                       const std::vector<std::size_t>& shown) {
  std::string body;
  std::size_t taken = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < sentences.size() && taken < most; ++i) {
    if (sentences[i].role != role || std::find(shown.begin(), shown.end(), i) != shown.end()) continue;
    auto text = as_point(sentences[i].text);
    bool follows = taken > 0 && last + 1 == i;
    if (follows) text = sentences[i].text;
    if (!follows && leans(text)) continue;
    body += (body.empty() ? "" : " ") + text;
    last = i;
    ++taken;
  }
  return body;
}

}  // namespace

Card write_card(const Paper& paper, AnnounceType type, const std::vector<Reason>& why) {
  Card card;
  card.paper = paper;
  card.announce_type = type;
  card.why = why;
  card.badges = select::badges(paper);
  auto sentences = label(split_sentences(paper.abstract));
  // One or two sentences are shown as they are: there is nothing to extract.
  card.origin = sentences.size() <= 2 ? Origin::abstract_only : Origin::extracted;
  if (sentences.empty()) {
    card.degraded = "the record has no abstract";
    return card;
  }
  std::size_t source = 0;
  card.tldr = tldr(paper.title, sentences, &source);
  auto shown = findings(sentences, 3, source);
  card.findings = shown_findings(sentences, shown);
  shown.push_back(source);
  for (auto [role, most] : kWanted) {
    auto body = section_of(sentences, role, most, shown);
    if (!body.empty()) card.sections.push_back({role, body});
  }
  return card;
}

}  // namespace broadsheet::write
