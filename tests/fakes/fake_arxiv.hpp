// An arXiv on loopback: feed, listing pages, OAI-PMH and query API over the same batches, on a clock that is passed in;
// every fault of contracts arXiv 1.7 and 2.5; and a record of every rule of politeness that was broken (4).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "bot/base/clock.hpp"
#include "digest/calendar/calendar.hpp"
#include "digest/model/paper.hpp"
#include "tests/fakes/arxiv_documents.hpp"
#include "tests/fakes/fake_http.hpp"

namespace broadsheet::fakes {

// What is announced on one listing day; each paper is new in its primary category and a cross-list in its others.
struct Batch {
  Day day{};
  std::vector<Paper> papers;
  std::vector<Paper> replaced;
};

// Small invented batches for every listing day of a range; the same for the same arguments.
std::vector<Batch> invented_batches(Day first, Day last, const std::vector<Category>& categories,
                                    const arxiv::Calendar& calendar, std::size_t papers_a_category = 6);
// From a file or folder of papers that carry their listing day.
Result<std::vector<Batch>> batches_from(const std::string& path);

enum class ArxivFault : std::uint8_t {
  rate_429,        // "Rate exceeded." without Retry-After
  rate_text,       // the same text with status 200
  retry_after_30,  // 429 with Retry-After: 30
  unavailable,     // 503 with Retry-After: 0
  denied,          // 403
  empty,           // 200, no entries
  zero_bytes,
  unordered,       // API: sort order ignored, old papers first
  newest_missing,  // API
  reset,
  silence,
  truncated,  // cut in the middle of the document
  html,       // an HTML page instead of XML
};
std::optional<ArxivFault> parse_arxiv_fault(std::string_view name);  // "rate-429"

enum class ArxivSource : std::uint8_t { feed, site, oai, api, all };
std::optional<ArxivSource> parse_arxiv_source(std::string_view name);

class FakeArxiv {
 public:
  struct Options {
    arxiv::Calendar calendar = arxiv::Calendar::built_in();
    std::chrono::minutes feed_after{240};  // the feed follows the announcement by this (2.5)
    bool require_contact = true;
    std::uint16_t port = 0;
    std::size_t oai_page = 2500;
  };
  FakeArxiv(Clock& clock, std::vector<Batch> batches, Options options);

  std::string base() const { return http_.base(); }
  // What a request is answered, without the network.
  Reply answer(const Seen& seen);
  // The whole batch of that day appears later, everywhere.
  void late(Day day, std::chrono::minutes by);
  // The feed of the category serves the batch before under a fresh lastBuildDate on that day (2.5).
  void stale(const Category& category, Day day);
  // For requests to that source between the moments;
  void fault(ArxivSource source, ArxivFault fault, Moment from, Moment to);

  // Whoever was asked for silence was stopped before it could read that: nobody is blamed for not knowing.
  void excuse(ArxivSource source);
  // Takes every fault back.
  void heal();

  std::vector<std::string> violations() const;
  std::map<std::string, std::uint64_t> requests() const;  // by source

 private:
  struct Rule {
    ArxivSource source;
    ArxivFault fault;
    Moment from, to;
  };
  Reply routed(const std::string& path, const std::map<std::string, std::string>& query, const Seen& seen);
  Reply feed(const std::string& category, bool atom, const Seen& seen) const;
  Reply listing(const std::string& category, const std::map<std::string, std::string>& query) const;
  Reply catchup(const std::string& category, const std::string& day,
                const std::map<std::string, std::string>& query) const;
  Reply oai(const std::map<std::string, std::string>& query) const;
  Reply api(const std::map<std::string, std::string>& query) const;
  Reply broken(ArxivFault fault, Reply good, const std::map<std::string, std::string>& query) const;
  std::vector<Line> lines_of(const Batch& batch, const Category& category) const;
  Moment announced(const Batch& batch) const;
  const Batch* newest(Moment now) const;
  std::optional<ArxivFault> fault_of(ArxivSource source) const;
  void watch(const Seen& seen, ArxivSource source);
  void note_end(ArxivSource source, int status);

  Clock& clock_;
  std::vector<Batch> batches_;  // by day
  Options options_;
  mutable std::mutex mutex_;
  std::map<Day, std::chrono::minutes> late_;
  std::set<std::pair<std::string, Day>> stale_;
  std::vector<Rule> rules_;
  std::vector<std::string> violations_;
  std::map<std::string, std::uint64_t> requests_;
  int in_flight_ = 0;
  std::optional<SteadyMoment> last_end_;
  SteadyMoment last_begin_{};
  std::map<ArxivSource, SteadyMoment> silent_until_;
  FakeHttp http_;  // last: its thread uses everything above
};

}  // namespace broadsheet::fakes
