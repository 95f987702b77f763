// A paper as a source described it, with the display form beside the raw text. Values only; not thread-bound.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/base/time.hpp"
#include "digest/model/paper_id.hpp"

namespace broadsheet {

struct Author {
  std::string name;                       // display form
  std::vector<std::string> affiliations;  // display form
  bool collaboration = false;
  bool operator==(const Author&) const = default;
};

struct Paper {
  PaperId id;
  int version = 0;  // 0: the source did not say

  // Raw text as the source delivered it after XML/JSON decoding; kept for export and re-conversion.
  std::string title_raw, abstract_raw, authors_raw;
  // Display form (digest/latex): plain Unicode, NFC, no control characters. Filled by finish().
  std::string title, abstract;
  std::vector<Author> authors;

  std::vector<std::string> categories;  // arXiv order, primary first; only terms the taxonomy knows
  std::optional<Moment> published;      // v1
  std::optional<Moment> updated;        // this version
  std::optional<Day> listed;            // listing day, when the source knows it (a fact, never computed)
  std::string comment, doi, journal_ref, license;
  bool withdrawn = false;
  std::string source;  // "arxiv-api", "arxiv-feed", "arxiv-oai", "jsonl", "f1", "f2", …

  VersionedId versioned() const { return {id, version}; }
  std::string primary() const { return categories.empty() ? std::string() : categories.front(); }
  bool operator==(const Paper&) const = default;
};

// What a reader is told who asked for a version and gets another; empty if it is the one, or none was asked for.
inline std::string other_version(const VersionedId& asked, const Paper& paper) {
  if (asked.version == 0 || asked.version == paper.version) return {};
  auto wanted = "Version " + std::to_string(asked.version) + " could not be found";
  return paper.version == 0 ? wanted + "; which version this is, its source did not say."
                            : wanted + "; this is version " + std::to_string(paper.version) + ".";
}

}  // namespace broadsheet
