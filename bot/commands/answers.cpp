#include "bot/commands/answers.hpp"

#include <algorithm>
#include <cctype>

#include "bot/base/text.hpp"
#include "bot/commands/parse.hpp"
#include "bot/commands/wording.hpp"
#include "digest/doc/builder.hpp"
#include "digest/present/bibtex.hpp"
#include "digest/present/document.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::commands {

using doc::Inlines;
using doc::plain;
using doc::strong;

doc::Text code(std::string_view text) {
  return {std::string(text), doc::Emphasis::code};
}

std::string typed(const Context& context, std::string_view command) {
  return context.prefix + std::string(command);
}

std::string target_of(const Context& context) {
  return context.elsewhere.empty() ? std::string() : " target:" + context.elsewhere;
}

std::string typed_there(const Context& context, std::string_view command) {
  return typed(context, command) + target_of(context);
}

std::string when_text(const Zone& zone, Moment moment) {
  return short_date(zone.local_day(moment)) + " " + zone.clock_text(moment);
}

namespace {

doc::Paragraph paragraph(std::string_view text) {
  return {{plain(text)}};
}
doc::Note note(std::string_view text, doc::KeepRank keep = 0) {
  return {{plain(text)}, keep};
}

// What stands between backticks becomes code; a command there is shown as it is typed in this place.
Inlines with_code(const Context& context, std::string_view text) {
  Inlines out;
  bool inside = false;
  for (auto piece : text::split(text, '`')) {
    auto first = piece.substr(0, piece.find(' '));
    const auto* command = inside ? find_command(first) : nullptr;
    if (inside)
      out.emplace_back(code(command != nullptr && command->name == first ? typed(context, piece) : std::string(piece)));
    else if (!piece.empty())
      out.emplace_back(plain(piece));
    inside = !inside;
  }
  return out;
}

std::string role_text(model::Role role, std::string_view place) {
  if (role == model::Role::operator_) return "operators";
  if (role == model::Role::manager) return std::string(place) + " managers";
  return role == model::Role::member ? "members" : "everybody";
}

// arXiv tells licences by their addresses.
std::string license_name(const std::string& address) {
  constexpr std::string_view kCommons = "creativecommons.org/licenses/";
  if (address.find("nonexclusive-distrib") != std::string::npos) return "arXiv's own (not for redistribution)";
  if (address.find("publicdomain/zero") != std::string::npos) return "CC0";
  auto at = address.find(kCommons);
  if (at == std::string::npos) return address;
  auto parts = text::split(std::string_view(address).substr(at + kCommons.size()), '/');
  std::string name = "CC " + std::string(parts[0]) + (parts.size() > 1 ? " " + std::string(parts[1]) : "");
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

// The same search with its options, one page on.
std::string next_page(const SearchPage& page) {
  auto out = "search " + page.query;
  if (page.order == store::SearchOrder::newest) out += " sort:new";
  if (page.size != ParsedCommand{}.count) out += " n:" + std::to_string(page.size);
  return out + " page:" + std::to_string(page.page + 1);
}

}  // namespace

doc::Document error_answer(const Context& context, const UserError& error) {
  return {{doc::Paragraph{with_code(context, error.str(context.place))}}};
}

doc::Document help_answer(const Context& context, std::string_view state) {
  doc::ListBlock list;
  for (const auto& row : commands()) {
    if (!row.listed || row.role > context.role) continue;
    list.items.push_back({code(typed(context, row.name)), plain(" — " + std::string(row.help))});
  }
  doc::Document out;
  out.blocks.emplace_back(doc::Heading{2, {plain("What I can do")}});
  out.blocks.emplace_back(std::move(list));
  out.blocks.emplace_back(
      doc::Paragraph{{code(typed(context, "help digest")), plain(" shows how one command is used.")}});
  if (!state.empty()) out.blocks.emplace_back(note(state));
  return out;
}

doc::Document help_answer(const Context& context, const CommandSpec& command) {
  doc::Document out;
  out.blocks.emplace_back(doc::Paragraph{{strong(command.name), plain(" — " + std::string(command.help) + ".")}});
  out.blocks.emplace_back(doc::CodeBlock{typed(context, syntax(command, context.place)), "", 0});
  doc::ListBlock options;
  options.keep = 1;
  for (auto key : command.options) {
    const auto& option = spec_of(key);
    auto values = option.allowed.empty() ? std::string() : " (" + std::string(option.allowed) + ")";
    options.items.push_back({code(option.name), plain(" — " + in_place(option.help, context.place) + values)});
  }
  if (!options.items.empty()) out.blocks.emplace_back(std::move(options));
  doc::ListBlock examples;
  for (auto example : command.examples) examples.items.push_back({code(typed(context, example))});
  out.blocks.emplace_back(doc::Paragraph{{strong("Examples")}});
  out.blocks.emplace_back(std::move(examples));
  out.blocks.emplace_back(note("For " + role_text(command.role, context.place) + "."));
  return out;
}

doc::Document start_answer(const Context& context) {
  doc::Document out;
  out.blocks.emplace_back(
      paragraph("I read the day's new arXiv papers, choose the ones that matter and explain them, here, every day."));
  doc::ListBlock list;
  list.numbered = true;
  list.items.push_back({plain("See what it looks like: "), code(typed(context, "today cs.CL"))});
  list.items.push_back(
      {plain("Get it every day: "), code(typed(context, "subscribe cs.CL at:09:00 tz:Europe/Berlin"))});
  list.items.push_back({plain("Look around: "), code(typed(context, "help"))});
  out.blocks.emplace_back(std::move(list));
  return out;
}

doc::Document paper_answer(const Card& card, Detail detail) {
  doc::Document out;
  const auto& paper = card.paper;
  if (paper.withdrawn) {
    auto why = paper.comment.empty() ? std::string() : " " + paper.comment;
    out.blocks.emplace_back(doc::Paragraph{{strong("Withdrawn by its authors."), plain(why)}});
  }
  for (auto& block : present::card(card).blocks) out.blocks.push_back(std::move(block));
  if (detail == Detail::full) {
    if (!paper.abstract.empty()) out.blocks.emplace_back(doc::Quote{{plain(paper.abstract)}, 1});
    std::string facts;
    auto add = [&](std::string_view label, const std::string& value) {
      if (!value.empty()) facts += (facts.empty() ? "" : " · ") + std::string(label) + value;
    };
    add("", paper.published ? "first submitted " + to_iso(*paper.published).substr(0, 10) : "");
    add("", paper.updated ? "this version " + to_iso(*paper.updated).substr(0, 10) : "");
    if (!paper.withdrawn) add("comment: ", paper.comment);
    add("journal: ", paper.journal_ref);
    add("DOI: ", paper.doi);
    add("licence: ", license_name(paper.license));
    if (!facts.empty()) out.blocks.emplace_back(note(facts, 2));
  }
  doc::Buttons buttons;
  if (detail == Detail::card) buttons.buttons.push_back({doc::Action::details, "Details", paper.id, ""});
  buttons.buttons.push_back({doc::Action::bibtex, "BibTeX", paper.id, ""});
  buttons.buttons.push_back({doc::Action::pdf, "PDF", paper.id, pdf_url(paper.versioned())});
  buttons.keep = 3;
  out.blocks.emplace_back(std::move(buttons));
  return out;
}

doc::Document bibtex_answer(const Paper& paper) {
  return {{doc::CodeBlock{present::to_bibtex(paper), "bibtex", 0}}};
}

doc::Document search_answer(const Context& context, const SearchPage& page) {
  doc::Document out;
  doc::ListBlock list;
  auto shown = std::min(page.found.hits.size(), page.size);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& paper = page.found.hits[i].paper;
    auto rest = " — " + present::author_line(paper) + " · " + paper.versioned().str() + " · " + paper.primary();
    if (paper.published) rest += " · " + to_iso(*paper.published).substr(0, 10);
    list.items.push_back({doc::link_to_paper(paper.versioned(), paper.title), plain(rest)});
  }
  auto first = (page.page - 1) * page.size;
  out.blocks.emplace_back(doc::Paragraph{{plain("Search: "), code(page.query)}});
  out.blocks.emplace_back(std::move(list));
  auto line = std::to_string(first + 1) + " to " + std::to_string(first + shown) + " of the papers stored here";
  if (!page.found.note.empty()) line += ". " + page.found.note;
  out.blocks.emplace_back(note(line));
  if (page.found.hits.size() > shown)
    out.blocks.emplace_back(doc::Note{{plain("Next page: "), code(typed(context, next_page(page)))}, 1});
  return out;
}

