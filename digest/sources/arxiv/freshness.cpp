#include "digest/sources/arxiv/freshness.hpp"

#include <charconv>
#include <set>

namespace broadsheet::arxiv {
namespace {

constexpr std::size_t kFeedLimit = 2000;  // contracts: arXiv 2.6
constexpr long kLag = 500;                // ids (2.5, rule 4)

std::set<PaperId> new_ids(const std::vector<Announced>& entries) {
  std::set<PaperId> out;
  for (const auto& entry : entries)
    if (entry.type == AnnounceType::new_paper) out.insert(entry.id);
  return out;
}

// Month and running number of a new-scheme id.
std::optional<std::pair<long, long>> number(const PaperId& id) {
  const auto& s = id.str();
  auto dot = s.find('.');
  if (dot == std::string::npos) return std::nullopt;
  long month = 0, running = 0;
  std::from_chars(s.data(), s.data() + dot, month);
  std::from_chars(s.data() + dot + 1, s.data() + s.size(), running);
  return std::pair(month, running);
}

bool lags(const PaperId& highest, const PaperId& elsewhere) {
  auto here = number(highest), there = number(elsewhere);
  if (!here || !there) return false;
  return here->first < there->first ? there->second > kLag : there->second - here->second > kLag;
}

}  // namespace

std::optional<PaperId> highest_new(const std::vector<Announced>& entries) {
  auto ids = new_ids(entries);
  if (ids.empty()) return std::nullopt;
  return *ids.rbegin();
}

FreshnessAnswer judge(const sources::FeedPage& feed, const FreshnessQuestion& question) {
  if (feed.built && *feed.built < question.announced)
    return {Freshness::stale, "the feed is older than the batch", false};
  auto ids = new_ids(feed.entries);
  std::size_t seen = 0;
  if (question.previous) {
    auto before = new_ids(question.previous->entries);
    for (const auto& id : ids) seen += before.count(id);
    if (!ids.empty() && seen == ids.size()) return {Freshness::stale, "the feed still shows the batch before", false};
  }
  // Only a clock that is behind can ask for a day that is over: the batch would be filed under the wrong one.
  if (feed.built && question.next_announced > question.announced && *feed.built >= question.next_announced)
    return {Freshness::doubtful, "the feed was made after the next announcement", false};
  if (!feed.problems.empty()) return {Freshness::doubtful, "an item of the feed could not be read", true};
  if (feed.entries.size() >= kFeedLimit) return {Freshness::doubtful, "the feed is cut at its limit", true};
  if (ids.empty()) return {Freshness::doubtful, "the feed shows no new papers", false};
  if (!question.previous) return {Freshness::doubtful, "no earlier batch is stored to compare with", false};
  if (seen != 0) return {Freshness::doubtful, "the feed mixes new papers with those of the batch before", false};
  auto last = highest_new(question.previous->entries);
  if (last && *ids.rbegin() < *last)
    return {Freshness::doubtful, "the feed's papers are older than the batch before", false};
  if (question.highest_elsewhere && lags(*ids.rbegin(), *question.highest_elsewhere))
    return {Freshness::doubtful, "the feed lags behind other categories", false};
  return {Freshness::current, {}, false};
}

}  // namespace broadsheet::arxiv
