#include "digest/write/extract.hpp"

#include <map>

#include "digest/write/card.hpp"
#include "digest/write/summary.hpp"
#include "digest/write/why.hpp"

namespace broadsheet::write {

Written extract(const Selection& selection, const std::vector<Paper>& papers) {
  std::map<PaperId, const Paper*> by_id;
  for (const auto& paper : papers) by_id.emplace(paper.id, &paper);
  Written out;
  for (const auto& entry : selection.entries) {
    if (entry.fate != Fate::shown) continue;
    auto it = by_id.find(entry.announced.id);
    if (it != by_id.end()) out.cards.push_back(write_card(*it->second, entry.announced.type, entry.reasons));
  }
  out.summary = write_summary(out.cards, papers, selection);
  place_in_day(out.cards, out.summary.themes, papers);
  return out;
}

}  // namespace broadsheet::write
