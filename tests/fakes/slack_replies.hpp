// How the fake Slack answers. Internal to it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "fake_http.hpp"

namespace broadsheet::fakes {

Reply slack_ok(nlohmann::json body);
Reply slack_error(const std::string& code);
Reply slack_too_many(const std::string& seconds);
std::string slack_text(const nlohmann::json& from, const char* key);  // empty when it is no text

}  // namespace broadsheet::fakes
