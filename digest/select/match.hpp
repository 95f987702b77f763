// How well the papers of a listing are what a reader asked for: BM25 over words and phrases, their rarity taken from
// the listing itself. The same for every order of the listing. Not thread-bound; const calls are thread-safe.
#pragma once

#include <string>
#include <vector>

#include "digest/model/paper.hpp"
#include "digest/select/interests.hpp"

namespace broadsheet::select {

struct Match {
  double liked = 0;     // 0 to 1, 1 the best of the listing
  double disliked = 0;  // 0 to 1, 1 where it is the paper's subject
  // Texts of the likes that the paper meets as asked (phrases whole), best first.
  std::vector<std::string> met;
  // Where it meets none: those that it shares most words with.
  std::vector<std::string> touched;
};

class Matcher {
 public:
  Matcher(const Interests& interests, const std::vector<Paper>& listing);
  // Of the paper at this place of the listing.
  const Match& of(std::size_t paper) const { return matches_.at(paper); }
  // Texts of the likes that no paper of the listing meets, not even in part.
  const std::vector<std::string>& unmet() const { return unmet_; }

 private:
  std::vector<Match> matches_;
  std::vector<std::string> unmet_;
};

}  // namespace broadsheet::select
