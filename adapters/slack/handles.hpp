// ReplyTo::handle of commands that nobody typed: where their answers go instead of a message. Response_urls stand in
// the same member and begin with "http".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace broadsheet::slack {

// A part of somebody's App Home.
struct HomeSection {
  std::string user, section;
};
std::string home_handle(std::string_view user, std::string_view section);
std::optional<HomeSection> read_home_handle(std::string_view handle);

// A link in a message, or in one that is being written (`channel` empty, `ts` the unfurl id).
struct Unfurl {
  std::string channel, ts;
  std::string url;    // byte for byte as Slack gave it
  std::string paper;  // "2401.12345"
};
std::string unfurl_handle(const Unfurl& unfurl);
std::optional<Unfurl> read_unfurl_handle(std::string_view handle);

}  // namespace broadsheet::slack
