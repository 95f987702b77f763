#include "adapters/telegram/keyboard.hpp"

#include <algorithm>

#include "adapters/common/choices.hpp"

namespace broadsheet::telegram {
namespace {

constexpr std::size_t kLongestSubject = 64 - kKeyLength - 2;  // of callback data's 64 bytes
constexpr int kLastAction = static_cast<int>(doc::Action::open);

bool is_key(std::string_view s) {
  return s.size() == kKeyLength &&
         std::all_of(s.begin(), s.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string callback_data(std::string_view key, const doc::Button& button) {
  const auto& about = button.subject.size() <= kLongestSubject ? button.subject : std::string();
  return std::string(key) + std::to_string(static_cast<int>(button.action)) + ":" +
         (button.paper.empty() ? about : button.paper.str());
}

std::optional<Pressed> parse_callback(std::string_view data) {
  Pressed out;
  if (data.size() > kKeyLength && is_key(data.substr(0, kKeyLength))) {
    out.key = data.substr(0, kKeyLength);
    data.remove_prefix(kKeyLength);
  }
  if (data.size() < 2 || data[0] < '0' || data[0] - '0' > kLastAction || data[1] != ':') return std::nullopt;
  out.button.action = static_cast<doc::Action>(data[0] - '0');
  data.remove_prefix(2);
  if (data.empty()) return out;
  if (auto paper = PaperId::parse(data)) {
    out.button.paper = *paper;
    return out;
  }
  if (data.size() > kLongestSubject || !adapters::is_subject(data)) return std::nullopt;
  out.button.subject = data;
  return out;
}

}  // namespace broadsheet::telegram
