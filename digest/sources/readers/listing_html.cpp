#include "digest/sources/readers/listing_html.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <memory>
#include <set>
#include <vector>

#include "digest/sources/readers/common.hpp"

namespace broadsheet::sources {
namespace {

constexpr std::size_t kLargest = std::size_t{32} << 20;
constexpr int kDeepest = 200;
constexpr std::size_t kMostEntries = 100000;  // that a heading may claim
constexpr std::size_t kMostOpen = 1000;       // elements open at once

std::string_view attribute(const GumboNode& node, const char* name) {
  if (node.type != GUMBO_NODE_ELEMENT) return {};
  const auto* found = gumbo_get_attribute(&node.v.element.attributes, name);
  return found == nullptr ? std::string_view() : found->value;
}

void append_text(const GumboNode& node, std::string& out, int depth = 0) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA)
    out += node.v.text.text;
  if (node.type != GUMBO_NODE_ELEMENT || depth > kDeepest) return;
  if (node.v.element.tag == GUMBO_TAG_BR) out += ' ';
  auto begin = out.size();
  for (unsigned i = 0; i < node.v.element.children.length; ++i)
    append_text(*static_cast<GumboNode*>(node.v.element.children.data[i]), out, depth + 1);
  if (node.v.element.tag == GUMBO_TAG_A)
    out.replace(begin, std::string::npos, shown_link(out.substr(begin), attribute(node, "href")));
}

// Control characters come in as they are or as references: HTML forbids neither to a parser.
std::string text_of(const GumboNode& node) {
  std::string out;
  append_text(node, out);
  out = text::collapse_space(out);
  std::erase_if(out, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  return out;
}

bool has_class(const GumboNode& node, std::string_view name) {
  for (auto word : text::split(attribute(node, "class"), ' '))
    if (word == name) return true;
  return false;
}

// "Showing new listings for Thursday, 6 August 2026", of the archive "Catchup results for Robotics on Tue, 28 Jul 2026"
std::optional<Day> heading_day(std::string_view s) {
  constexpr std::string_view kNew = "listings for ", kArchive = " on ";
  auto at = s.find(kNew);
  if (at != std::string_view::npos)
    at += kNew.size();
  else if (s.starts_with("Catchup results") && s.rfind(kArchive) != std::string_view::npos)
    at = s.rfind(kArchive) + kArchive.size();
  else
    return std::nullopt;
  auto moment = parse_rfc822(std::string(s.substr(at)) + " 00:00:00 GMT");
  if (!moment) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*moment);
}

// The digits that `s` begins with; nothing if there are none or too many to mean anything.
std::optional<std::size_t> number(std::string_view s) {
  std::size_t out = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (ec != std::errc{} || out > kMostEntries) return std::nullopt;
  return out;
}

// "Cross submissions (showing 25 of 25 entries )"; of several pages "(showing first 2000 of 2100 entries )" and
// "(continued, showing last 100 of 2100 entries )"
std::optional<ListingPage::Section> section_heading(std::string_view s) {
  auto folded = text::lower_ascii(s);
  auto of = folded.find(" of ", std::min(folded.size(), folded.find("showing ")));
  if (of == std::string::npos || of == 0) return std::nullopt;
  ListingPage::Section section;
  if (folded.starts_with("cross"))
    section.type = AnnounceType::cross;
  else if (folded.starts_with("replacement"))
    section.type = AnnounceType::replace;
  else if (!folded.starts_with("new"))
    return std::nullopt;
  auto shown = number(std::string_view(folded).substr(folded.rfind(' ', of - 1) + 1));
  auto total = number(std::string_view(folded).substr(of + 4));
  if (!shown || !total) return std::nullopt;
  section.shown = *shown;
  section.total = *total;
  return section;
}

class Walker {
 public:
  ListingPage page;

