// Ranked search over the index (performance 2.3): the newest matches first, scored by an own rank function, within a
// time budget. Used under the store's mutex.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "bot/store/query.hpp"
#include "bot/store/search.hpp"
#include "bot/store/sqlite/papers.hpp"
#include "bot/store/sqlite/word_counts.hpp"

namespace broadsheet::store {

class Search {
 public:
  Search(Db& db, Statements& statements, Papers& papers, WordCounts& words)
      : db_(db), statements_(statements), papers_(papers), words_(words) {}
  // Once per connection; the index must exist.
  Status attach();
  Result<SearchAnswer> search(const SearchRequest& request);
  Result<std::vector<SimilarHit>> similar(const Paper& paper, std::size_t limit);
  // For the rank function: the weight of the phrases of the running query.
  std::vector<double> idf;

 private:
  struct Found {
    std::int64_t key = 0;
    double score = 0;
  };
  struct Candidates {
    std::vector<Found> found;
    bool complete = true;
    std::optional<Day> back_to;  // how far a filter got that was cut
  };
  Status expand_prefixes(Query& query);
  Status weigh(const std::vector<std::string>& phrases);
  std::size_t cap_for(const Query& query) const;
  Result<Candidates> rank(const Query& query, std::size_t cap, const SearchRequest& request);
  Result<Candidates> filtered(const std::string& fts, const Query& query, const SearchRequest& request);
  Result<std::vector<std::pair<double, std::string>>> telling_words(const Paper& paper);
  static std::string note_on(const Candidates& candidates);
  Result<SearchAnswer> answer(Candidates candidates, const SearchRequest& request);

  Db& db_;
  Statements& statements_;
  Papers& papers_;
  WordCounts& words_;
};

}  // namespace broadsheet::store
