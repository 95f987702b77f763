#include "bot/base/json.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace broadsheet::untrusted {
namespace {

using nlohmann::json;

enum class Unfit : std::uint8_t { refuse, leave_out };

// Builds the tree in place of the library's own builder, which bounds nothing and takes the last of two equal keys. The
// parser behind it keeps a bit for each open level and does not recurse.
class Builder final : public nlohmann::json_sax<json> {
 public:
  Builder(Unfit unfit, std::size_t levels) : unfit_(unfit), levels_(levels) {}

  json take() { return std::move(root_); }
  const char* why() const { return why_; }

  bool null() override { return keep(nullptr); }
  bool boolean(bool value) override { return keep(value); }
  bool number_integer(number_integer_t value) override { return keep(value); }
  bool number_unsigned(number_unsigned_t value) override { return keep(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return keep(value); }
  bool string(string_t& value) override { return keep(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*elements*/) override { return enter(json::object()); }
  bool start_array(std::size_t /*elements*/) override { return enter(json::array()); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    if (skipped_ > 0) return true;
    auto& top = open_.back();
    auto [member, fresh] = top.at->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
    if (!fresh && unfit_ == Unfit::refuse) return fail("the JSON names a key twice");
    if (!fresh) top.doubled = true;
    slot_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const json::exception& /*why*/) override {
    return false;
  }

 private:
  struct Open {
    json* at;
    bool doubled;  // a key stood there twice: it goes when it is whole
  };

  bool fail(const char* why) {
    why_ = why;
    return false;
  }

  // No place moves while something below it is open: only the innermost list grows.
  json* place(json value) {
    if (open_.empty()) slot_ = &root_;
    if (!open_.empty() && open_.back().at->is_array()) {
      open_.back().at->push_back(std::move(value));
      return &open_.back().at->back();
    }
    *slot_ = std::move(value);
    return slot_;
  }

  bool keep(json value) {
    if (skipped_ == 0) place(std::move(value));
    return true;
  }

  bool enter(json empty) {
    bool below = open_.size() == levels_;
    if (below && unfit_ == Unfit::refuse) return fail("the JSON is nested too deeply");
    if (below && skipped_ == 0) place(nullptr);
    if (below)
      ++skipped_;
    else
      open_.push_back({place(std::move(empty)), false});
    return true;
  }

  bool leave() {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    if (open_.back().doubled) *open_.back().at = nullptr;
    open_.pop_back();
    return true;
  }

  Unfit unfit_;
  std::size_t levels_;
  const char* why_ = "not JSON";
  json root_;
  json* slot_ = nullptr;
  std::vector<Open> open_;
  std::size_t skipped_ = 0;  // open levels below the last one that is built
};

Result<json> build(std::string_view text, Unfit unfit, std::size_t levels) {
  Builder builder(unfit, levels);
  // The library takes a NUL for the end and what follows for nothing.
  bool cut = text.find('\0') != std::string_view::npos;
  if (cut || !json::sax_parse(text, &builder)) return Error(ErrorKind::bad_input, builder.why());
  return builder.take();
}

}  // namespace

Result<json> parse_json(std::string_view text) {
  return build(text, Unfit::refuse, kDeepestJson);
}

Result<json> parse_json_parts(std::string_view text, std::size_t levels) {
  return build(text, Unfit::leave_out, levels);
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

std::optional<std::int64_t> number_at(const json& from, Path path) {
  const auto* found = member(from, path);
  if (found == nullptr || !found->is_number_integer()) return std::nullopt;
  if (found->is_number_unsigned() && !std::in_range<std::int64_t>(found->get<std::uint64_t>())) return std::nullopt;
  return found->get<std::int64_t>();
}

std::string dump(const json& tree) {
  return tree.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace broadsheet::untrusted