  void walk(const GumboNode& node, int depth = 0) {
    if (node.type == GUMBO_NODE_TEXT) return remark(text::trim(node.v.text.text));
    if (node.type != GUMBO_NODE_ELEMENT || depth > kDeepest) return;
    auto tag = node.v.element.tag;
    if (tag == GUMBO_TAG_H1 || tag == GUMBO_TAG_H2 || tag == GUMBO_TAG_H3) heading(text_of(node));
    if (tag == GUMBO_TAG_DT) return term(node);
    if (tag == GUMBO_TAG_DD) return description(node);
    for (unsigned i = 0; i < node.v.element.children.length; ++i)
      walk(*static_cast<GumboNode*>(node.v.element.children.data[i]), depth + 1);
  }

 private:
  // "Total of 97 entries" counts all pages; "No updates today." says that the day has none.
  void remark(std::string_view s) {
    constexpr std::string_view kTotal = "Total of ";
    if (s.starts_with("No updates")) page.says_empty = true;
    if (!s.starts_with(kTotal)) return;
    if (auto total = number(s.substr(kTotal.size()))) page.announced = *total;
  }

  void heading(const std::string& s) {
    if (auto day = heading_day(s)) page.day = day;
    if (auto section = section_heading(s)) page.sections.push_back(*section);
  }

  // <dt> … <a href="/abs/2608.00001">arXiv:2608.00001</a>
  void term(const GumboNode& dt) {
    id_.reset();
    find_id(dt, 0);
  }

  void find_id(const GumboNode& node, int depth) {
    if (node.type != GUMBO_NODE_ELEMENT || id_ || depth > kDeepest) return;
    auto href = attribute(node, "href");
    if (node.v.element.tag == GUMBO_TAG_A && href.find("/abs/") != std::string_view::npos)
      id_ = parse_paper_reference(href.substr(href.find("/abs/") + 5));
    for (unsigned i = 0; i < node.v.element.children.length; ++i)
      find_id(*static_cast<GumboNode*>(node.v.element.children.data[i]), depth + 1);
  }

  void description(const GumboNode& dd) {
    ++page.listed;
    if (!id_ || page.sections.empty()) {
      page.problems.emplace_back("an entry without an id or outside a section");
      return;
    }
    Paper paper;
    paper.id = id_->id;
    paper.version = id_->version;
    paper.source = "arxiv-list";
    fields(dd, paper, 0);
    id_.reset();
    if (paper.title_raw.empty()) {
      page.problems.push_back(paper.id.str() + ": no title");
      return;
    }
    if (!known_.insert(paper.id).second) return;
    latex::finish(paper);
    page.entries.push_back({paper.id, paper.version, page.sections.back().type});
    page.papers.push_back(std::move(paper));
  }

  static std::string after_colon(std::string s) {
    auto colon = s.find(':');
    return colon == std::string::npos ? s : std::string(text::trim(std::string_view(s).substr(colon + 1)));
  }

  void fields(const GumboNode& node, Paper& paper, int depth) {
    if (node.type != GUMBO_NODE_ELEMENT || depth > kDeepest) return;
    if (has_class(node, "list-title")) {
      paper.title_raw = after_colon(text_of(node));
    } else if (has_class(node, "list-authors")) {
      paper.authors_raw = text_of(node);
    } else if (has_class(node, "list-comments")) {
      paper.comment = after_colon(text_of(node));
    } else if (has_class(node, "list-journal-ref")) {
      paper.journal_ref = after_colon(text_of(node));
    } else if (has_class(node, "list-subjects")) {
      subjects(text_of(node), paper);
    } else if (node.v.element.tag == GUMBO_TAG_P && has_class(node, "mathjax")) {
      paper.abstract_raw = text_of(node);
    } else {
      for (unsigned i = 0; i < node.v.element.children.length; ++i)
        fields(*static_cast<GumboNode*>(node.v.element.children.data[i]), paper, depth + 1);
    }
  }