doc::Document titles_answer(const Context& context, const Digest& digest, const TitlesPage& page) {
  constexpr std::size_t kOnPage = 200;  // more than a usual day announces
  auto out = present::digest_document(digest, Style::titles);
  auto all = std::find_if(out.blocks.begin(), out.blocks.end(),
                          [](const auto& block) { return std::holds_alternative<doc::ListBlock>(block); });
  if (all == out.blocks.end()) return out;
  auto& list = std::get<doc::ListBlock>(*all);
  auto total = list.items.size();
  auto first = (page.page - 1) * kOnPage;
  if (total <= kOnPage || first >= total) return out;
  auto last = std::min(first + kOnPage, total);
  list.items = {list.items.begin() + static_cast<std::ptrdiff_t>(first),
                list.items.begin() + static_cast<std::ptrdiff_t>(last)};
  list.first = first + 1;
  out.blocks.emplace_back(note("Titles " + std::to_string(first + 1) + " to " + std::to_string(last) + " of " +
                               std::to_string(total) + "."));
  if (last < total)
    out.blocks.emplace_back(doc::Note{
        {plain("Next page: "), code(typed(context, page.command + " page:" + std::to_string(page.page + 1)))}});
  return out;
}

namespace {

std::string category_state(const StatusReport::CategoryState& state) {
  auto out = state.last_listing ? "listing of " + long_date(*state.last_listing) + ", " +
                                      std::to_string(state.announced) + " announced"
                                : std::string("no listing seen yet");
  if (state.awaited) out += "; that of " + long_date(*state.awaited) + " is not there yet and is asked for again";
  return out;
}

// What happened, since when, and what happens next; the address that failed is for operators.
std::string source_state(const Context& context, const StatusReport& report) {
  if (!report.source_down) return "answers";
  auto out = "does not answer since " + when_text(context.zone, *report.source_down) +
             "; it is asked again every quarter of an hour, and what waits for it is posted then";
  bool more = context.role == model::Role::operator_ && !report.source_trouble.empty();
  return more ? out + " (" + report.source_trouble + ")" : out;
}

}  // namespace

doc::Document status_answer(const Context& context, const StatusReport& report) {
  doc::ListBlock list;
  auto add = [&](std::string_view label, const std::string& value) {
    list.items.push_back({strong(std::string(label) + ": "), plain(value)});
  };
  for (const auto& state : report.categories) add(state.category.str(), category_state(state));
  add("Last digest here", report.last_delivery ? when_text(context.zone, *report.last_delivery) : "none yet");
  add("Next digest here", report.next_delivery ? when_text(context.zone, *report.next_delivery) : "none planned");
  add("Waiting messages", std::to_string(report.waiting));
  add("arXiv", source_state(context, report));
  if (!report.platform_trouble.empty())
    add("Posting", context.role == model::Role::operator_
                       ? report.platform_trouble
                       : "does not work just now; what waits is sent when it works again");
  add("Version", report.version);
  return {{doc::Heading{2, {plain("Status")}}, std::move(list)}};
}

}  // namespace broadsheet::commands
