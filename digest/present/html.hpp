// Pages: self-contained HTML without scripts and without requests to anywhere.
#pragma once

#include <string>

#include "digest/model/digest.hpp"

namespace broadsheet::present {

// One digest: masthead, summary, a card per paper, every title with its fate.
std::string digest_page(const Digest& digest);

}  // namespace broadsheet::present
