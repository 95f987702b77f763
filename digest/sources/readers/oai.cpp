#include "digest/sources/readers/oai.hpp"

#include <algorithm>
#include <charconv>

#include "digest/sources/readers/common.hpp"
#include "digest/sources/readers/xml.hpp"

namespace broadsheet::sources {
namespace {

// First child by local name: OAI's metadata formats put everything into one namespace each.
pugi::xml_node part(const pugi::xml_node& node, std::string_view name) {
  for (const auto& candidate : node.children())
    if (xml::local_name(candidate) == name) return candidate;
  return {};
}

std::string part_text(const pugi::xml_node& node, std::string_view name) {
  return std::string(text::trim(xml::text(part(node, name))));
}

// keyname, forenames, suffix: "Ada Brook Jr".
Author read_author(const pugi::xml_node& node) {
  Author author;
  author.name = text::collapse_space(part_text(node, "forenames") + " " + part_text(node, "keyname") + " " +
                                     part_text(node, "suffix"));
  for (const auto& child : node.children())
    if (xml::local_name(child) == "affiliation") author.affiliations.push_back(text::collapse_space(xml::text(child)));
  return author;
}

// "v2"; 0 for what is not a version.
int version_number(std::string_view label) {
  int out = 0;
  if (label.starts_with('v')) std::from_chars(label.data() + 1, label.data() + label.size(), out);
  return std::clamp(out, 0, 9999);
}

void read_versions(const pugi::xml_node& metadata, Paper& paper, std::vector<OaiVersion>& versions) {
  for (const auto& node : metadata.children()) {
    if (xml::local_name(node) != "version") continue;
    OaiVersion v;
    v.version = version_number(node.attribute("version").value());
    v.date = parse_rfc822(part_text(node, "date"));
    auto type = part_text(node, "source_type");
    auto size = part_text(node, "size");
    v.withdrawn = type.find('I') != std::string::npos || (type.empty() && size.starts_with("0"));
    v.has_source = !v.withdrawn && (!type.empty() || !size.empty());
    versions.push_back(v);
  }
  if (versions.empty()) return;
  std::sort(versions.begin(), versions.end(),
            [](const OaiVersion& a, const OaiVersion& b) { return a.version < b.version; });
  paper.version = versions.back().version;
  paper.published = versions.front().date;
  paper.updated = versions.back().date;
  paper.withdrawn = versions.back().withdrawn;
}

void read_dates(const pugi::xml_node& metadata, Paper& paper) {
  paper.published = parse_iso(part_text(metadata, "created"));
  paper.updated = parse_iso(part_text(metadata, "updated"));
  if (!paper.updated) paper.updated = paper.published;
}

Result<Paper> read_metadata(const pugi::xml_node& metadata, std::vector<OaiVersion>& versions) {
  Paper paper;
  auto id = PaperId::parse(part_text(metadata, "id"));
  if (!id)
    return Error(ErrorKind::bad_input, "no arXiv id in \"" + text::ellipsize(part_text(metadata, "id"), 80) + "\"");
  paper.id = *id;
  paper.source = "arxiv-oai";
  paper.title_raw = text::collapse_space(part_text(metadata, "title"));
  if (paper.title_raw.empty()) return Error(ErrorKind::bad_input, id->str() + ": no title");
  paper.abstract_raw = xml::text(part(metadata, "abstract"));
  paper.comment = text::collapse_space(part_text(metadata, "comments"));
  paper.doi = part_text(metadata, "doi");
  paper.journal_ref = text::collapse_space(part_text(metadata, "journal-ref"));
  paper.license = part_text(metadata, "license");
  auto terms = text::collapse_space(part_text(metadata, "categories"));
  for (auto term : text::split(terms, ' ')) add_category(paper, term);
  auto authors = part(metadata, "authors");
  if (part(authors, "author"))
    for (const auto& author : authors.children()) {
      if (xml::local_name(author) == "author") paper.authors.push_back(read_author(author));
    }
  else
    paper.authors_raw = text::collapse_space(xml::text(authors));
  if (xml::local_name(metadata) == "arXivRaw")
    read_versions(metadata, paper, versions);
  else
    read_dates(metadata, paper);
  latex::finish(paper);
  // What the version holds is a fact; the comment only tells, and may tell of another version.
  if (!versions.empty() && versions.back().has_source) paper.withdrawn = false;
  return paper;
}

void read_record(OaiPage& page, const pugi::xml_node& record) {
  auto header = part(record, "header");
  if (std::string_view(header.attribute("status").value()) == "deleted") {
    if (auto id = parse_paper_reference(part_text(header, "identifier"))) page.deleted.push_back(id->id);
    return;
  }
  auto metadata = part(record, "metadata").first_child();
  std::vector<OaiVersion> versions;
  auto paper = read_metadata(metadata, versions);
  if (!paper) {
    page.problems.push_back(paper.error().what());
    return;
  }
  if (!versions.empty()) page.versions[paper->id] = std::move(versions);
  page.papers.push_back(std::move(*paper));
}

Error oai_error(const std::string& code, const std::string& message) {
  auto kind = ErrorKind::bad_input;
  if (code == "idDoesNotExist") kind = ErrorKind::not_found;
  if (code == "badResumptionToken") kind = ErrorKind::refused;
  return {kind, "OAI-PMH " + code + ": " + text::ellipsize(text::collapse_space(message), 200)};
}

}  // namespace

Result<OaiPage> read_oai(std::string_view bytes) {
  pugi::xml_document document;
  if (auto loaded = xml::load(document, bytes); !loaded) return std::move(loaded).error();
  auto root = document.document_element();
  OaiPage page;
  // Collections of single records circulate without the envelope.
  if (xml::local_name(root) == "record") {
    read_record(page, root);
    return page;
  }
  if (xml::local_name(root) != "OAI-PMH" && xml::local_name(root) != "ListRecords")
    return Error(ErrorKind::bad_input, "not an OAI-PMH answer");
  auto verb = xml::local_name(root) == "ListRecords" ? root : pugi::xml_node();
  for (const auto& node : root.children()) {
    auto name = xml::local_name(node);
    if (name == "error") {
      std::string code = node.attribute("code").value();
      if (code != "noRecordsMatch") return oai_error(code, xml::text(node));
      page.no_records = true;
    }
    if (name == "ListRecords" || name == "GetRecord") verb = node;
  }
  if (!verb && !page.no_records) return Error(ErrorKind::bad_input, "an OAI-PMH answer without a list");
  for (const auto& node : verb.children()) {
    if (xml::local_name(node) == "record") read_record(page, node);
    if (xml::local_name(node) == "resumptionToken") {
      page.resumption_token = std::string(text::trim(xml::text(node)));
      page.token_expires = parse_iso(node.attribute("expirationDate").value());
    }
  }
  return page;
}

}  // namespace broadsheet::sources
