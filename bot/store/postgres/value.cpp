#include "bot/store/postgres/value.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::store::postgres {

Value::Value(std::string_view text)
    : text_(text::is_valid_utf8(text) ? std::string(text) : text::make_valid_utf8(text)) {
  std::ranges::replace(*text_, '\0', ' ');
}

Value Value::bytes(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\\x";
  for (unsigned char c : bytes) out += {kDigits[c >> 4], kDigits[c & 15]};
  return {std::string_view(out)};
}

void Array::add(const Value& value) {
  if (!elements_.empty()) elements_ += ',';
  if (!value.text()) {
    elements_ += "NULL";
    return;
  }
  elements_ += '"';
  for (char c : *value.text()) {
    if (c == '"' || c == '\\') elements_ += '\\';
    elements_ += c;
  }
  elements_ += '"';
}

Array::operator Value() const {
  return {"{" + elements_ + "}"};
}

}  // namespace broadsheet::store::postgres
