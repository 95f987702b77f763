#include "digest/present/bibtex.hpp"

#include "bot/base/text.hpp"

namespace broadsheet::present {
namespace {

// Characters that BibTeX acts on.
std::string escaped(std::string_view s) {
  std::string out;
  for (char c : s) {
    if (c == '\\') {
      out += "\\textbackslash{}";
    } else if (std::string_view("{}$&%#_").find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else if (c == '~') {
      out += "\\textasciitilde{}";
    } else if (c == '^') {
      out += "\\textasciicircum{}";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string letters(std::string_view s) {
  std::string out;
  for (char c : text::fold(s))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  return out;
}

std::string year_of(const Paper& paper) {
  if (paper.published) return to_iso(*paper.published).substr(0, 4);
  auto key = paper.id.sort_key();
  return key.substr(0, 4);  // the century and year of the identifier
}

std::string last_name(const Paper& paper) {
  if (paper.authors.empty()) return "arxiv";
  const auto& name = paper.authors[0].name;
  auto space = name.rfind(' ');
  return letters(space == std::string::npos ? name : name.substr(space + 1));
}

std::string first_word(const Paper& paper) {
  for (auto word : text::split(paper.title, ' ')) {
    auto w = letters(word);
    if (w.size() > 3 ||
        (w.size() > 1 && word.size() == w.size() && word[0] >= 'A' && word[0] <= 'Z' && w != "the" && w != "an"))
      return w;
  }
  return letters(paper.id.str());
}

}  // namespace

std::string to_bibtex(const Paper& paper) {
  std::string names;
  for (const auto& author : paper.authors) {
    auto name = escaped(author.name);
    names += (names.empty() ? "" : " and ") + (author.collaboration ? "{" + name + "}" : name);
  }
  std::string out = "@misc{" + last_name(paper) + year_of(paper) + first_word(paper) + ",\n";
  out += "  title         = {{" + escaped(paper.title) + "}},\n";
  out += "  author        = {" + names + "},\n";
  out += "  year          = {" + year_of(paper) + "},\n";
  out += "  eprint        = {" + paper.id.str() + "},\n  archiveprefix = {arXiv},\n";
  if (!paper.categories.empty()) out += "  primaryclass  = {" + paper.primary() + "},\n";
  if (!paper.journal_ref.empty()) out += "  note          = {" + escaped(paper.journal_ref) + "},\n";
  if (!paper.doi.empty()) out += "  doi           = {" + escaped(paper.doi) + "},\n";
  return out + "  url           = {" + abs_url({paper.id, 0}) + "}\n}\n";
}

std::string to_ris(const Paper& paper) {
  std::string out = "TY  - PREPRINT\nTI  - " + text::collapse_space(paper.title) + "\n";
  for (const auto& author : paper.authors) out += "AU  - " + author.name + "\n";
  out += "PY  - " + year_of(paper) + "\nAB  - " + text::collapse_space(paper.abstract) + "\n";
  if (!paper.doi.empty()) out += "DO  - " + paper.doi + "\n";
  return out + "AN  - arXiv:" + paper.id.str() + "\nUR  - " + abs_url({paper.id, 0}) + "\nER  - \n";
}

}  // namespace broadsheet::present
