// application/x-www-form-urlencoded bodies. Untrusted; bounded before it is called by the server's body limit.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/result.hpp"

namespace broadsheet::slack {

using Form = std::vector<std::pair<std::string, std::string>>;

// `+` is a space. Refuses broken escapes, text that is not UTF-8, NUL and more than 64 fields.
Result<Form> parse_form(std::string_view body);
// The value if the field is there exactly once, else empty: of two values nobody knows which one was meant.
std::string_view field(const Form& form, std::string_view name);
// What Slack calls form encoding, for the methods that read.
std::string encode_form(const Form& form);

}  // namespace broadsheet::slack
