// F2, the table digest (spec: digest formats). The original shape is not valid Markdown (cells with blank lines,
// nothing escaped); the valid form folds and escapes, and adds the English title and the abstract page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::present {

enum class F2Form : std::uint8_t { valid, original };

std::string to_f2(const Digest& digest, F2Form form = F2Form::valid);
// Reads both forms. Errors: bad_input.
Result<Digest> f2_from_text(std::string_view text);

}  // namespace broadsheet::present
