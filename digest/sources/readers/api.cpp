#include "digest/sources/readers/api.hpp"

#include <charconv>

#include "digest/sources/readers/common.hpp"
#include "digest/sources/readers/xml.hpp"

namespace broadsheet::sources {
namespace {

std::size_t number(const pugi::xml_node& node) {
  auto value = xml::text(node);
  std::size_t n = 0;
  std::from_chars(value.data(), value.data() + value.size(), n);
  return n;
}

Author read_author(const pugi::xml_node& node) {
  Author author;
  for (const auto& part : node.children()) {
    auto name = xml::local_name(part);
    if (name == "name") author.name = text::collapse_space(xml::text(part));
    if (name == "affiliation") author.affiliations.push_back(text::collapse_space(xml::text(part)));
  }
  return author;
}

void read_field(Paper& paper, std::string& primary, const pugi::xml_node& node) {
  auto name = xml::local_name(node);
  if (name == "title") {
    paper.title_raw = text::collapse_space(xml::text(node));
  } else if (name == "summary") {
    paper.abstract_raw = xml::text(node);
  } else if (name == "published") {
    paper.published = parse_iso(text::trim(xml::text(node)));
  } else if (name == "updated") {
    paper.updated = parse_iso(text::trim(xml::text(node)));
  } else if (name == "author") {
    paper.authors.push_back(read_author(node));
  } else if (name == "category") {
    add_category(paper, node.attribute("term").value());
  } else if (name == "primary_category") {
    primary = node.attribute("term").value();
  } else if (name == "comment") {
    paper.comment = text::collapse_space(xml::text(node));
  } else if (name == "journal_ref") {
    paper.journal_ref = text::collapse_space(xml::text(node));
  } else if (name == "doi") {
    paper.doi = text::collapse_space(xml::text(node));
  }
}

Result<Paper> read_entry(const pugi::xml_node& entry) {
  auto id_text = std::string(text::trim(xml::text(xml::child(entry, xml::kAtom, "id"))));
  auto id = parse_paper_reference(id_text);
  if (!id) return Error(ErrorKind::bad_input, "no arXiv id in \"" + text::ellipsize(id_text, 80) + "\"");
  Paper paper;
  paper.id = id->id;
  paper.version = id->version;
  paper.source = "arxiv-api";
  std::string primary;
  for (const auto& node : entry.children()) read_field(paper, primary, node);
  set_primary(paper, primary);
  if (paper.title_raw.empty()) return Error(ErrorKind::bad_input, paper.id.str() + ": no title");
  latex::finish(paper);
  return paper;
}

}  // namespace

Result<ApiPage> read_api(std::string_view bytes) {
  pugi::xml_document document;
  if (auto loaded = xml::load(document, bytes); !loaded) return std::move(loaded).error();
  auto feed = document.document_element();
  if (!xml::is(feed, xml::kAtom, "feed")) return Error(ErrorKind::bad_input, "not an Atom feed");
  ApiPage page;
  page.total = number(xml::child(feed, xml::kOpenSearch, "totalResults"));
  page.start = number(xml::child(feed, xml::kOpenSearch, "startIndex"));
  page.items_per_page = number(xml::child(feed, xml::kOpenSearch, "itemsPerPage"));
  for (const auto& entry : feed.children()) {
    if (!xml::is(entry, xml::kAtom, "entry")) continue;
    // contracts: arXiv 1.5: an error looks like a paper but for its id.
    if (xml::text(xml::child(entry, xml::kAtom, "id")).find("/api/errors") != std::string::npos)
      return Error(ErrorKind::refused, "arXiv refused the query: " +
                                           text::collapse_space(xml::text(xml::child(entry, xml::kAtom, "summary"))));
    auto paper = read_entry(entry);
    if (paper)
      page.papers.push_back(std::move(*paper));
    else
      page.problems.push_back(paper.error().what());
  }
  return page;
}

}  // namespace broadsheet::sources
