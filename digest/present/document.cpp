#include "digest/present/document.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "bot/base/text.hpp"
#include "digest/doc/builder.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::present {
namespace {

using doc::Blocks;
using doc::Inlines;
using doc::plain;
using doc::strong;

void heading(Blocks& out, int level, std::string_view text) {
  out.emplace_back(doc::Heading{level, {plain(text)}});
}
void paragraph(Blocks& out, Inlines text, int keep = 0) {
  out.emplace_back(doc::Paragraph{std::move(text), keep});
}
void note(Blocks& out, std::string_view text, int keep = 0) {
  out.emplace_back(doc::Note{{plain(text)}, keep});
}

Inlines labelled(std::string_view label, std::string_view text) {
  return {strong(std::string(label) + ": "), plain(text)};
}

// ---- summary

// Papers are named in sentences by what stands before the colon of their titles, or by the title in quotation marks.
std::vector<std::string> names_of(const std::string& title) {
  std::vector<std::string> out{"“" + title + "”"};
  if (auto colon = title.find(": "); colon != std::string::npos) out.push_back(title.substr(0, colon));
  return out;
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  auto inside = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  return (at == 0 || !inside(at - 1)) && !inside(at + length);
}

// Where a sentence names a paper, and which.
struct Named {
  std::size_t at = 0, length = 0;
  PaperId id;
};

std::optional<Named> named_in(std::string_view sentence, const PaperId& id, const std::string& title) {
  for (const auto& name : names_of(title))
    for (auto at = sentence.find(name); at != std::string_view::npos; at = sentence.find(name, at + 1))
      if (stands_alone(sentence, at, name.size())) return Named{at, name.size(), id};
  return std::nullopt;
}

// The sentence with the papers it rests on linked where it names them.
Inlines linked(const Digest& digest, std::string_view sentence, const std::vector<PaperId>& rests_on) {
  std::vector<Named> all;
  for (const auto& id : rests_on)
    if (auto title = digest.titles.find(id); title != digest.titles.end())
      if (auto found = named_in(sentence, id, title->second)) all.push_back(*found);
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.at < b.at; });
  Inlines out;
  std::size_t from = 0;
  for (const auto& one : all) {
    if (one.at < from) continue;
    if (one.at > from) out.emplace_back(plain(sentence.substr(from, one.at - from)));
    out.emplace_back(doc::link_to_paper({one.id, 0}, sentence.substr(one.at, one.length)));
    from = one.at + one.length;
  }
  if (from < sentence.size()) out.emplace_back(plain(sentence.substr(from)));
  return out;
}

void statements(Blocks& out, const Digest& digest, std::string_view label, const std::vector<Statement>& list,
                int keep) {
  if (list.empty()) return;
  paragraph(out, {strong(label)}, keep);
  doc::ListBlock block;
  block.keep = keep;
  for (const auto& s : list) block.items.push_back(linked(digest, s.text, s.rests_on));
  out.emplace_back(std::move(block));
}

void summary(Blocks& out, const Digest& digest) {
  const auto& s = digest.summary;
  if (!s.imported_markdown.empty()) {
    for (auto part : text::split(s.imported_markdown, '\n'))
      if (!text::trim(part).empty()) paragraph(out, {plain(text::trim(part))});
    return;
  }
  std::string overview_text;
  for (const auto& statement : s.overview) overview_text += (overview_text.empty() ? "" : " ") + statement.text;
  if (!overview_text.empty()) paragraph(out, {plain(overview_text)});
  if (!s.themes.empty()) {
    paragraph(out, {strong("Themes")}, 1);
    doc::ListBlock block;
    block.keep = 1;
    for (const auto& theme : s.themes) {
      block.items.push_back(linked(digest, theme.gist.text, theme.gist.rests_on));
      block.items.back().insert(block.items.back().begin(), strong(capitalised(theme.label) + ": "));
    }
    out.emplace_back(std::move(block));
  }
  statements(out, digest, "Notable", s.notable, 1);
  statements(out, digest, "Emerging", s.emerging, 3);
  statements(out, digest, "Worth reading in full", s.read_in_full, 2);
  if (auto mark = summary_mark(s); !mark.empty()) note(out, mark);
}

// ---- what was announced

std::string masthead(const Digest& digest) {
  return category_names(digest) + " · " + long_date(digest.key.day);
}

