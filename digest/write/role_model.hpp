// The role model: a chain over words and places, and a small net over what the chain and two models of all fields say
// of a sentence and its neighbours. Fitted by train/roles.py; role_weights.tsv holds it, and train/roles.py its rules.
#pragma once

#include <string>
#include <vector>

#include "digest/write/role_chain.hpp"

namespace broadsheet::write {

// The shares of the five roles for each sentence; whole numbers, the same on every machine. Thread-safe.
std::vector<RoleShares> role_shares(const std::vector<std::string>& sentences);

}  // namespace broadsheet::write
