#include "slack_driver.hpp"

#include <openssl/hmac.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>

namespace broadsheet::fakes {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

}  // namespace

std::string slack_signature(const std::string& secret, const std::string& timestamp, const std::string& body) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  auto base = "v0:" + timestamp + ":" + body;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &size);
  std::string out = "v0=";
  for (auto byte : digest) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::string form_encode(const std::string& text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.')
      out += c;
    else
      out += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
  }
  return out;
}

SlackHeard SlackDriver::raw(const std::string& method, const std::string& target, const std::string& headers,
                            const std::string& body) const {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  boost::system::error_code ec;
  auto begun = std::chrono::steady_clock::now();
  socket.connect({asio::ip::address_v4::loopback(), port_}, ec);
  if (ec) return {};
  asio::write(socket,
              asio::buffer(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers +
                           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body),
              ec);
  std::string answer;
  asio::read(socket, asio::dynamic_buffer(answer), ec);
  SlackHeard out;
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  constexpr std::size_t kStatusAt = 9;
  if (answer.size() > kStatusAt + 3) out.status = std::atoi(answer.c_str() + kStatusAt);
  if (auto at = answer.find("\r\n\r\n"); at != std::string::npos) out.body = answer.substr(at + 4);
  if (out.status == 302) out.body = answer;  // the headers matter
  return out;
}

SlackHeard SlackDriver::post(const std::string& path, const std::string& body, const std::string& type) const {
  auto timestamp = std::to_string(std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count());
  auto headers = "Content-Type: " + type + "\r\nX-Slack-Request-Timestamp: " + timestamp +
                 "\r\nX-Slack-Signature: " + slack_signature(secret_, timestamp, body) + "\r\n";
  return raw("POST", path, headers, body);
}

SlackHeard SlackDriver::command(const nlohmann::json& fields) const {
  std::string body;
  for (const auto& [name, value] : fields.items())
    body += (body.empty() ? "" : "&") + name + "=" + form_encode(value.get<std::string>());
  return post("/slack/command", body, std::string(kForm));
}

SlackHeard SlackDriver::interaction(const nlohmann::json& payload) const {
  return post("/slack/interactive", "payload=" + form_encode(payload.dump()), std::string(kForm));
}

SlackHeard SlackDriver::options(const nlohmann::json& payload) const {
  return post("/slack/options", "payload=" + form_encode(payload.dump()), std::string(kForm));
}

SlackHeard SlackDriver::event(const nlohmann::json& callback) const {
  return post("/slack/events", callback.dump(), "application/json");
}

nlohmann::json slash_command(const std::string& team, const std::string& channel, const std::string& user,
                             const std::string& text, const std::string& trigger, const std::string& response_url) {
  return {{"token", "legacy"},     {"team_id", team},
          {"team_domain", "team"}, {"channel_id", channel},
          {"user_id", user},       {"user_name", "reader"},
          {"command", "/arxiv"},   {"text", text},
          {"trigger_id", trigger}, {"response_url", response_url},
          {"api_app_id", "A0APP"}, {"is_enterprise_install", "false"}};
}

nlohmann::json event_callback(const std::string& team, const std::string& id, nlohmann::json event) {
  nlohmann::json authorization = {
      {"team_id", team}, {"user_id", "U0BOT"}, {"is_bot", true}, {"is_enterprise_install", false}};
  return {{"type", "event_callback"}, {"team_id", team},
          {"api_app_id", "A0APP"},    {"event_id", id},
          {"event_time", 1793577600}, {"authorizations", nlohmann::json::array({authorization})},
          {"event", std::move(event)}};
}

nlohmann::json message_event(const std::string& channel, const std::string& user, const std::string& text,
                             const std::string& ts, const std::string& thread) {
  nlohmann::json out = {{"type", "message"}, {"channel", channel},
                        {"user", user},      {"text", text},
                        {"ts", ts},          {"channel_type", channel.starts_with('D') ? "im" : "channel"}};
  if (!thread.empty()) out["thread_ts"] = thread;
  return out;
}

}  // namespace broadsheet::fakes
