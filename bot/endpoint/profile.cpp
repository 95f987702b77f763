#include "bot/endpoint/profile.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "bot/base/json.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::endpoint {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kModes = {"schema", "object", "plain"};

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool about_format(std::string_view about) {
  return has_any(about, {"response_format", "json_schema", "json_object", "schema", "grammar", "repetitions",
                         "structured output", "literal_error", "input should be", "peg-native"});
}

Json response_format(const model_writer::Question& question, JsonMode mode) {
  if (mode == JsonMode::object) return {{"type", "json_object"}};
  Json schema{{"name", question.task}, {"strict", true}, {"schema", Json::parse(question.schema)}};
  return {{"type", "json_schema"}, {"json_schema", std::move(schema)}};
}

}  // namespace

std::string_view to_string(JsonMode mode) {
  static constexpr std::array<std::string_view, 3> kWords = {"a JSON schema", "JSON mode", "words alone"};
  return kWords.at(static_cast<std::size_t>(mode));
}

Profile first_profile(std::string_view base_url) {
  Profile out;
  if (auto url = http::parse_url(base_url))
    out.completion_limit = url->host == "api.openai.com" || url->host.ends_with(".azure.com");
  return out;
}

bool names_the_limit(std::string_view about) {
  return has_any(about, {"max_tokens", "max_completion_tokens"}) && !about_format(about);
}

bool names_the_form(std::string_view about) {
  return names_the_limit(about) || about_format(about);
}

bool step_down(Profile& profile, std::string_view about) {
  if (names_the_limit(about)) {
    profile.completion_limit = !profile.completion_limit;
    return true;
  }
  if (profile.mode == JsonMode::plain) return false;
  profile.mode = profile.mode == JsonMode::schema ? JsonMode::object : JsonMode::plain;
  return true;
}

std::string request_body(const model_writer::Question& question, const Profile& profile, const std::string& model,
                         std::int64_t output_tokens) {
  Json body{{"model", model}};
  body["messages"] = {{{"role", "system"}, {"content", question.system}},
                      {{"role", "user"}, {"content", question.user}}};
  body[profile.completion_limit ? "max_completion_tokens" : "max_tokens"] = output_tokens;
  body["stream"] = false;
  if (profile.mode != JsonMode::plain) body["response_format"] = response_format(question, profile.mode);
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_text(const Memory& memory) {
  return Json{{"mode", kModes.at(static_cast<std::size_t>(memory.profile.mode))},
              {"completion_limit", memory.profile.completion_limit},
              {"learned", to_iso(memory.learned)},
              {"held_until", to_iso(memory.held_until)}}
      .dump();
}

std::optional<Memory> memory_from(std::string_view text) {
  auto json = untrusted::parse_json(text);
  if (!json) return std::nullopt;
  const auto* mode = std::find(kModes.begin(), kModes.end(), untrusted::text_at(*json, {"mode"}));
  auto learned = parse_iso(untrusted::text_at(*json, {"learned"}));
  auto held = parse_iso(untrusted::text_at(*json, {"held_until"}));
  if (mode == kModes.end() || !learned || !held) return std::nullopt;
  Memory out;
  out.profile.mode = static_cast<JsonMode>(mode - kModes.begin());
  out.profile.completion_limit = untrusted::true_at(*json, {"completion_limit"});
  out.learned = *learned;
  out.held_until = *held;
  return out;
}

}  // namespace broadsheet::endpoint
