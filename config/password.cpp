#include "config/password.hpp"

#include <algorithm>

namespace broadsheet::config {
namespace {

constexpr std::string_view kHidden = "***";

// "ann:PASSWORD@host": up to the last @, for one that was not escaped may stand in the password.
std::string hide_in_authority(std::string_view authority) {
  auto at = authority.rfind('@');
  auto colon = authority.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon >= at) return std::string(authority);
  return std::string(authority.substr(0, colon + 1)).append(kHidden).append(authority.substr(at));
}

std::string hide_in_parameter(std::string_view parameter) {
  auto equals = parameter.find('=');
  bool secret = equals != std::string_view::npos && parameter.substr(0, equals).ends_with("password");
  return secret ? std::string(parameter.substr(0, equals + 1)).append(kHidden) : std::string(parameter);
}

std::string hide_in_query(std::string_view query) {
  std::string out;
  while (true) {
    auto end = query.find('&');
    out += hide_in_parameter(query.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '&';
    query.remove_prefix(end + 1);
  }
}

}  // namespace

std::string without_passwords(std::string_view address) {
  auto scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string(address);
  auto begin = scheme + 3, query = address.find('?', begin);
  auto last_at = address.substr(0, query).rfind('@');
  auto slash = address.find('/', last_at == std::string_view::npos ? begin : last_at);
  auto end = std::min(slash, query);
  auto out = std::string(address.substr(0, begin)) + hide_in_authority(address.substr(begin, end - begin));
  if (end == std::string_view::npos) return out;
  if (query == std::string_view::npos) return out.append(address.substr(end));
  return out.append(address.substr(end, query + 1 - end)) + hide_in_query(address.substr(query + 1));
}

}  // namespace broadsheet::config
