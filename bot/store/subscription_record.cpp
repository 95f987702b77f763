#include "bot/store/subscription_record.hpp"

#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"

namespace broadsheet::store {
namespace {

using model::Options;
using model::Subscription;
using Json = nlohmann::json;

Error damaged() {
  return {ErrorKind::corrupt, "A stored subscription cannot be read. Restore a backup: broadsheet restore FILE"};
}

// The text under a key; nothing if it is absent or no text.
std::optional<std::string> text_at(const Json& json, const char* key) {
  auto it = json.find(key);
  if (it == json.end() || !it->is_string()) return std::nullopt;
  return it->get<std::string>();
}

// What this program no longer understands is left out, so that an older value never keeps the service from starting.
Result<Options> options_from(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return damaged();
  Options out;
  if (auto at = text_at(json, "at"))
    if (auto when = model::When::parse(*at)) out.at = *when;
  out.time_zone = text_at(json, "time_zone");
  if (auto days = text_at(json, "days"))
    if (auto parsed = model::Days::parse({*days})) out.days = *parsed;
  if (json.contains("top") && json["top"].is_number_unsigned()) out.top = json["top"].get<std::size_t>();
  if (auto style = text_at(json, "style")) out.style = parse_style(*style);
  out.language = text_at(json, "language");
  out.filter = text_at(json, "filter");
  out.interests = text_at(json, "interests");
  if (auto empty = text_at(json, "empty")) out.empty = model::parse_empty_policy(*empty);
  if (auto thread = text_at(json, "thread")) out.thread = model::parse_thread_policy(*thread);
  if (auto unknown = text_at(json, "on_unknown")) out.on_unknown = model::parse_unknown_policy(*unknown);
  return out;
}

}  // namespace

std::string options_json(const Options& o) {
  Json out = Json::object();
  if (o.at) out["at"] = o.at->str();
  if (o.time_zone) out["time_zone"] = *o.time_zone;
  if (o.days) out["days"] = o.days->str();
  if (o.top) out["top"] = *o.top;
  if (o.style) out["style"] = std::string(to_string(*o.style));
  if (o.language) out["language"] = *o.language;
  if (o.filter) out["filter"] = *o.filter;
  if (o.interests) out["interests"] = *o.interests;
  if (o.empty) out["empty"] = std::string(to_string(*o.empty));
  if (o.thread) out["thread"] = std::string(to_string(*o.thread));
  if (o.on_unknown) out["on_unknown"] = std::string(to_string(*o.on_unknown));
  return out.dump();
}

std::string categories_text(const std::vector<Category>& categories) {
  std::vector<std::string> codes;
  for (const auto& category : categories) codes.push_back(category.str());
  return text::join(codes, " ");
}

Result<Subscription> read_subscription(const Row& s) {
  Subscription out;
  auto target = model::Target::parse(s.text(1));
  auto options = options_from(s.text(4));
  auto state = s.integer(5);
  if (!target || !options || state < 0 || state > 2) return damaged();
  out.id = model::SubscriptionId(std::string(s.text(0)));
  out.target = std::move(*target);
  out.number = s.integer(2);
  for (auto code : text::split(s.text(3), ' '))
    if (auto category = Category::parse(code)) out.categories.push_back(*category);
  out.options = std::move(*options);
  out.state = static_cast<model::SubscriptionState>(state);
  out.why = s.text(6);
  out.fixed = s.integer(7) != 0;
  out.made_by = s.text(8);
  out.created = Moment(std::chrono::milliseconds(s.integer(9)));
  return out;
}

}  // namespace broadsheet::store
