#include "digest/write/card.hpp"

#include <algorithm>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/signals.hpp"
#include "digest/select/terms.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kLongTldr = 45;  // words

std::set<std::string> content(std::string_view s) {
  std::set<std::string> out;
  for (const auto& word : select::words(s))
    if (word.size() > 2 && !select::is_common(word)) out.insert(select::stem(word));
  return out;
}

double covered(const std::set<std::string>& part, const std::set<std::string>& whole) {
  if (whole.empty()) return 0;
  std::size_t both = 0;
  for (const auto& word : part) both += whole.count(word);
  return static_cast<double>(both) / static_cast<double>(whole.size());
}

// "In this paper, we …" -> "We …". Only lead-ins that carry nothing.
std::string without_lead_in(const std::string& sentence) {
  for (std::string_view lead : {"In this paper, ",
                                "In this work, ",
                                "In this article, ",
                                "In this study, ",
                                "In this letter, ",
                                "To address this, ",
                                "To address this issue, ",
                                "To address these challenges, ",
                                "To address these issues, ",
                                "To address this challenge, ",
                                "To address this gap, ",
                                "To this end, ",
                                "To fill this gap, ",
                                "To tackle this, ",
                                "Here, ",
                                "Therefore, ",
                                "Thus, ",
                                "Motivated by this, ",
                                "To overcome these limitations, ",
                                "To bridge this gap, ",
                                "To address these limitations, "})
    if (sentence.starts_with(lead) && sentence.size() > lead.size()) {
      auto rest = sentence.substr(lead.size());
      if (rest[0] >= 'a' && rest[0] <= 'z') rest[0] = static_cast<char>(rest[0] - 'a' + 'A');
      return rest;
    }
  return sentence;
}

double role_value(Role role) {
  switch (role) {
    case Role::objective:
      return 2.0;
    case Role::result:
      return 1.0;
    case Role::method:
      return 0.8;
    case Role::background:
      return 0.0;
    default:
      return -1.0;
  }
}

std::size_t best_tldr(std::string_view title, const std::vector<RoledSentence>& sentences) {
  std::set<std::string> whole;
  for (const auto& s : sentences) whole.merge(content(s.text));
  auto title_words = content(title);
  std::size_t best = 0;
  double best_value = -100;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    auto own = content(sentences[i].text);
    double value = role_value(sentences[i].role) + 2.0 * covered(own, whole) + 1.2 * covered(own, title_words);
    auto length = word_count(sentences[i].text);
    if (length > kLongTldr) value -= 0.05 * static_cast<double>(length - kLongTldr);
    if (length < 8) value -= 1.5;
    // A sentence that says no more than the title is worthless beside it.
    std::size_t beyond = 0;
    for (const auto& word : own) beyond += title_words.contains(word) ? 0 : 1;
    if (beyond < 4) value -= 1.0;
    if (value > best_value) {
      best_value = value;
      best = i;
    }
  }
  return best;
}

// The sentence that a TL;DR was made from.
bool is_source_of(const std::string& sentence, const Tldr& tldr) {
  return sentence == tldr.text || (sentence.size() > tldr.text.size() && without_lead_in(sentence) == tldr.text);
}

void add_sections(Card& card, const std::vector<RoledSentence>& sentences) {
  constexpr std::pair<Role, std::size_t> kWanted[] = {
      {Role::objective, 1}, {Role::method, 2}, {Role::result, 2}, {Role::limitation, 2}};
  for (auto [role, most] : kWanted) {
    std::string body;
    std::size_t taken = 0;
    for (const auto& s : sentences) {
      if (s.role != role || taken == most || is_source_of(s.text, card.tldr)) continue;
      if (std::find(card.findings.begin(), card.findings.end(), s.text) != card.findings.end()) continue;
      body += (body.empty() ? "" : " ") + s.text;
      ++taken;
    }
    if (!body.empty()) card.sections.push_back({role, body});
  }
}

}  // namespace

Tldr tldr(std::string_view title, const std::vector<RoledSentence>& sentences) {
  if (sentences.empty()) return {};
  const auto& chosen = sentences[best_tldr(title, sentences)].text;
  auto shown = without_lead_in(chosen);
  return {shown, shown == chosen};
}

std::vector<std::string> findings(const std::vector<RoledSentence>& sentences, std::size_t most) {
  std::vector<std::pair<double, std::size_t>> ranked;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const auto& s = sentences[i];
    if (s.role != Role::result) continue;
    ranked.emplace_back(-(s.p + (has_number(s.text) ? 1.0 : 0.0)), i);
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
  card.findings = findings(sentences);
  std::erase_if(card.findings, [&card](const std::string& s) { return is_source_of(s, card.tldr); });
  if (sentences.empty()) card.degraded = "the record has no abstract";
  add_sections(card, sentences);
  return card;
}

}  // namespace broadsheet::write
