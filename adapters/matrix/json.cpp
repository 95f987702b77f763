#include "adapters/matrix/json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace broadsheet::matrix {

using adapters::member;

std::optional<Json> parse_object(std::string_view text) {
  auto json = adapters::parse_json_parts(text);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(*json);
}

const std::string* text_of(const Json& object, const char* key) {
  const auto* it = member(object, {key});
  return it == nullptr ? nullptr : it->get_ptr<const std::string*>();
}

const Json* object_of(const Json& object, const char* key) {
  const auto* it = member(object, {key});
  return it != nullptr && it->is_object() ? it : nullptr;
}

const Json* list_of(const Json& object, const char* key) {
  const auto* it = member(object, {key});
  return it != nullptr && it->is_array() ? it : nullptr;
}

}  // namespace broadsheet::matrix
