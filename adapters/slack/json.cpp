#include "adapters/slack/json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace broadsheet::slack {
namespace {

using nlohmann::json;

// Counted before parsing: a tree of any depth costs a stack frame for each level when it is destroyed or written.
bool too_deep(std::string_view text) {
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
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMaxDepth) return true;
  }
  return false;
}

}  // namespace

Result<json> parse_json(std::string_view text) {
  if (too_deep(text)) return Error(ErrorKind::bad_input, "the JSON is nested too deeply");
  std::vector<std::set<std::string>> keys;
  bool doubled = false;
  auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) doubled = true;
    return true;
  };
  auto tree = json::parse(text, watch, /*allow_exceptions=*/false);
  if (tree.is_discarded()) return Error(ErrorKind::bad_input, "not JSON");
  if (doubled) return Error(ErrorKind::bad_input, "the JSON names a key twice");
  return tree;
}

const json* member(const json& from, Path path) {
  const json* at = &from;
  for (auto key : path) {
    if (!at->is_object()) return nullptr;
    auto found = at->find(key);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string text_at(const json& from, Path path) {
  const auto* found = member(from, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

bool true_at(const json& from, Path path) {
  const auto* found = member(from, path);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::string dump(const json& tree) {
  return tree.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace broadsheet::slack
