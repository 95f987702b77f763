// Shorter forms of a sentence by deletion alone, for a TL;DR.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::write {

struct Shortened {
  std::string text;
  bool aside = false;   // without its asides in brackets
  bool tail = false;    // without a clause at its end
  bool before = false;  // without what stands before "we"
};

// The sentence as it stands alone (opening.hpp), then what more can go: asides in brackets, a last clause ("…, which
// …", "… and show that …"), a purpose in front ("To count fish, we …"). What is cut holds no number, no negation, no
// condition and no hedge. The first is the longest; no two are the same.
std::vector<Shortened> shortenings(std::string_view sentence);

}  // namespace broadsheet::write
