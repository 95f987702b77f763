// The small pages around the digests. Pure functions. Internal to bot/pages.
#pragma once

#include <string>
#include <vector>

#include "bot/store/store.hpp"

namespace broadsheet::pages {

std::string archive_page(const std::vector<store::DigestRef>& digests);
std::string paper_page(const Paper& paper);
// A page with one sentence, for what is not there or went wrong.
std::string sentence_page(const std::string& title, const std::string& sentence);

}  // namespace broadsheet::pages
