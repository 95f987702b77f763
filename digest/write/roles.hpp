// What each sentence of an abstract does: background, objective, method, result, resource, limitation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

struct RoledSentence {
  std::string text;
  Role role = Role::other;
  double p = 0;  // confidence, 0 to 1
};

// By cue phrases and position: a linear score for each role, the best one wins.
std::vector<RoledSentence> label(const std::vector<std::string>& sentences);

}  // namespace broadsheet::write
