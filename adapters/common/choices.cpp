#include "adapters/common/choices.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace broadsheet::adapters {
namespace {

using doc::Action;
using doc::Button;
using model::PartKind;

std::vector<Button> of_overview(const RenderOptions& options) {
  auto label = std::string("All titles");
  if (options.announced > 0) label += " (" + std::to_string(options.announced) + ")";
  std::vector<Button> out{{Action::all_titles, std::move(label), {}, {}, options.digest}};
  if (options.page_url.starts_with("https://") || options.page_url.starts_with("http://"))
    out.push_back({Action::open, "Show as one page", {}, options.page_url, {}});
  return out;
}

std::vector<Button> of_card(const PaperId& paper) {
  return {{Action::details, "Details", paper, {}, {}},
          {Action::bibtex, "BibTeX", paper, {}, {}},
          {Action::pdf, "PDF", paper, pdf_url({paper, 0}), {}}};
}

}  // namespace

std::vector<Button> usual_choices(const Part& part, const RenderOptions& options) {
  bool of_digest = !options.digest.empty();
  if (part.kind == PartKind::card && !part.paper.empty()) return of_card(part.paper);
  if (part.kind == PartKind::summary && of_digest) return of_overview(options);
  if (part.kind != PartKind::notice || !of_digest) return {};
  if (options.announced > 0) return of_overview(options);  // of which none passed
  return {{Action::retry, "Check again", {}, {}, options.digest}};
}

bool has_buttons(const doc::Blocks& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [](const doc::Block& block) {
    if (const auto* card = std::get_if<doc::CardBlock>(&block)) return has_buttons(card->content);
    return std::holds_alternative<doc::Buttons>(block);
  });
}

Part with_choices(Part part, const RenderOptions& options, bool brief) {
  if (has_buttons(part.document.blocks)) return part;
  auto choices = usual_choices(part, options);
  if (brief && part.kind == PartKind::card && !choices.empty()) choices.resize(1);
  if (!choices.empty()) part.document.blocks.emplace_back(doc::Buttons{std::move(choices), 0});
  return part;
}

bool is_subject(std::string_view s) {
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  auto slash = s.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == s.size() || !letter(s.front())) return false;
  auto of_name = [&](char c) { return digit(c) || letter(c) || c == '.' || c == '-' || c == '+'; };
  auto of_day = [&](char c) { return digit(c) || c == '.' || c == '-'; };
  auto end = s.begin() + static_cast<std::ptrdiff_t>(slash);
  return std::all_of(s.begin(), end, of_name) && std::all_of(end + 1, s.end(), of_day);
}

}  // namespace broadsheet::adapters
