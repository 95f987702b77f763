// F1, the long digest (spec: digest formats): written from any record, and read back byte for byte.
#pragma once

#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::present {

std::string to_f1(const Digest& digest);
// Errors: bad_input, with the place that does not fit.
Result<Digest> f1_from_text(std::string_view text);

}  // namespace broadsheet::present
