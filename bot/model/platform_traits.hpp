// What is known of a platform without speaking to it. A platform registers its traits once, at the start of the
// program and before other threads run; from then on they are read from anywhere. What an adapter can do is said by
// adapters::Capabilities.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "bot/model/names.hpp"

namespace broadsheet::model {

// Where on a platform: what stands behind the colon of a target.
struct Place {
  std::string workspace;  // Slack: team id; else empty
  std::string place;      // Slack channel id, Matrix room id, Telegram chat id or @channel, preview name
  std::string topic;      // Telegram forum topic, or empty
};

struct PlatformTraits {
  PlatformName name;           // what stands before the colon of a target: "telegram"
  std::string target_form;     // for people: "telegram:CHAT[/TOPIC]"
  std::string target_example;  // a target of that form: "telegram:-1001234567890/7"
  // Nothing when the text is not the platform's form. It is foreign and at most kLongestPlace long.
  std::optional<Place> (*read_place)(std::string_view text) = nullptr;
  // How long the platform may deliver an event again (design: reliability P11).
  std::chrono::hours event_memory{24};
  // Where a person can be written to unasked; null: nowhere.
  std::optional<Place> (*place_of_person)(std::string_view id) = nullptr;
  std::string place_word = "channel";  // what people there call a place: "room"
  bool private_elsewhere = false;      // an answer for the asker alone is read in another conversation
  // How a person is named behind the colon, for people ("telegram:ID"), and whether a text has that form; null: nobody
  // acts there.
  std::string person_form;
  bool (*is_person)(std::string_view text) = nullptr;
};

inline constexpr std::size_t kLongestPlace = 275;  // bytes; a Matrix room id has at most 255

// The same name again replaces nothing: the first stays. The answer is what is registered under the name.
const PlatformTraits& register_platform(PlatformTraits traits);
// Null if nobody registered it. What is found stays where it is.
const PlatformTraits* find_platform(std::string_view name);
// In the order of registration.
const std::deque<PlatformTraits>& registered_platforms();
// "slack:TEAM/CHANNEL, matrix:!room:server or preview:NAME"
std::string target_forms();
// The same of people: "slack:TEAM/USER, matrix:@user:server or telegram:ID"
std::string person_forms();
// "telegram:1000": somebody who can give commands.
bool is_person(std::string_view text);

}  // namespace broadsheet::model
