#include "bot/http/http.hpp"

#include <strings.h>

namespace broadsheet::http {

std::string_view header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
  return {};
}

}  // namespace broadsheet::http
