#include "adapters/slack/form.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/net/url.hpp"

namespace broadsheet::slack {
namespace {

constexpr std::size_t kMaxFields = 64;

Status decode(std::string_view part, std::string& out) {
  std::string spaced(part);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  if (!http::percent_decode(spaced, out)) return Error(ErrorKind::bad_input, "a broken escape in the form");
  if (!text::is_valid_utf8(out)) return Error(ErrorKind::bad_input, "the form is not UTF-8");
  if (out.find('\0') != std::string::npos) return Error(ErrorKind::bad_input, "NUL in the form");
  return {};
}

}  // namespace

Result<Form> parse_form(std::string_view body) {
  Form out;
  if (body.empty()) return out;
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
