// What one endpoint takes: how it is asked for JSON, and what it calls the output limit. Learned from its refusals and
// remembered, never guessed from the model's name (contracts: Models 2, 3, 10). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/time.hpp"
#include "digest/model_writer/chat_model.hpp"

namespace broadsheet::endpoint {

enum class JsonMode : std::uint8_t { schema, object, plain };

struct Profile {
  JsonMode mode = JsonMode::schema;
  bool completion_limit = false;  // max_completion_tokens instead of max_tokens
  bool operator==(const Profile&) const = default;
};

// In words: "a JSON schema", "JSON", "words alone".
std::string_view to_string(JsonMode mode);

// Before anything is known.
Profile first_profile(std::string_view base_url);
// Takes what the endpoint refused out of the profile. `about`: its message, lower case. False: nothing is left to try.
bool step_down(Profile& profile, std::string_view about);
// True if a refusal with this message, lower case, may be about the way of asking; about the output limit's name.
bool names_the_form(std::string_view about);
bool names_the_limit(std::string_view about);

// The body of the request.
std::string request_body(const model_writer::Question& question, const Profile& profile, const std::string& model,
                         std::int64_t output_tokens);

// What is remembered of an endpoint over restarts.
struct Memory {
  Profile profile;
  Moment learned{};     // older than a week: forgotten
  Moment held_until{};  // told to wait until then
};
std::string to_text(const Memory& memory);
std::optional<Memory> memory_from(std::string_view text);

}  // namespace broadsheet::endpoint
