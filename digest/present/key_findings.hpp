// The key-findings rule of existing digests, kept for those who rely on it (spec: digest formats, F1, 4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::present {

// Sentences of the abstract that hold one of fifteen cues; the last two when none does. Works on the abstract as
// stored.
std::vector<std::string> key_findings_compat(std::string_view abstract);

}  // namespace broadsheet::present
