// Digests as an Atom feed (RFC 4287).
#pragma once

#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::present {

struct FeedInfo {
  std::string base;      // address of the site, without a slash at the end
  std::string category;  // whose feed it is: its address is BASE/feed/CATEGORY.atom
};

// One entry a digest, newest first as given.
std::string atom_feed(const std::vector<Digest>& digests, const FeedInfo& info);

}  // namespace broadsheet::present