std::string shown_title(const Card& c) {
  return c.translation ? c.translation->title : c.paper.title;
}

void numbered_titles(Blocks& out, const Digest& digest) {
  if (digest.cards.empty()) return;
  doc::ListBlock list;
  list.numbered = true;
  for (const auto& c : digest.cards) {
    Inlines item{doc::link_to_paper(c.paper.versioned(), shown_title(c))};
    if (!c.tldr.text.empty()) item.emplace_back(plain(" — " + c.tldr.text));
    list.items.push_back(std::move(item));
  }
  out.emplace_back(std::move(list));
}

std::string papers_text(std::size_t n) {
  return std::to_string(n) + (n == 1 ? " paper" : " papers");
}

std::string empty_sentence(const Digest& digest) {
  const auto& entries = digest.selection.entries;
  auto names = category_names(digest);
  if (entries.empty()) return "arXiv announced nothing in " + names + " that day.";
  bool rules = std::any_of(entries.begin(), entries.end(), [](const auto& e) { return e.fate == Fate::filtered; });
  return papers_text(entries.size()) + (entries.size() == 1 ? " was" : " were") + " announced in " + names +
         (rules ? ", none passed the filters." : ", none of them new here.");
}

void closing(Blocks& out, const Digest& digest) {
  if (digest.cards.empty()) paragraph(out, {plain(empty_sentence(digest))});
  note(out, count_line(digest));
  if (!digest.note.empty()) note(out, digest.note);
}

void all_titles(Blocks& out, const Digest& digest) {
  doc::ListBlock list;
  list.numbered = true;
  for (const auto& e : digest.selection.entries) {
    auto it = digest.titles.find(e.announced.id);
    auto title = it == digest.titles.end() ? e.announced.id.str() : it->second;
    std::string after = " — " + e.announced.id.str() + ", " + std::string(to_string(e.announced.type)) + ", " +
                        std::string(to_string(e.fate));
    if (!e.detail.empty()) after += " (" + e.detail + ")";
    list.items.push_back({doc::link_to_paper({e.announced.id, e.announced.version}, title), plain(after)});
  }
  if (!list.items.empty()) out.emplace_back(std::move(list));
}

// ---- cards

Inlines facts_line(const Card& c) {
  const auto& p = c.paper;
  Inlines line{doc::link_to_paper(p.versioned(), p.versioned().str()), plain(" · " + text::join(p.categories, ", "))};
  if (c.announce_type == AnnounceType::cross) line.emplace_back(plain(" · cross-list"));
  for (const auto& badge : c.badges) {
    line.emplace_back(plain(" · "));
    if (badge.url.empty())
      line.emplace_back(plain(badge.text));
    else
      line.emplace_back(doc::link_to_code(badge.url, badge.text));
  }
  return line;
}

Blocks card_blocks(const Card& c, bool with_abstract, std::size_t number) {
  Blocks out;
  Inlines title;
  if (number != 0) title.emplace_back(plain(std::to_string(number) + ". "));
  title.emplace_back(doc::link_to_paper(c.paper.versioned(), shown_title(c)));
  out.emplace_back(doc::Heading{3, std::move(title)});
  if (auto authors = author_line(c.paper); !authors.empty())
    out.emplace_back(doc::Paragraph{{doc::emphasis(authors)}, 2});
  out.emplace_back(doc::Note{facts_line(c), 1});
  if (!c.tldr.text.empty()) paragraph(out, {strong(c.tldr.text)});
  for (const auto& section : c.sections) {
    if (section.role == Role::limitation) continue;  // last, after the findings
    paragraph(out, labelled(section_label(section.role), section.text), 2);
  }
  if (!c.findings.empty()) {
    doc::ListBlock list;
    list.keep = 1;
    for (const auto& finding : c.findings) list.items.push_back({plain(finding)});
    paragraph(out, {strong("Key findings")}, 1);
    out.emplace_back(std::move(list));
  }
  for (const auto& section : c.sections)
    if (section.role == Role::limitation) paragraph(out, labelled(section_label(section.role), section.text), 2);
  if (c.translation) paragraph(out, {plain(text::collapse_space(c.translation->abstract))}, 1);
  if (with_abstract && !c.paper.abstract.empty())
    out.emplace_back(doc::Collapsible{"Abstract", {doc::Quote{{plain(c.paper.abstract)}, 3}}, 3});
  std::string last = "Origin: " + std::string(to_string(c.origin));
  if (auto why = reasons_text(c); !why.empty()) last = "Why it is here: " + why + ". " + last;
  if (!c.degraded.empty()) last += "; " + c.degraded;
  note(out, last + ".", 2);
  return out;
}

