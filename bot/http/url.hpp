// URLs by Boost.URL, and which hosts and addresses may be talked to (design: reliability 5, SSRF).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/result.hpp"

namespace broadsheet::http {

// An absolute http or https URL, taken apart.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string target;  // path and query as sent, at least "/"

  bool tls() const { return scheme == "https"; }
  // "https://host" (":port" when not the default): all that errors and logs may show of it.
  std::string origin() const;
  // Value of the Host header.
  std::string authority() const;
};

// Refuses other schemes, user names in the URL, fragments, control characters and port 0.
Result<Url> parse_url(std::string_view text);

// Percent-encodes everything but unreserved characters.
std::string percent_encode(std::string_view text);
// "a=1&b=x%20y", each part encoded.
std::string encode_query(const std::vector<std::pair<std::string, std::string>>& parameters);
// False on a broken escape.
bool percent_decode(std::string_view text, std::string& out);

// A request target in origin form ("/path?query") or absolute form ("http://host/path?query"; the host is not looked
// at): segments and parameters decoded; UTF-8 may stand unescaped. An Error, a sentence, for anything else, for broken
// escapes, NUL and text that is not UTF-8.
struct Target {
  std::string path;                   // decoded; for display and exact matches
  std::vector<std::string> segments;  // decoded one by one, so that %2F stays inside its segment
  std::vector<std::pair<std::string, std::string>> query;
};
Result<Target> parse_target(std::string_view text);

// "localhost", "*.localhost", 127.0.0.0/8 or ::1 as text.
bool is_loopback(std::string_view host);
// True for addresses (text form) that are not globally reachable: private, loopback, link-local, CGNAT, ULA, multicast,
// documentation, v4-mapped and translated forms of these, and for everything that is no address.
bool is_private_address(std::string_view address);

}  // namespace broadsheet::http
