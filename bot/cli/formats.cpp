#include "bot/cli/formats.hpp"

#include "digest/doc/plain.hpp"
#include "digest/present/atom.hpp"
#include "digest/present/bibtex.hpp"
#include "digest/present/document.hpp"
#include "digest/present/f1.hpp"
#include "digest/present/f2.hpp"
#include "digest/present/html.hpp"
#include "digest/present/markdown.hpp"
#include "digest/present/references.hpp"
#include "digest/record/json.hpp"

namespace broadsheet::cli {
namespace {

constexpr std::size_t kTerminalWidth = 100;

std::string bibliography(const Digest& digest, std::string (*entry)(const Paper&)) {
  std::string out;
  for (const auto& card : digest.cards) out += entry(card.paper) + "\n";
  return out;
}

std::vector<Paper> papers_of(const Digest& digest) {
  std::vector<Paper> out;
  for (const auto& card : digest.cards) out.push_back(card.paper);
  return out;
}

}  // namespace

std::vector<std::string> digest_formats() {
  return {"text", "markdown", "f1", "f2", "f2-original", "html", "json", "bibtex", "ris", "csl", "atom"};
}

Result<std::string> render(const Digest& digest, std::string_view format) {
  if (format == "text") return doc::to_plain(present::digest_document(digest, digest.key.style), kTerminalWidth);
  if (format == "markdown") return present::to_markdown(present::digest_document(digest, digest.key.style));
  if (format == "f1") return present::to_f1(digest);
  // A digest that came in as F2 goes out as it came; our own are written in the valid form.
  if (format == "f2")
    return present::to_f2(digest, digest.imported.format == "f2" ? present::F2Form::original : present::F2Form::valid);
  if (format == "f2-original") return present::to_f2(digest, present::F2Form::original);
  if (format == "html") return present::digest_page(digest);
  if (format == "json") return record::to_json(digest, true) + "\n";
  if (format == "bibtex") return bibliography(digest, present::to_bibtex);
  if (format == "ris") return bibliography(digest, present::to_ris);
  if (format == "csl") return present::to_csl_json(papers_of(digest));
  if (format == "atom") return present::atom_feed({digest}, {});
  return Error(ErrorKind::bad_input, "there is no format \"" + std::string(format) + "\"");
}

}  // namespace broadsheet::cli
