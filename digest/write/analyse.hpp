// What the extractive writer sees in one abstract, as JSON (spec: interfaces 1, `analyse`).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"

namespace broadsheet::write {

using CompatFindings = std::function<std::vector<std::string>(std::string_view abstract)>;

// In: {"title", "abstract"} or {"title", "sentences": […]}. Out: {"sentences": [{"text", "role", "p"}], "tldr",
// "tldr_verbatim", "findings", "findings_compat"}. Errors: bad_input.
Result<std::string> analyse_line(std::string_view json_line, const CompatFindings& compat);

}  // namespace broadsheet::write
