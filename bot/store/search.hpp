// Finding papers by words. Blocking calls; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::store {

// For searches that others wait behind; a command line has none.
inline constexpr std::chrono::milliseconds kServedSearch{2000};

enum class SearchOrder : std::uint8_t { relevance, newest };

struct SearchRequest {
  std::string query;  // the query language of spec commands 3
  std::size_t limit = 10;
  std::size_t offset = 0;
  SearchOrder order = SearchOrder::relevance;
  // After this the search ends with an error (transient), never with a part of its answer. None: it takes its time.
  std::optional<std::chrono::milliseconds> deadline;
};

struct SearchHit {
  Paper paper;
  double score = 0;
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  std::size_t considered = 0;  // matches that were ranked
  bool complete = true;        // false: only the newest matches were ranked; how many is fixed, not a matter of time
  std::string note;            // one sentence for people when not complete
  std::string instead;         // when nothing matches: a wider query that finds something, if there is one
};

struct SimilarHit {
  Paper paper;
  double score = 0;
  std::vector<std::string> shared;  // the terms that connect them
};

class PaperSearch {
 public:
  virtual ~PaperSearch() = default;
  virtual Result<SearchAnswer> find(const SearchRequest& request) = 0;
  // Nearest papers by shared characteristic terms. not_found: the paper is not stored.
  virtual Result<std::vector<SimilarHit>> similar(const PaperId& id, std::size_t limit) = 0;
};

}  // namespace broadsheet::store