  // "Subjects: Computer Vision and Pattern Recognition (cs.CV) ; Robotics (cs.RO)"
  static void subjects(const std::string& s, Paper& paper) {
    for (std::size_t at = s.find('('); at != std::string::npos; at = s.find('(', at + 1)) {
      auto close = s.find(')', at);
      if (close == std::string::npos) return;
      add_category(paper, std::string_view(s).substr(at + 1, close - at - 1));
    }
  }

  std::optional<VersionedId> id_;
  std::set<PaperId> known_;
};

// The page's own total, or what its sections have: one that begins on a later page is not seen on the first.
void count(ListingPage& page) {
  std::size_t total = 0;
  for (const auto& section : page.sections) total += section.total;
  page.announced = std::max(page.announced, total);
  bool whole = page.announced == page.listed && (page.listed > 0 || page.says_empty);
  page.complete = page.day && page.problems.empty() && whole;
}

bool is_void(std::string_view tag) {
  constexpr std::array<std::string_view, 10> kVoid = {"br", "img", "meta", "link", "input",
                                                      "hr", "wbr", "area", "base", "source"};
  return std::find(kVoid.begin(), kVoid.end(), tag) != kVoid.end();
}

// The parser keeps and frees its tree by recursion: nesting that would exhaust the stack is refused before. Counts what
// is open; a closing tag ends the nearest one of its name, if there is one.
bool nests_too_deep(std::string_view html) {
  std::vector<std::string_view> open;
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    bool closing = html.substr(at + 1, 1) == "/";
    auto from = at + (closing ? 2 : 1);
    auto end = from;
    while (end < html.size() && std::isalnum(static_cast<unsigned char>(html[end])) != 0) ++end;
    if (end == from) continue;
    auto tag = html.substr(from, end - from);
    if (!closing) {
      if (is_void(tag)) continue;
      open.push_back(tag);
      if (open.size() > kMostOpen) return true;
    } else if (auto it = std::find(open.rbegin(), open.rend(), tag); it != open.rend()) {
      open.resize(static_cast<std::size_t>(open.rend() - it) - 1);
    }
  }
  return false;
}

}  // namespace

Result<ListingPage> read_listing_html(std::string_view bytes) {
  if (text::trim(bytes).empty()) return Error(ErrorKind::transient, "an empty answer");
  if (bytes.size() > kLargest) return Error(ErrorKind::bad_input, "larger than 32 MiB");
  if (nests_too_deep(bytes)) return Error(ErrorKind::bad_input, "nested deeper than a listing page is");
  auto valid = text::make_valid_utf8(bytes);
  auto destroy = [](GumboOutput* output) { gumbo_destroy_output(&kGumboDefaultOptions, output); };
  std::unique_ptr<GumboOutput, decltype(destroy)> output(
      gumbo_parse_with_options(&kGumboDefaultOptions, valid.data(), valid.size()), destroy);
  Walker walker;
  walker.walk(*output->root);
  if (!walker.page.day && walker.page.sections.empty()) return Error(ErrorKind::bad_input, "not an arXiv listing page");
  count(walker.page);
  return std::move(walker.page);
}

void append(ListingPage& whole, ListingPage next) {
  std::set<PaperId> known;
  for (const auto& entry : whole.entries) known.insert(entry.id);
  for (std::size_t i = 0; i < next.entries.size(); ++i) {
    if (!known.insert(next.entries[i].id).second) continue;
    whole.entries.push_back(next.entries[i]);
    whole.papers.push_back(std::move(next.papers[i]));
  }
  whole.listed += next.listed;
  whole.problems.insert(whole.problems.end(), next.problems.begin(), next.problems.end());
  for (const auto& section : next.sections) {
    auto same = std::find_if(whole.sections.begin(), whole.sections.end(),
                             [&](const auto& s) { return s.type == section.type; });
    if (same == whole.sections.end())
      whole.sections.push_back(section);
    else
      same->shown += section.shown;
  }
  count(whole);
}

}  // namespace broadsheet::sources
