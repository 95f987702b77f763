#include "bot/cli/formats.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "bot/pages/markup.hpp"
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

// Each once, in the order of the digests.
std::vector<Paper> papers_of(const std::vector<Digest>& digests) {
  std::vector<Paper> out;
  std::set<PaperId> known;
  for (const auto& digest : digests)
    for (const auto& card : digest.cards)
      if (known.insert(card.paper.id).second) out.push_back(card.paper);
  return out;
}

std::string bibliography(const std::vector<Paper>& papers, std::string (*entry)(const Paper&)) {
  std::string out;
  for (const auto& paper : papers) out += entry(paper) + "\n";
  return out;
}

std::string feed_of(const std::vector<Digest>& digests, const std::string& site) {
  bool named = !digests.empty() && !digests.front().key.categories.empty();
  return present::atom_feed(digests, {site, named ? digests.front().key.categories.front().str() : "digests"});
}

std::string json_array(const std::vector<Digest>& digests) {
  std::string out;
  for (const auto& digest : digests) {
    auto one = record::to_json(digest, true);
    out += (out.empty() ? "[\n" : ",\n") + one;
  }
  return out.empty() ? "[]\n" : out + "\n]\n";
}

}  // namespace

std::vector<std::string> digest_formats() {
  return {"text", "markdown", "f1", "f2", "f2-original", "html", "json", "bibtex", "ris", "csl", "atom"};
}

Result<std::string> render(const Digest& digest, std::string_view format, const std::string& site) {
  if (format == "text") return doc::to_plain(present::digest_document(digest, digest.key.style), kTerminalWidth);
  if (format == "markdown") return present::to_markdown(present::digest_document(digest, digest.key.style));
  if (format == "f1") return present::to_f1(digest);
  // A digest that came in as F2 goes out as it came; our own are written in the valid form.
  if (format == "f2")
    return present::to_f2(digest, digest.imported.format == "f2" ? present::F2Form::original : present::F2Form::valid);
  if (format == "f2-original") return present::to_f2(digest, present::F2Form::original);
  if (format == "html") return present::digest_page(digest);
  if (format == "json") return record::to_json(digest, true) + "\n";
  if (format == "bibtex") return bibliography(papers_of({digest}), present::to_bibtex);
  if (format == "ris") return bibliography(papers_of({digest}), present::to_ris);
  if (format == "csl") return present::to_csl_json(papers_of({digest}));
  if (format == "atom") return feed_of({digest}, site);
  return Error(ErrorKind::bad_input, "there is no format \"" + std::string(format) + "\"");
}

Result<std::string> render_all(const std::vector<Digest>& digests, std::string_view format, const std::string& site) {
  if (digests.size() == 1) return render(digests.front(), format, site);
  if (format == "json") return json_array(digests);
  if (format == "bibtex") return bibliography(papers_of(digests), present::to_bibtex);
  if (format == "ris") return bibliography(papers_of(digests), present::to_ris);
  if (format == "csl") return present::to_csl_json(papers_of(digests));
  if (format == "atom") return feed_of(digests, site);
  if (format == "html")
    return Error(ErrorKind::bad_input, "a page holds one digest, and " + std::to_string(digests.size()) +
                                           " fit; name one with --date and --category");
  std::string out;
  for (const auto& digest : digests) {
    auto text = render(digest, format, site);
    if (!text) return text;
    out += *text;
  }
  return out;
}

std::string nothing_of(std::string_view format, const std::string& why, const std::string& site) {
  if (format == "json") return nlohmann::json{{"digest", nullptr}, {"notice", why}}.dump(2) + "\n";
  if (format == "csl" || format == "slack" || format == "matrix" || format == "telegram") return "[]\n";
  if (format == "atom") return feed_of({}, site);
  if (format == "html") return pages::sentence_page("No digest", why);
  return {};
}

}  // namespace broadsheet::cli