// "Sun 11 Jan 20:00 EST (01:00 UTC)"
std::string moment_text(Moment m, const std::optional<Zone>& reader) {
  auto zone = reader.value_or(Zone::eastern());
  auto out = short_date(zone.local_day(m)) + " " + zone.clock_text(m);
  return reader ? out : out + " (" + to_iso(m).substr(11, 5) + " UTC)";
}

}  // namespace

doc::Document overview(const Digest& digest) {
  doc::Document out;
  heading(out.blocks, 1, masthead(digest));
  summary(out.blocks, digest);
  numbered_titles(out.blocks, digest);
  closing(out.blocks, digest);
  return out;
}

doc::Document card(const Card& c, bool with_abstract, std::size_t number) {
  doc::Document out;
  out.blocks.emplace_back(doc::CardBlock{c.paper.id, card_blocks(c, with_abstract, number), 0});
  return out;
}

doc::Document digest_document(const Digest& digest, Style style) {
  if (style == Style::brief) return overview(digest);
  doc::Document out;
  heading(out.blocks, 1, masthead(digest));
  if (style == Style::titles && digest.imported.format.empty()) {
    all_titles(out.blocks, digest);
    closing(out.blocks, digest);
    return out;
  }
  summary(out.blocks, digest);
  if (!digest.cards.empty()) heading(out.blocks, 2, "Papers");
  for (std::size_t i = 0; i < digest.cards.size(); ++i)
    out.blocks.emplace_back(
        doc::CardBlock{digest.cards[i].paper.id, card_blocks(digest.cards[i], style == Style::full, i + 1), 0});
  out.blocks.emplace_back(doc::Divider{});
  closing(out.blocks, digest);
  return out;
}

namespace {

struct NoticeWriter {
  std::string category;
  NoticeOptions options;

  bool past(Day day) const { return options.now && Moment(day) <= *options.now; }
  std::string later(std::string_view promise) const { return options.comes ? " " + std::string(promise) : ""; }
  std::string listing(Day day) const { return category + " for " + long_date(day); }

  std::string operator()(const ListingReady& r) const {
    return listing(r.batch.listing.day) + " is here: " + papers_text(r.batch.listing.entries.size()) + ".";
  }
  std::string operator()(const NoAnnouncement& n) const {
    auto why = n.reason == QuietReason::weekend
                   ? std::string("arXiv announces nothing on weekends")
                   : "arXiv's holiday" + (n.holiday.empty() ? std::string() : " (" + n.holiday + ")") +
                         " leaves this day without a listing";
    auto next = past(n.next) ? ". The one after it was " : ". The next one is ";
    return "No listing on " + long_date(n.day) + ": " + why + next + long_date(n.next) + ".";
  }
  std::string operator()(const NotYet& n) const {
    auto why = n.why.empty() ? "" : ": " + n.why;
    auto is = options.now && *options.now < n.expected ? ". It is expected " : ". It was expected ";
    return listing(n.day) + " is not announced yet" + why + is + moment_text(n.expected, options.zone) + "." +
           later("It will be posted as soon as it is there.");
  }
  std::string operator()(const SourceDown& d) const {
    auto why = d.error.what().empty() ? "" : " (" + d.error.what() + ")";
    return "arXiv does not answer since " + moment_text(d.since, options.zone) + why + ". " + listing(d.day) +
           (options.comes ? " will be posted when it returns." : " cannot be had until it returns.");
  }
  std::string operator()(const Incomplete& i) const {
    return "The listing of " + listing(i.day) + " says " + papers_text(i.announced) + ", " + std::to_string(i.arrived) +
           " arrived." + later("It will be posted when the rest is there.");
  }
};

}  // namespace

doc::Document notice(const ListingOutcome& outcome, const Category& category, const NoticeOptions& options) {
  doc::Document out;
  note(out.blocks, std::visit(NoticeWriter{category.str(), options}, outcome));
  return out;
}

}  // namespace broadsheet::present
