#include "digest/present/references.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"
#include "digest/present/bibtex.hpp"
#include "digest/present/person_name.hpp"

namespace broadsheet::present {
namespace {

using Json = nlohmann::ordered_json;

Json person(const Author& author) {
  if (author.collaboration) return {{"literal", author.name}};
  auto name = parse_person(author.name);
  if (name.given.empty()) return {{"literal", author.name}};
  Json out{{"family", name.family}, {"given", name.given}};
  if (!name.particle.empty()) out["non-dropping-particle"] = name.particle;
  if (!name.suffix.empty()) out["suffix"] = name.suffix;
  return out;
}

Json issued(const Paper& paper) {
  Json parts = Json::array();
  if (paper.published) {
    std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(*paper.published));
    parts = {static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
  } else {
    parts.push_back(std::stoi(citation_year(paper)));
  }
  return {{"date-parts", Json::array({parts})}};
}

Json item(const Paper& paper) {
  Json out{{"id", citation_key(paper)}, {"type", "article"}, {"title", text::collapse_space(paper.title)}};
  out["author"] = Json::array();
  for (const auto& author : paper.authors) out["author"].push_back(person(author));
  out["issued"] = issued(paper);
  out["publisher"] = "arXiv";
  out["number"] = "arXiv:" + paper.id.str();
  if (!paper.categories.empty()) out["archive"] = "arXiv", out["archive_location"] = paper.primary();
  if (auto doi = first_doi(paper); !doi.empty()) out["DOI"] = doi;
  out["URL"] = abs_url({paper.id, 0});
  if (!paper.abstract.empty()) out["abstract"] = text::collapse_space(paper.abstract);
  if (!paper.journal_ref.empty()) out["note"] = paper.journal_ref;
  return out;
}

}  // namespace

std::string to_ris(const Paper& paper) {
  std::string out;
  auto add = [&out](const char* tag, const std::string& value) {
    if (!value.empty()) out += std::string(tag) + "  - " + text::collapse_space(value) + "\n";
  };
  add("TY", "UNPB");  // the format has no preprint
  add("TI", paper.title);
  for (const auto& author : paper.authors)
    add("AU", author.collaboration ? author.name : last_first(parse_person(author.name)));
  add("PY", citation_year(paper));
  if (paper.published) {
    auto day = to_iso(*paper.published).substr(0, 10);
    std::replace(day.begin(), day.end(), '-', '/');
    add("DA", day);
  }
  add("AB", paper.abstract);
  add("PB", "arXiv");
  add("N1", paper.journal_ref);
  add("DO", first_doi(paper));
  add("AN", "arXiv:" + paper.id.str());
  add("UR", abs_url({paper.id, 0}));
  return out + "ER  - \n";
}

std::string to_csl_json(const std::vector<Paper>& papers) {
  Json out = Json::array();
  for (const auto& paper : papers) out.push_back(item(paper));
  constexpr int kIndent = 2;
  return out.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace broadsheet::present
