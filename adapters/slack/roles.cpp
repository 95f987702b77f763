#include "adapters/slack/roles.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"

namespace broadsheet::slack {
namespace {

using model::Role;
using nlohmann::json;

constexpr std::chrono::minutes kFresh{1};
constexpr std::chrono::hours kRemembered{24};
constexpr std::size_t kMost = 10000;

std::string key_of(const model::Actor& who, const model::Target& where) {
  return where.str() + " " + who.id;
}

Role role_from(const json& user) {
  for (std::string_view high : {"is_owner", "is_admin", "is_primary_owner"})
    if (true_at(user, {"user", high})) return Role::manager;
  bool outside = true_at(user, {"user", "is_restricted"}) || true_at(user, {"user", "is_ultra_restricted"}) ||
                 true_at(user, {"user", "is_stranger"}) || true_at(user, {"user", "deleted"});
  return outside ? Role::guest : Role::member;
}

}  // namespace

awaitable<Result<Role>> Roles::ask(std::string user, std::string channel, std::string token) {
  auto person = co_await api_.read("users.info", token, {{"user", user}});
  if (!person.ok() && person.code != "missing_scope") co_return person.error("users.info");
  auto about = parse_json(person.ok() ? person.body : "{}");
  auto role = about ? role_from(*about) : Role::member;
  if (role != Role::member) co_return role;
  auto place = co_await api_.read("conversations.info", token, {{"channel", channel}});
  // Slash words work where the app is no member; who made that channel is not ours to know.
  bool hidden = place.kind == AnswerClass::destination || place.code == "missing_scope";
  if (!place.ok() && !hidden) co_return place.error("conversations.info");
  auto tree = parse_json(place.ok() ? place.body : "{}");
  bool created = tree && text_at(*tree, {"channel", "creator"}) == user;
  co_return created ? Role::manager : role;
}

awaitable<Result<Role>> Roles::of(model::Actor who, model::Target where, std::string token) {
  auto key = key_of(who, where);
  auto now = clock_.now();
  if (auto found = known_.find(key); found != known_.end() && now - found->second.asked < kFresh)
    co_return found->second.role;
  auto role = co_await ask(who.id, where.place, std::move(token));
  if (!role) co_return role;
  if (known_.size() >= kMost) std::erase_if(known_, [now](const auto& one) { return now - one.second.asked > kFresh; });
  if (known_.size() < kMost) known_.insert_or_assign(key, Known{*role, now});
  co_return role;
}

Role Roles::remembered(const model::Actor& who, const model::Target& where) const {
  if (is_own_conversation(who, where)) return Role::manager;
  auto found = known_.find(key_of(who, where));
  return found != known_.end() && clock_.now() - found->second.asked < kRemembered ? found->second.role : Role::unknown;
}

}  // namespace broadsheet::slack
