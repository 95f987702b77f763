#include "adapters/slack/form.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::slack {
namespace {

constexpr std::size_t kMaxFields = 64, kUsualFields = 20;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Appends the part with its escapes undone.
bool unescape(std::string_view part, std::string& out) {
  auto plain = std::min(part.find_first_of("%+"), part.size());  // most parts have none
  out = part.substr(0, plain);
  for (std::size_t i = plain; i < part.size(); ++i) {
    if (part[i] != '%') {
      out += part[i] == '+' ? ' ' : part[i];
      continue;
    }
    int high = i + 2 < part.size() ? hex_value(part[i + 1]) : -1, low = high < 0 ? -1 : hex_value(part[i + 2]);
    if (low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

Status decode(std::string_view part, std::string& out) {
  if (!unescape(part, out)) return Error(ErrorKind::bad_input, "a broken escape in the form");
  if (!text::is_valid_utf8(out)) return Error(ErrorKind::bad_input, "the form is not UTF-8");
  if (out.find('\0') != std::string::npos) return Error(ErrorKind::bad_input, "NUL in the form");
  return {};
}

}  // namespace

Result<Form> parse_form(std::string_view body) {
  Form out;
  if (body.empty()) return out;
  out.reserve(kUsualFields);
  for (auto pair : text::split(body, '&')) {
    if (out.size() == kMaxFields) return Error(ErrorKind::bad_input, "too many fields in the form");
    auto equals = pair.find('=');
    auto& [name, value] = out.emplace_back();
    if (auto ok = decode(pair.substr(0, equals), name); !ok) return ok.error();
    if (equals == std::string_view::npos) continue;
    if (auto ok = decode(pair.substr(equals + 1), value); !ok) return ok.error();
  }
  return out;
}

std::string_view field(const Form& form, std::string_view name) {
  std::string_view found;
  bool seen = false;
  for (const auto& [key, value] : form) {
    if (key != name) continue;
    if (seen) return {};
    seen = true;
    found = value;
  }
  return found;
}

std::string encode_form(const Form& form) {
  return http::encode_query(form);
}

}  // namespace broadsheet::slack
