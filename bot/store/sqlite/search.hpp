// Ranked search over the index (performance 2.3): the newest matches are scored by an own rank function. How many is
// bounded by numbers alone, so that the same query gets the same answer each time. Used under the store's mutex.
#pragma once

#include <string>
#include <vector>

#include "bot/store/query_index.hpp"
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
    std::vector<Found> found;  // newest first
    bool complete = true;
    std::string cut;  // a beginning of which only the most frequent words were looked for
  };
  // A word that tells a paper apart, as typed there and as the index has it.
  struct Telling {
    double weight = 0;
    std::string word, stem;
  };
  Result<SearchAnswer> by_query(const Query& query, const SearchRequest& request);
  Result<Candidates> candidates(const Query& query, std::size_t most);
  Status expand_prefixes(IndexQuery& query, std::string& cut);
  Status expand(const Sought& begin, AnyOf& out, std::string& cut);
  Status weigh(const IndexQuery& query);
  Result<double> weight(const std::string& phrase);
  Result<std::size_t> cap_for(const IndexQuery& query);
  Result<Candidates> rank(const IndexQuery& query, std::size_t most);
  // The newest matches of an expression up to a key.
  Result<std::vector<Found>> newest(const std::string& expression, std::int64_t until, std::size_t most);
  Status refuse(std::vector<Found>& found, const std::string& expression, std::int64_t until);
  Status ask_named(Candidates& candidates, const Query& query, const std::vector<PaperId>& named);
  Result<std::vector<Telling>> telling_words(const Paper& paper);
  static void best_first(std::vector<Found>& found);
  static std::string note_on(const Candidates& candidates, const SearchRequest& request);
  Result<SearchAnswer> answer(Candidates candidates, const SearchRequest& request);
  // A wider query that finds something, or empty.
  Result<std::string> instead_of(const Query& query);

  Db& db_;
  Statements& statements_;
  Papers& papers_;
  WordCounts& words_;
};

}  // namespace broadsheet::store
