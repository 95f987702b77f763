#include "adapters/matrix/json.hpp"

#include <nlohmann/json.hpp>

namespace broadsheet::matrix {
namespace {

constexpr int kDepth = 64;  // design: reliability 5, JSON

bool shallow(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if ((c == '{' || c == '[') && ++depth > kDepth) return false;
    if (c == '}' || c == ']') --depth;
  }
  return true;
}

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

}  // namespace

std::optional<Json> parse_object(std::string_view text) {
  if (!shallow(text)) return std::nullopt;
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

const std::string* text_of(const Json& object, const char* key) {
  const auto* it = member(object, key);
  return it == nullptr ? nullptr : it->get_ptr<const std::string*>();
}

const Json* object_of(const Json& object, const char* key) {
  const auto* it = member(object, key);
  return it != nullptr && it->is_object() ? it : nullptr;
}

const Json* list_of(const Json& object, const char* key) {
  const auto* it = member(object, key);
  return it != nullptr && it->is_array() ? it : nullptr;
}

std::optional<std::int64_t> number_of(const Json& object, const char* key) {
  const auto* it = member(object, key);
  if (it == nullptr || !it->is_number_integer()) return std::nullopt;
  return it->get<std::int64_t>();
}

std::string text_or(const Json& object, const char* key) {
  const auto* it = text_of(object, key);
  return it == nullptr ? std::string() : *it;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace broadsheet::matrix
