#include <algorithm>

#include "bot/commands/parse.hpp"
#include "digest/model/category_names.hpp"

namespace broadsheet::commands {
namespace {

std::string value_text(const std::string& value) {
  if (value.find('"') != std::string::npos) {
    std::string inner = value;
    std::erase(inner, '\'');
    return "'" + inner + "'";
  }
  return value.find(' ') == std::string::npos ? value : "\"" + value + "\"";
}

}  // namespace

std::string typed_subscription(const model::Subscription& subscription) {
  std::string out(spec_of(Command::subscribe).name);
  for (const auto& name : short_names(subscription.categories)) out += " " + name;
  auto add = [&](OptionKey key, const std::string& value) {
    out += " " + std::string(spec_of(key).name) + ":" + value_text(value);
  };
  const auto& o = subscription.options;
  if (o.at) add(OptionKey::at, o.at->str());
  if (o.time_zone) add(OptionKey::time_zone, *o.time_zone);
  if (o.days) add(OptionKey::days, o.days->str());
  if (o.top) add(OptionKey::top, std::to_string(*o.top));
  if (o.style) add(OptionKey::style, std::string(to_string(*o.style)));
  if (o.language) add(OptionKey::language, *o.language);
  if (o.filter && !o.filter->empty()) add(OptionKey::keywords, *o.filter);
  if (o.interests && !o.interests->empty()) add(OptionKey::interests, *o.interests);
  if (o.empty) add(OptionKey::empty, std::string(to_string(*o.empty)));
  if (o.thread) add(OptionKey::thread, std::string(to_string(*o.thread)));
  return out;
}

}  // namespace broadsheet::commands
