#include "digest/present/bibtex.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/present/bibtex_title.hpp"
#include "digest/present/person_name.hpp"

namespace broadsheet::present {
namespace {

std::string letters(std::string_view s) {
  std::string out;
  for (char c : text::fold(s))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  return out;
}

std::string key_name(const Paper& paper) {
  if (paper.authors.empty()) return "arxiv";
  const auto& first = paper.authors[0];
  auto out =
      letters(first.collaboration ? first.name.substr(0, first.name.find(' ')) : parse_person(first.name).family);
  return out.empty() ? "arxiv" : out;
}

std::string first_word(const Paper& paper) {
  constexpr std::size_t kShort = 3;
  for (auto word : text::split(paper.title, ' ')) {
    auto w = letters(word);
    bool acronym = w.size() > 1 && word.size() == w.size() && std::all_of(word.begin(), word.end(), [](char c) {
                     return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                   });
    if (w.size() > kShort || acronym) return w;
  }
  return {};
}

// "Brook, Ada and {Kelp Team}": the suffix stands in the middle, a team in braces.
std::string author_field(const std::vector<Author>& authors) {
  std::string out;
  for (const auto& author : authors) {
    out += out.empty() ? "" : " and ";
    bool whole = author.collaboration || author.name.find(',') != std::string::npos ||
                 (" " + text::lower_ascii(author.name) + " ").find(" and ") != std::string::npos;
    if (whole) {
      out += "{" + bibtex_text(author.name) + "}";
      continue;
    }
    auto name = parse_person(author.name);
    auto family = name.particle.empty() ? name.family : name.particle + " " + name.family;
    // Several words of a family name would be read as particles and a name.
    if (name.particle.empty() && family.find(' ') != std::string::npos)
      family = "{" + bibtex_text(family) + "}";
    else
      family = bibtex_text(family);
    if (!name.suffix.empty()) family += ", " + bibtex_text(name.suffix);
    out += name.given.empty() ? family : family + ", " + bibtex_text(name.given);
  }
  return out;
}

// Read verbatim; only what would end the field is taken out.
std::string verbatim(std::string s) {
  std::erase_if(s, [](char c) { return c == '{' || c == '}' || c == '\\' || c == '\n'; });
  return s;
}

}  // namespace

std::string citation_year(const Paper& paper) {
  if (paper.published) return to_iso(*paper.published).substr(0, 4);
  return paper.id.sort_key().substr(0, 4);  // the century and year of the identifier
}

std::string first_doi(const Paper& paper) {
  auto doi = text::collapse_space(paper.doi);
  return doi.substr(0, doi.find_first_of(" ;"));
}

std::string citation_key(const Paper& paper) {
  auto id = paper.id.str();
  std::replace(id.begin(), id.end(), '/', '-');
  return key_name(paper) + citation_year(paper) + first_word(paper) + "-" + id;
}

std::string to_bibtex(const Paper& paper) {
  std::string out = "@misc{" + citation_key(paper);
  auto add = [&out](std::string name, const std::string& value) {
    constexpr std::size_t kWidth = 13;
    name.resize(std::max(kWidth, name.size()), ' ');
    if (!value.empty()) out += ",\n  " + name + " = {" + value + "}";
  };
  add("title", bibtex_title(paper.title_raw, paper.title));
  add("author", author_field(paper.authors));
  add("year", citation_year(paper));
  add("eprint", paper.id.str());
  add("archiveprefix", "arXiv");
  add("primaryclass", paper.primary());
  add("note", bibtex_text(paper.journal_ref));
  add("doi", verbatim(first_doi(paper)));
  add("url", abs_url({paper.id, 0}));
  return out + "\n}\n";
}

}  // namespace broadsheet::present
