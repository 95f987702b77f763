// The contract's vectors, where the shared folder is there.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace broadsheet::test {

inline std::optional<nlohmann::json> slack_vectors() {
  std::ifstream in(std::filesystem::path(BROADSHEET_SHARED) / "contracts" / "slack-vectors.json");
  if (!in) return std::nullopt;
  return nlohmann::json::parse(in);
}

// {"$str": ["x", 3]} is "xxx", {"$arr": [{…}, 3]} a list of three.
inline nlohmann::json expanded(const nlohmann::json& from) {
  if (from.is_object() && from.size() == 1 && from.contains("$str")) {
    std::string out;
    for (int i = 0; i < from["$str"][1].get<int>(); ++i) out += from["$str"][0].get<std::string>();
    return out;
  }
  if (from.is_object() && from.size() == 1 && from.contains("$arr")) {
    auto one = expanded(from["$arr"][0]);
    return nlohmann::json(from["$arr"][1].get<std::size_t>(), one);
  }
  auto out = from;
  if (from.is_object() || from.is_array())
    for (auto it = out.begin(); it != out.end(); ++it) *it = expanded(*it);
  return out;
}

}  // namespace broadsheet::test

#define SLACK_VECTORS_OR_SKIP(name)                                   \
  auto name##_found = ::broadsheet::test::slack_vectors();            \
  if (!name##_found) GTEST_SKIP() << "the shared folder is not here"; \
  const auto& name = *name##_found
