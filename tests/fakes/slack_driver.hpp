// Slack's side of HTTP mode: signs requests and posts them to a service on loopback, as people type, press and talk.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "bot/base/clock.hpp"

namespace broadsheet::fakes {

std::string slack_signature(const std::string& secret, const std::string& timestamp, const std::string& body);
std::string form_encode(const std::string& text);

struct SlackHeard {
  int status = 0;  // 0: the service cannot be reached
  std::string body;
  std::chrono::milliseconds took{0};
};

class SlackDriver {
 public:
  SlackDriver(std::uint16_t port, std::string secret, Clock& clock)
      : port_(port), secret_(std::move(secret)), clock_(clock) {}

  // A signed POST; with other headers instead where they are given.
  SlackHeard post(const std::string& path, const std::string& body, const std::string& type) const;
  SlackHeard raw(const std::string& method, const std::string& target, const std::string& headers,
                 const std::string& body) const;

  SlackHeard command(const nlohmann::json& fields) const;       // /slack/command
  SlackHeard interaction(const nlohmann::json& payload) const;  // /slack/interactive
  SlackHeard options(const nlohmann::json& payload) const;      // /slack/options
  SlackHeard event(const nlohmann::json& callback) const;       // /slack/events

 private:
  std::uint16_t port_;
  std::string secret_;
  Clock& clock_;
};

// The payloads, as Slack makes them.
nlohmann::json slash_command(const std::string& team, const std::string& channel, const std::string& user,
                             const std::string& text, const std::string& trigger, const std::string& response_url = {});
nlohmann::json event_callback(const std::string& team, const std::string& id, nlohmann::json event);
nlohmann::json message_event(const std::string& channel, const std::string& user, const std::string& text,
                             const std::string& ts, const std::string& thread = {});

}  // namespace broadsheet::fakes
