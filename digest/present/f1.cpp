#include "digest/present/f1.hpp"

#include "bot/base/text.hpp"
#include "digest/latex/authors.hpp"
#include "digest/latex/finish.hpp"
#include "digest/present/key_findings.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::present {
namespace {

constexpr std::string_view kSummaryHead = "## Executive Summary\n\n";
constexpr std::string_view kTocHead = "\n\n---\n\n## Table of Contents\n\n";
constexpr std::string_view kPapersHead = "\n---\n\n## Papers\n\n";
constexpr std::string_view kAnchor = "<a id='";

std::string without_dashes(Day day) {
  auto s = to_string(day);
  std::erase(s, '-');
  return s;
}

std::string heading_of(const Digest& digest) {
  if (!digest.imported.heading.empty()) return digest.imported.heading;
  std::string names;
  for (const auto& category : digest.key.categories) {
    const auto* info = category_info(category);
    names += (names.empty() ? "" : " and ") + (info == nullptr ? category.str() : info->name);
  }
  return "Arxiv " + names + " Papers - " + to_string(digest.key.day);
}

// ---- writing

std::string summary_text(const Digest& digest) {
  if (!digest.summary.imported_markdown.empty()) return digest.summary.imported_markdown;
  std::string out;
  auto add = [&out](const std::string& part) { out += (out.empty() ? "" : "\n\n") + part; };
  auto list = [&add](const char* label, const std::vector<Statement>& statements) {
    if (statements.empty()) return;
    std::string part = std::string("**") + label + "**\n";
    for (const auto& s : statements) part += "\n*   " + s.text;
    add(part);
  };
  for (const auto& s : digest.summary.overview) add(s.text);
  std::vector<Statement> themes;
  themes.reserve(digest.summary.themes.size());
  for (const auto& theme : digest.summary.themes)
    themes.push_back({"**" + capitalised(theme.label) + ":** " + theme.gist.text, {}});
  list("Main themes", themes);
  list("Notable papers", digest.summary.notable);
  list("Emerging directions", digest.summary.emerging);
  list("Worth reading in full", digest.summary.read_in_full);
  if (auto mark = summary_mark(digest.summary); !mark.empty()) add(mark);
  if (!digest.key.writer.empty() && !digest.note.empty()) add(digest.note);
  add(count_line(digest));
  return out;
}

std::string analysis_text(const Card& card) {
  if (!card.imported_analysis.empty()) return card.imported_analysis;
  std::string out;
  auto add = [&out](const std::string& label, const std::string& body) {
    if (!body.empty()) out += (out.empty() ? "" : "\n\n") + ("**" + label + ":** " + body);
  };
  add("TL;DR", card.tldr.text);
  for (const auto& section : card.sections) add(section_label(section.role), section.text);
  add("Why it is here", reasons_text(card));
  add("Origin", std::string(to_string(card.origin)) + (card.degraded.empty() ? "" : "; " + card.degraded));
  return out;
}

// An imported list goes out as it came, byte for byte.
std::string authors_text(const Paper& paper) {
  return paper.source == "f1" && !paper.authors_raw.empty() ? paper.authors_raw : latex::join_names(paper);
}

std::string paper_block(const Digest& digest, const Card& card) {
  const auto& paper = card.paper;
  auto vid = paper.versioned();
  if (vid.version == 0) vid.version = 1;
  auto title = text::collapse_space(paper.title_raw);
  std::string out = std::string(kAnchor) + vid.str() + "'></a>\n## [" + title + "](" + abs_url(vid) + ")\n\n";
  out += "**Authors:** " + authors_text(paper) + "\n\n";
  auto published = paper.published ? std::chrono::floor<std::chrono::days>(*paper.published) : digest.key.day;
  out += "**Published:** " + to_string(published) + "\n\n";
  out += "**Categories:** " + text::join(paper.categories, ", ") + "\n\n";
  if (!card.imported_citations.empty()) out += "**Citations:** " + card.imported_citations + "\n\n";
  bool imported = digest.imported.format == "f1";
  out += "**Abstract:**\n\n" + (imported ? paper.abstract_raw : text::collapse_space(paper.abstract_raw)) + "\n\n";
  if (auto analysis = analysis_text(card); !analysis.empty()) out += "**Analysis:**\n\n" + analysis + "\n\n";
  auto found = imported ? card.findings : key_findings_compat(text::collapse_space(paper.abstract_raw));
  if (!found.empty()) {
    out += "**Key Findings:**\n\n";
    for (const auto& finding : found) out += "- " + finding + "\n";
    out += "\n";
  }
  out += "**Links:**\n\n- [PDF](" + pdf_url(vid) + ")\n- [arXiv](" + abs_url(vid) + ")\n";
  for (const auto& link : card.imported_extra_links) out += link + "\n";
  return out + "\n---\n\n";
}

// ---- reading

Error misfit(const std::string& what) {
  return {ErrorKind::bad_input, "not a long digest (F1): " + what};
}

// Takes "**Name:** value\n\n" from the front.
bool take_field(std::string_view& s, std::string_view name, std::string& value) {
  auto head = "**" + std::string(name) + ":** ";
  if (!s.starts_with(head)) return false;
  auto end = s.find("\n\n");
  if (end == std::string_view::npos) return false;
  value = s.substr(head.size(), end - head.size());
  s.remove_prefix(end + 2);
  return true;
}

bool take_title(std::string_view& s, Card& card) {
  auto quote = s.find("'></a>\n## [");
  if (quote == std::string_view::npos) return false;
  auto vid = parse_paper_reference(s.substr(kAnchor.size(), quote - kAnchor.size()));
  if (!vid) return false;
  card.paper.id = vid->id;
  card.paper.version = vid->version;
  s.remove_prefix(quote + 11);
  auto target = "](" + abs_url(*vid) + ")\n\n";
  auto end = s.find(target);
  if (end == std::string_view::npos || s.substr(0, end).find('\n') != std::string_view::npos) return false;
  card.paper.title_raw = s.substr(0, end);
  s.remove_prefix(end + target.size());
  return true;
}

bool take_links(std::string_view& s, Card& card) {
  auto at = s.rfind("**Links:**\n\n");
  if (at == std::string_view::npos || !s.ends_with("\n---\n\n")) return false;
  auto vid = card.paper.versioned();
  auto lines = s.substr(at + 12, s.size() - at - 12 - 6);
  for (const auto& wanted : {"- [PDF](" + pdf_url(vid) + ")\n", "- [arXiv](" + abs_url(vid) + ")\n"}) {
    if (!lines.starts_with(wanted)) return false;
    lines.remove_prefix(wanted.size());
  }
  while (!lines.empty()) {
    auto end = lines.find('\n');
    if (end == std::string_view::npos) return false;
    card.imported_extra_links.emplace_back(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  s = s.substr(0, at);
  return true;
}

// From the end backwards, because an analysis may hold anything.
bool take_findings(std::string_view& s, Card& card) {
  auto at = s.rfind("**Key Findings:**\n\n");
  if (at == std::string_view::npos) return true;
  auto body = s.substr(at + 19);
  if (!body.ends_with("\n\n")) return true;
  body.remove_suffix(1);
  std::vector<std::string> found;
  while (!body.empty()) {
    auto end = body.find('\n');
    if (!body.starts_with("- ") || end == std::string_view::npos) return true;
    found.emplace_back(body.substr(2, end - 2));
    body.remove_prefix(end + 1);
  }
  card.findings = std::move(found);
  s = s.substr(0, at);
  return true;
}

bool take_body(std::string_view s, Card& card) {
  if (!s.starts_with("**Abstract:**\n\n")) return false;
  s.remove_prefix(15);
  if (!take_links(s, card) || !take_findings(s, card) || !s.ends_with("\n\n")) return false;
  constexpr std::string_view kAnalysis = "\n\n**Analysis:**\n\n";
  auto at = s.find(kAnalysis);
  if (at == std::string_view::npos) {
    card.paper.abstract_raw = s.substr(0, s.size() - 2);
    return card.paper.abstract_raw.find('\n') == std::string::npos;
  }
  card.paper.abstract_raw = s.substr(0, at);
  auto analysis = s.substr(at + kAnalysis.size());
  analysis.remove_suffix(2);
  card.imported_analysis = analysis;
  return !analysis.empty();
}

Result<Card> read_paper(std::string_view s) {
  Card card;
  card.origin = Origin::imported;
  if (!take_title(s, card)) return misfit("a paper's anchor and heading");
  auto where = card.paper.id.str();
  std::string published;
  std::string categories;
  if (!take_field(s, "Authors", card.paper.authors_raw)) return misfit(where + ": no authors");
  if (!take_field(s, "Published", published) || !parse_day(published))
    return misfit(where + ": no date of publication");
  if (!take_field(s, "Categories", categories)) return misfit(where + ": no categories");
  take_field(s, "Citations", card.imported_citations);
  card.paper.published = Moment(*parse_day(published));
  for (auto term : text::split(categories, ',')) card.paper.categories.emplace_back(text::trim(term));
  if (!take_body(s, card)) return misfit(where + ": abstract, analysis or links");
  card.paper.source = "f1";
  auto authors_raw = card.paper.authors_raw;
  latex::finish(card.paper);
  card.paper.authors_raw = authors_raw;
  return card;
}

bool take_metadata(std::string_view& s, ImportedForm& form) {
  if (s.starts_with("# ")) return true;
  auto end = s.find("\n\n");
  if (end == std::string_view::npos) return false;
  for (auto line : text::split(s.substr(0, end), '\n')) {
    auto colon = line.find(": ");
    if (colon == std::string_view::npos) return false;
    form.metadata.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  s.remove_prefix(end + 2);
  return true;
}

// "Arxiv Computer Vision Papers - 2025-12-19"
bool take_heading(std::string_view& s, Digest& digest) {
  auto end = s.find("\n\n");
  if (!s.starts_with("# ") || end == std::string_view::npos || end < 12) return false;
  digest.imported.heading = s.substr(2, end - 2);
  auto day = parse_day(std::string_view(digest.imported.heading).substr(digest.imported.heading.size() - 10));
  if (!day) return false;
  digest.key.day = *day;
  s.remove_prefix(end + 2);
  return true;
}

void guess_categories(Digest& digest) {
  if (digest.imported.heading.find("Computer Vision") != std::string::npos) {
    digest.key.categories = {*Category::parse("cs.CV")};
    return;
  }
  for (const auto& info : all_categories())
    if (info.name.size() > 4 && digest.imported.heading.find(info.name) != std::string::npos)
      digest.key.categories.push_back(*Category::parse(info.code));
}

void fill_selection(Digest& digest) {
  for (const auto& card : digest.cards) {
    SelectionEntry entry;
    entry.announced = {card.paper.id, card.paper.version, AnnounceType::new_paper};
    entry.fate = Fate::shown;
    digest.selection.entries.push_back(entry);
    digest.titles.emplace(card.paper.id, card.paper.title);
  }
}

}  // namespace

std::string to_f1(const Digest& digest) {
  std::string out;
  if (digest.imported.format == "f1") {
    for (const auto& [key, value] : digest.imported.metadata) out += key + ": " + value + "\n";
    if (!digest.imported.metadata.empty()) out += "\n";
  } else {
    out = "time: " + without_dashes(digest.key.day) + "\n\n";
  }
  out += "# " + heading_of(digest) + "\n\n";
  if (auto summary = summary_text(digest); !summary.empty()) out += std::string(kSummaryHead) + summary + "\n\n---\n\n";
  out += "## Table of Contents\n\n";
  for (std::size_t i = 0; i < digest.cards.size(); ++i) {
    auto vid = digest.cards[i].paper.versioned();
    if (vid.version == 0) vid.version = 1;
    out += std::to_string(i + 1) + ". [" + text::collapse_space(digest.cards[i].paper.title_raw) + "](#" + vid.str() +
           ")\n";
  }
  out += kPapersHead;
  for (const auto& card : digest.cards) out += paper_block(digest, card);
  return out;
}

Result<Digest> f1_from_text(std::string_view text) {
  constexpr std::size_t kLargest = std::size_t{16} << 20;
  if (text.size() > kLargest) return misfit("larger than 16 MiB");
  if (!text::is_valid_utf8(text)) return misfit("not valid UTF-8");
  auto s = text;
  Digest digest;
  digest.imported.format = "f1";
  if (!take_metadata(s, digest.imported)) return misfit("the lines before the heading");
  if (!take_heading(s, digest)) return misfit("the heading with the date");
  if (s.starts_with(kSummaryHead)) {
    auto end = s.find(kTocHead);
    if (end == std::string_view::npos || end <= kSummaryHead.size())
      return misfit("no table of contents after the summary");
    digest.summary.imported_markdown = s.substr(kSummaryHead.size(), end - kSummaryHead.size());
    s.remove_prefix(end + 7);
  }
  digest.summary.origin = Origin::imported;
  auto papers = s.find(kPapersHead);
  if (!s.starts_with("## Table of Contents\n\n") || papers == std::string_view::npos)
    return misfit("the table of contents");
  s.remove_prefix(papers + kPapersHead.size());
  while (!s.empty()) {
    if (!s.starts_with(kAnchor)) return misfit("a paper must begin with its anchor");
    auto next = s.find("\n" + std::string(kAnchor), 1);
    auto block = s.substr(0, next == std::string_view::npos ? next : next + 1);
    auto card = read_paper(block);
    if (!card) return std::move(card).error();
    digest.cards.push_back(std::move(*card));
    s.remove_prefix(block.size());
  }
  guess_categories(digest);
  fill_selection(digest);
  digest.writer = "imported";
  digest.key.language = language_of(text);
  digest.key.style = Style::full;
  if (to_f1(digest) != text) return misfit("it could not be read without loss");
  return digest;
}

}  // namespace broadsheet::present
