// What each sentence of an abstract does: background, objective, method, result, resource, limitation.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

struct RoledSentence {
  std::string text;
  Role role = Role::other;
  double p = 0;  // how sure the model is of `base`, 0 to 1
  // The same in the five roles of the training data, which knows no resource and no limitation.
  Role base = Role::other;
  // How likely background, objective, method, result and other are, in percent.
  std::array<int, 5> percent{};
};

// By a linear-chain model over words, openings and places (role_weights.tsv); resources and limits by what is said.
std::vector<RoledSentence> label(const std::vector<std::string>& sentences);

}  // namespace broadsheet::write
