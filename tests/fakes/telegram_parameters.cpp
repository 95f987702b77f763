// Parameters of a call, and keyboards in them.
#include <charconv>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_methods.hpp"

namespace broadsheet::fakes {
namespace {

std::string decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    unsigned byte = 0;
    if (s[i] == '%' && i + 2 < s.size() &&
        std::from_chars(s.data() + i + 1, s.data() + i + 3, byte, 16).ptr == s.data() + i + 3) {
      out += static_cast<char>(static_cast<unsigned char>(byte));
      i += 2;
    } else {
      out += s[i] == '+' ? ' ' : s[i];
    }
  }
  return out;
}

void read_form(std::string_view form, Json& values) {
  if (form.empty()) return;
  for (auto pair : text::split(form, '&')) {
    auto equals = std::min(pair.find('='), pair.size());
    auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
    values[decoded(pair.substr(0, equals))] = decoded(value);
  }
}

Error refused(const std::string& why) {
  return {ErrorKind::bad_input, "Bad Request: " + why};
}

Status check_button(const Json& button) {
  if (!button.is_object() || button.value("text", "").empty())
    return refused("can't parse inline keyboard button: Text must be non-empty");
  if (button.contains("callback_data")) {
    auto bytes = button.value("callback_data", "").size();
    if (bytes == 0 || bytes > 64) return refused("BUTTON_DATA_INVALID");
    return {};
  }
  if (button.contains("url")) {
    auto url = checked_url(button.value("url", ""));
    if (!url)
      return refused("inline keyboard button URL '" + button.value("url", "") + "' is invalid: " + url.error().what());
    return {};
  }
  if (button.contains("copy_text") || button.contains("web_app") || button.contains("switch_inline_query")) return {};
  return refused("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
}

}  // namespace

TelegramParameters TelegramParameters::read(std::string_view query, const std::string& content_type,
                                            const std::string& body) {
  TelegramParameters out;
  read_form(query, out.values_);
  if (content_type.starts_with("application/json")) {
    auto json = Json::parse(body, nullptr, false);
    out.malformed_ = !json.is_object();
    if (!out.malformed_ && query.empty())
      out.values_ = std::move(json);
    else if (!out.malformed_)
      out.values_.update(json);
  } else if (content_type.starts_with("application/x-www-form-urlencoded")) {
    read_form(body, out.values_);
  } else {
    out.malformed_ = !body.empty();
  }
  return out;
}

std::string TelegramParameters::text(const char* name) const {
  if (!has(name)) return {};
  const auto& value = values_.at(name);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::int64_t TelegramParameters::number(const char* name, std::int64_t otherwise) const {
  auto value = text(name);
  std::int64_t out = 0;
  auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), out);
  return !value.empty() && ec == std::errc() && end == value.data() + value.size() ? out : otherwise;
}

bool TelegramParameters::flag(const char* name) const {
  auto value = text::lower_ascii(text(name));
  return value == "true" || value == "1" || value == "yes";
}

Json TelegramParameters::object(const char* name) const {
  if (!has(name)) return nullptr;
  const auto& value = values_.at(name);
  if (!value.is_string()) return value;
  auto parsed = Json::parse(value.get<std::string>(), nullptr, false);
  return parsed.is_discarded() ? Json(nullptr) : parsed;
}

Result<std::string> keyboard_from(const Json& markup) {
  if (!markup.is_object() || !markup.contains("inline_keyboard")) return std::string();
  const auto& rows = markup.at("inline_keyboard");
  if (!rows.is_array()) return refused("can't parse reply keyboard markup JSON object");
  std::size_t buttons = 0;
  for (const auto& row : rows) {
    if (!row.is_array()) return refused("can't parse inline keyboard: rows must be of type Array");
    buttons += row.size();
    if (row.size() > 8 || buttons > 100) return refused("reply markup is too long");
    for (const auto& button : row)
      if (auto fine = check_button(button); !fine) return fine.error();
  }
  return buttons == 0 ? std::string() : rows.dump();
}

std::string first_key(const std::string& keyboard) {
  if (keyboard.empty()) return {};
  for (const auto& row : Json::parse(keyboard))
    for (const auto& button : row)
      if (button.contains("callback_data")) return button.value("callback_data", "");
  return {};
}

}  // namespace broadsheet::fakes
