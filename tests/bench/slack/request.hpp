// Signed slash commands as Slack sends them: a form of 600 bytes asking for one paper.
#pragma once

#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace broadsheet::bench {

inline const std::string kSecret = "bench signing secret";
constexpr std::size_t kBodyBytes = 600;

// "2601.00042"
inline std::string paper_id(int number) {
  auto digits = std::to_string(number);
  return "2601." + std::string(5 - digits.size(), '0') + digits;
}

// The plain way, as a bot without a budget would do it.
inline std::string mac(const std::string& base) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()),
       reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &size);
  std::string out;
  for (auto byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 0xFU];
  }
  return out;
}

inline std::string slash_command(const std::string& text) {
  auto body =
      "token=legacy&team_id=T0TEAM&team_domain=team&channel_id=C0PAPERS&channel_name=papers&user_id=U0READER&user_name="
      "reader&command=%2Farxiv&text=" +
      text +
      "&api_app_id=A0APP&is_enterprise_install=false&trigger_id=1.2.3&"
      "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0TEAM%2F1%2F";
  body += std::string(kBodyBytes - body.size(), 'a');
  auto now = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
  return "POST /slack/command HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "X-Slack-Request-Timestamp: " +
         now + "\r\nX-Slack-Signature: v0=" + mac("v0:" + now + ":" + body) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::vector<std::string> paper_commands(int papers) {
  std::vector<std::string> out;
  for (int n = 1; n <= papers; ++n) out.push_back(slash_command("paper+" + paper_id(n)));
  return out;
}

}  // namespace broadsheet::bench
