// Noun phrases that can name a subject: "Gaussian splatting", "diffusion models", "SLAM".
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::write {

struct Phrase {
  std::string key;    // folded and stemmed: "gaussian splatting", also for "3DGS"; never empty
  std::string label;  // for people: lower case but for names and acronyms
  bool whole = true;  // not cut out of a longer phrase: "image retrieval" of "image retrieval benchmarks" is
};

// Every occurrence, in text order. Two or three words that stand together and end in a noun, or one word of a short
// list of subjects.
std::vector<Phrase> phrases_in(std::string_view text);

// The label of a phrase for which people wrote several: the most frequent, in the plural where that is common too.
std::string best_label(const std::map<std::string, std::size_t>& times);
// What a paper names at least once.
std::set<std::string> phrase_keys(const Paper& paper);

}  // namespace broadsheet::write
