#include "digest/present/html.hpp"

#include "bot/base/text.hpp"
#include "digest/present/frame.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::present {
namespace {

void statements(Html& h, std::string_view label, const std::vector<Statement>& list) {
  if (list.empty()) return;
  h.open("section").leaf("h3", label).open("ul");
  for (const auto& s : list) {
    h.open("li").text(s.text);
    for (const auto& id : s.rests_on) h.text(" ").leaf("a", id.str(), {{"class", "ref"}, {"href", abs_url({id, 0})}});
    h.close("li");
  }
  h.close("ul").close("section").trusted("\n");
}

void summary(Html& h, const ExecutiveSummary& s) {
  h.open("section", {{"class", "summary"}, {"aria-label", "Executive summary"}});
  if (!s.imported_markdown.empty()) {
    for (auto line : text::split(s.imported_markdown, '\n'))
      if (!text::trim(line).empty()) h.leaf("p", text::trim(line));
  }
  std::string lead;
  for (const auto& statement : s.overview) lead += (lead.empty() ? "" : " ") + statement.text;
  if (!lead.empty()) h.leaf("p", lead, {{"class", "lead"}});
  h.open("div", {{"class", "columns"}});
  std::vector<Statement> themes;
  themes.reserve(s.themes.size());
  for (const auto& theme : s.themes)
    themes.push_back({capitalised(theme.label) + ": " + theme.gist.text, theme.gist.rests_on});
  statements(h, "Themes", themes);
  statements(h, "Notable", s.notable);
  statements(h, "Emerging", s.emerging);
  statements(h, "Worth reading in full", s.read_in_full);
  h.close("div");
  if (auto mark = summary_mark(s); !mark.empty()) h.leaf("p", mark);
  h.close("section").trusted("\n");
}

void facts(Html& h, const Card& c) {
  const auto& p = c.paper;
  h.open("p", {{"class", "facts"}}).leaf("a", p.versioned().str(), {{"href", abs_url(p.versioned())}});
  h.leaf("a", "PDF", {{"href", pdf_url(p.versioned())}}).leaf("span", text::join(p.categories, ", "));
  if (c.announce_type == AnnounceType::cross) h.leaf("span", "cross-list");
  for (const auto& badge : c.badges) {
    if (badge.url.empty())
      h.leaf("span", badge.text, {{"class", "badge"}});
    else
      h.leaf("a", badge.text, {{"class", "badge"}, {"href", badge.url}, {"rel", "noopener nofollow"}});
  }
  h.close("p");
}

void labelled(Html& h, std::string_view label, std::string_view body) {
  h.open("p").leaf("b", std::string(label) + " ").text(body).close("p");
}

void card(Html& h, const Card& c, std::size_t number) {
  const auto& p = c.paper;
  h.open("article", {{"id", p.id.str()}});
  h.open("h2").leaf("span", std::to_string(number), {{"class", "number"}});
  h.leaf("a", c.translation ? c.translation->title : p.title, {{"href", abs_url(p.versioned())}}).close("h2");
  if (auto authors = author_line(p); !authors.empty()) h.leaf("p", authors, {{"class", "authors"}});
  facts(h, c);
  if (!c.tldr.text.empty()) h.leaf("p", c.tldr.text, {{"class", "tldr"}});
  for (const auto& section : c.sections)
    if (section.role != Role::limitation) labelled(h, section_label(section.role), section.text);
  if (!c.findings.empty()) {
    h.leaf("b", "Key findings").open("ul");
    for (const auto& finding : c.findings) h.leaf("li", finding);
    h.close("ul");
  }
  for (const auto& section : c.sections)
    if (section.role == Role::limitation) labelled(h, section_label(section.role), section.text);
  if (c.translation) h.leaf("p", c.translation->abstract);
  for (auto line : text::split(c.imported_analysis, '\n'))
    if (!text::trim(line).empty()) h.leaf("p", text::trim(line));
  if (!p.abstract.empty()) h.open("details").leaf("summary", "Abstract").leaf("p", p.abstract).close("details");
  std::string why = reasons_text(c);
  h.leaf("p",
         (why.empty() ? "" : "Why it is here: " + why + ". ") + "Origin: " + std::string(to_string(c.origin)) +
             (c.degraded.empty() ? "" : "; " + c.degraded) + ".",
         {{"class", "why"}});
  h.close("article").trusted("\n");
}

void all_titles(Html& h, const Digest& digest) {
  if (digest.selection.entries.empty()) return;
  h.open("details", {{"class", "all"}})
      .leaf("summary", "All titles (" + std::to_string(digest.selection.entries.size()) + ")")
      .open("ol");
  for (const auto& e : digest.selection.entries) {
    auto it = digest.titles.find(e.announced.id);
    h.open("li").leaf("a", it == digest.titles.end() ? e.announced.id.str() : it->second,
                      {{"href", abs_url({e.announced.id, e.announced.version})}});
    h.leaf("span",
           std::string(to_string(e.announced.type)) + ", " + std::string(to_string(e.fate)) +
               (e.detail.empty() ? "" : ": " + e.detail),
           {{"class", "fate"}});
    h.close("li");
  }
  h.close("ol").close("details").trusted("\n");
}

void footer(Html& h, const Digest& digest) {
  h.open("footer").leaf("p", count_line(digest), {{"class", "counts"}});
  if (!digest.note.empty()) h.leaf("p", digest.note);
  h.leaf("p", "Written by the " + digest.writer + " writer.");
  end_page(h);
}

}  // namespace

std::string digest_page(const Digest& digest) {
  auto h =
      begin_page(digest.key.language, category_names(digest) + ", " + long_date(digest.key.day) + " · Broadsheet", "");
  dateline(h, long_date(digest.key.day), category_names(digest));
  h.open("main", {{"id", "content"}});
  h.leaf("h1", category_names(digest) + ", " + long_date(digest.key.day), {{"class", "hidden"}});
  summary(h, digest.summary);
  h.open("div", {{"id", "papers"}});
  if (digest.cards.empty()) h.leaf("p", "No paper is shown: see the counts below.", {{"class", "lead"}});
  for (std::size_t i = 0; i < digest.cards.size(); ++i) card(h, digest.cards[i], i + 1);
  h.close("div");
  all_titles(h, digest);
  h.close("main");
  footer(h, digest);
  return h.take();
}

}  // namespace broadsheet::present
