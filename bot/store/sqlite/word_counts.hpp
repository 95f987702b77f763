// In how many papers a word stands. Counting a frequent word reads its whole list of places, so frequent words are
// counted once, in the background, and kept for the next start. Used under the store's mutex.
#pragma once

#include <string>
#include <unordered_map>

#include "bot/store/sqlite/papers.hpp"

namespace broadsheet::store {

class WordCounts {
 public:
  WordCounts(Db& db, Statements& statements) : db_(db), statements_(statements) {}

  // What an earlier process learned.
  Status load();
  // Papers with the word.
  Result<double> of(const std::string& word);
  // Papers in the index.
  Result<double> papers();
  // Counts drift slowly; after a tenth more papers they are learned anew.
  void written(std::size_t papers);

  bool learned() const { return learned_; }
  void learn_anew();
  // Goes on through the words for some milliseconds; at the end keeps what it learned.
  Status learn();

 private:
  Status keep();
  Status put(const std::string& name, const std::string& value);
  Result<std::string> get(const std::string& name);

  Db& db_;
  Statements& statements_;
  std::unordered_map<std::string, double> counts_;
  std::unordered_map<std::string, double> frequent_;  // while learning
  std::string last_;                                  // learned up to this word
  bool learned_ = false;
  double papers_ = 0;
  std::size_t written_ = 0;
};

}  // namespace broadsheet::store
