#include "digest/model_writer/statements.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "bot/base/json.hpp"
#include "bot/base/text.hpp"
#include "digest/model_writer/answer.hpp"
#include "digest/model_writer/claims.hpp"
#include "digest/model_writer/prompts.hpp"
#include "digest/write/summary.hpp"

namespace broadsheet::model_writer {
namespace {

using nlohmann::json;

constexpr std::size_t kOverview = 3, kThemes = 5, kSingled = 3, kMostRead = 40;
constexpr std::size_t kLabelWords = 6, kStatementWords = 40;

class SummaryReader {
 public:
  SummaryReader(const std::vector<Card>& cards, const ExecutiveSummary& extract, const Language& language)
      : cards_(cards), extract_(extract), language_(language) {
    for (const auto& card : cards) by_id_.emplace(card.paper.id, &card);
  }

  CheckedSummary read(const json& answer) {
    auto& summary = out_.summary;
    summary.origin = Origin::model_from_abstract;
    for (const auto* item : items(answer, "overview"))
      if (auto found = statement(*item); found && summary.overview.size() < kOverview)
        summary.overview.push_back(std::move(*found));
    for (const auto* item : items(answer, "themes"))
      if (summary.themes.size() < kThemes) theme(*item);
    summary.notable = singled(answer, "notable", {});
    std::set<PaperId> taken;
    for (const auto& one : summary.notable) taken.insert(one.rests_on.begin(), one.rests_on.end());
    summary.read_in_full = singled(answer, "read_in_full", taken);
    fill_up(taken);
    place_all();
    return std::move(out_);
  }

 private:
  static std::vector<const json*> items(const json& answer, std::string_view key) {
    std::vector<const json*> out;
    const auto* list = untrusted::member(answer, {key});
    if (list == nullptr || !list->is_array()) return out;
    for (const auto& item : *list)
      if (out.size() < kMostRead) out.push_back(&item);
    return out;
  }

  bool note(Defect defect) {
    ++out_.defects[defect];
    return defect == Defect::none;
  }

  // Of shown papers only, each once; empty for anything else.
  std::vector<PaperId> papers(const json& item) const {
    std::vector<PaperId> out;
    const auto* list = untrusted::member(item, {"papers"});
    if (list == nullptr || !list->is_array()) return out;
    for (const auto& one : *list) {
      auto named = one.is_string() ? parse_paper_reference(one.get<std::string>()) : std::nullopt;
      if (!named || !by_id_.contains(named->id)) return {};
      if (std::find(out.begin(), out.end(), named->id) == out.end()) out.push_back(named->id);
    }
    return out;
  }

  // The cards of these papers as what a statement may rest on. How many they are may be said as well.
  Source source_of(const std::vector<PaperId>& ids) const {
    std::string titles;
    std::vector<std::string> texts;
    for (const auto& id : ids) {
      const auto& card = *by_id_.at(id);
      titles += card.paper.title + ". ";
      texts.push_back(card.tldr.text);
      for (const auto& section : card.sections) texts.push_back(section.text);
      for (const auto& finding : card.findings) texts.push_back(finding);
    }
    texts.push_back(std::to_string(ids.size()) + " papers, " + std::to_string(cards_.size()) + " papers");
    return {std::move(titles), std::move(texts)};
  }

  Defect defect_of(const std::string& text, const std::vector<PaperId>& ids, std::size_t most_words) const {
    if (ids.empty()) return Defect::evidence;
    auto source = source_of(ids);
    Folded folded(text);
    Rules rules{language_, most_words, summary_prompt().text};
    if (auto found = check_form(text, folded, source, rules); found != Defect::none) return found;
    if (auto found = check_facts(text, source, language_); found != Defect::none) return found;
    return overclaimed(folded, source.folded());
  }

  std::optional<Statement> statement(const json& item) {
    Statement out{shown(untrusted::text_at(item, {"text"})), papers(item)};
    if (!note(defect_of(out.text, out.rests_on, kStatementWords))) return std::nullopt;
    return out;
  }

  void theme(const json& item) {
    auto gist = statement(item);
    auto label = shown(untrusted::text_at(item, {"label"}));
    if (!gist || !note(defect_of(label, gist->rests_on, kLabelWords))) return;
    std::vector<PaperId> fresh;
    for (const auto& id : gist->rests_on)
      if (placed_.insert(id).second) fresh.push_back(id);
    if (fresh.empty()) return;
    gist->text += " " + names_of(gist->rests_on);
    out_.summary.themes.push_back({std::move(label), std::move(*gist), fresh, fresh.size()});
  }

  std::string names_of(const std::vector<PaperId>& ids) const {
    std::vector<std::string> names;
    for (const auto& id : ids) names.push_back(write::short_name(by_id_.at(id)->paper));
    return std::string(language_.papers) + text::join(names, "; ") + (language_.papers.ends_with(' ') ? "." : "。");
  }

  // Statements about one paper each, which they name.
  std::vector<Statement> singled(const json& answer, std::string_view key, std::set<PaperId> taken) {
    std::vector<Statement> out;
    for (const auto* item : items(answer, key)) {
      auto found = statement(*item);
      if (!found || found->rests_on.size() != 1 || out.size() == kSingled) continue;
      if (!taken.insert(found->rests_on.front()).second) continue;
      auto name = write::short_name(by_id_.at(found->rests_on.front())->paper);
      if (found->text.find(name) == std::string::npos) found->text.insert(0, name + ": ");
      out.push_back(std::move(*found));
    }
    return out;
  }

  // What the model left empty is the extract's, where that is in the same language.
  void fill_up(std::set<PaperId> taken) {
    if (language_.code != "en") return;
    auto& summary = out_.summary;
    summary.emerging = extract_.emerging;
    if (summary.themes.empty()) summary.themes = extract_.themes;
    auto fill = [&taken](std::vector<Statement>& list, const std::vector<Statement>& from) {
      if (!list.empty()) return;
      for (const auto& one : from)
        if (std::none_of(one.rests_on.begin(), one.rests_on.end(), [&](const auto& id) { return taken.contains(id); }))
          list.push_back(one);
      for (const auto& one : list) taken.insert(one.rests_on.begin(), one.rests_on.end());
    };
    for (const auto& one : summary.read_in_full) taken.insert(one.rests_on.begin(), one.rests_on.end());
    fill(summary.notable, extract_.notable);
    fill(summary.read_in_full, extract_.read_in_full);
  }

  // Every shown paper stands under a theme.
  void place_all() {
    auto& themes = out_.summary.themes;
    for (const auto& theme : themes) placed_.insert(theme.papers.begin(), theme.papers.end());
    std::vector<PaperId> rest;
    for (const auto& card : cards_)
      if (!placed_.contains(card.paper.id)) rest.push_back(card.paper.id);
    if (rest.empty()) return;
    Theme further;
    further.label = language_.further;
    further.gist = {names_of(rest), rest};
    further.papers = rest;
    further.total = rest.size();
    themes.push_back(std::move(further));
  }

  const std::vector<Card>& cards_;
  const ExecutiveSummary& extract_;
  const Language& language_;
  std::map<PaperId, const Card*> by_id_;
  std::set<PaperId> placed_;
  CheckedSummary out_;
};

}  // namespace

CheckedSummary read_summary(const json& answer, const std::vector<Card>& cards, const ExecutiveSummary& extract,
                            const Language& language) {
  return SummaryReader(cards, extract, language).read(answer);
}

}  // namespace broadsheet::model_writer
