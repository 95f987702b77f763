// Addresses behind links, as the server checks and keeps them.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes {
namespace {

Error no_url(const char* why) {
  return {ErrorKind::bad_input, why};
}

std::optional<std::int64_t> number(std::string_view s) {
  std::int64_t n = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (ec != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return n;
}

Result<std::string> checked_host(std::string_view host) {
  if (host.empty()) return no_url("URL host is empty");
  auto fine = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_'; };
  if (!std::all_of(host.begin(), host.end(), fine)) return no_url("Disallowed character in URL host");
  if (host.find('.') == std::string_view::npos || host.front() == '.' || host.back() == '.')
    return no_url("Wrong HTTP URL");
  return text::lower_ascii(host);
}

std::string path_of(std::string_view rest) {
  std::string out;
  if (rest.empty() || rest.front() != '/') out = "/";
  for (char c : rest) {
    if (static_cast<unsigned char>(c) > 0x20)
      out += c;
    else
      out += c == ' ' ? "%20" : "%0A";
  }
  return out;
}

std::string parameter(std::string_view url, std::string_view name) {
  auto query = url.find('?');
  if (query == std::string_view::npos) return {};
  for (auto pair : text::split(url.substr(query + 1), '&'))
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return std::string(pair.substr(name.size() + 1));
  return {};
}

}  // namespace

Result<std::string> checked_url(std::string_view url) {
  auto lower = text::lower_ascii(url);
  if (lower.starts_with("tg://") || lower.starts_with("ton://")) return std::string(url);
  std::string scheme = "http";
  if (auto colon = lower.find("://"); colon != std::string::npos && colon < lower.find_first_of("/?#")) {
    scheme = lower.substr(0, colon);
    if (scheme != "http" && scheme != "https") return no_url("Unsupported URL protocol");
    url.remove_prefix(colon + 3);
  }
  auto host_end = std::min(url.find_first_of("/?#"), url.size());
  auto authority = url.substr(0, host_end);
  std::string user;
  if (auto at = authority.rfind('@'); at != std::string_view::npos) {
    user = authority.substr(0, at + 1);
    authority.remove_prefix(at + 1);
  }
  std::string port;
  if (auto colon = authority.rfind(':'); colon != std::string_view::npos) {
    port = authority.substr(colon);
    auto n = number(authority.substr(colon + 1));
    if (!n || *n <= 0 || *n > 65535) return no_url("Disallowed character in URL host");
    authority = authority.substr(0, colon);
  }
  auto host = checked_host(authority);
  if (!host) return host.error();
  return scheme + "://" + user + *host + port + path_of(url.substr(host_end));
}

bool link_to(TextEntity& entity, std::string_view url) {
  auto checked = checked_url(url);
  if (!checked) return false;
  if (checked->starts_with("tg://user?"))
    if (auto id = number(parameter(*checked, "id")); id && *id > 0) {
      entity.type = "text_mention";
      entity.user_id = *id;
      return true;
    }
  entity.type = "text_link";
  entity.url = std::move(*checked);
  return true;
}

bool valid_date_format(std::string_view format) {
  if (format.empty() || format == "r") return true;
  auto skip = [&format](std::string_view any) {
    if (!format.empty() && any.find(format.front()) != std::string_view::npos) format.remove_prefix(1);
  };
  skip("w");
  skip("dD");
  skip("tT");
  return format.empty();
}

Status special_link(TextEntity& entity, std::string_view url) {
  if (url.starts_with("tg://emoji?")) {
    auto id = parameter(url, "id");
    if (number(id).value_or(0) != 0) {
      entity.type = "custom_emoji";
      entity.emoji_id = id;
      return {};
    }
  }
  if (url.starts_with("tg://time?")) {
    auto unix_time = number(parameter(url, "unix"));
    auto format = parameter(url, "format");
    if (unix_time && valid_date_format(format)) {
      entity.type = "date_time";
      entity.unix_time = *unix_time;
      entity.date_time_format = format;
      return {};
    }
  }
  return bad_markup("Invalid tg://emoji or tg://time URL specified");
}

}  // namespace broadsheet::fakes
