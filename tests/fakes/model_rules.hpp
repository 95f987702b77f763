// What a strict endpoint takes (contracts: Models 1-3): each breach as a sentence. Internal to the fake.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/fake_model.hpp"

namespace broadsheet::fakes {

struct ModelRequest {
  std::optional<AskedModel> asked;  // absent: not understood, and refused
  std::optional<Reply> refusal;     // by the server's manners
  std::vector<std::string> violations;
};
ModelRequest read_model_request(const Seen& seen, const ModelManners& manners);

}  // namespace broadsheet::fakes
