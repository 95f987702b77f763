// What Slack refuses in a message or a view, and what this product must never send (contracts: Slack 9-11). Written
// against the contract, not against the adapter.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace broadsheet::fakes {

struct PayloadRules {
  bool view = false;    // a modal or Home tab instead of a message
  bool product = true;  // our own rules too: no mentions, no unfurls, a fallback text
  bool allow_mentions = false;
};
// One sentence for each fault; empty: Slack takes it.
std::vector<std::string> check_payload(const nlohmann::json& payload, const PayloadRules& rules = {});

}  // namespace broadsheet::fakes
