#include "bot/endpoint/notes.hpp"

#include "bot/base/hash.hpp"

namespace broadsheet::endpoint {
namespace {

std::string name_of(const WritingKey& key) {
  return "written/" + short_sha256(key.str());
}

}  // namespace

Result<std::optional<std::string>> Notes::get(const std::string& name) {
  if (values_ == nullptr) return std::optional<std::string>();
  return values_->get("writer/" + name);
}

Status Notes::put(const std::string& name, const std::string& value) {
  if (values_ == nullptr || read_only_) return {};
  return values_->put("writer/" + name, value);
}

Result<std::optional<std::string>> Notes::find(const WritingKey& key) {
  return get(name_of(key));
}

Status Notes::keep(const WritingKey& key, const std::string& body) {
  return put(name_of(key), body);
}

}  // namespace broadsheet::endpoint
