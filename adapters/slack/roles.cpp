#include "adapters/slack/roles.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"

namespace broadsheet::slack {
namespace {

using model::Role;
using nlohmann::json;

constexpr std::chrono::minutes kFresh{5};  // spec: commands 7
constexpr std::chrono::hours kRemembered{24};
constexpr std::chrono::seconds kPatience{8};  // less than a command has
constexpr std::size_t kMost = 10000;
constexpr int kMemberPages = 10;  // of a thousand: in a larger private channel nobody manages from outside

Person person_from(const json& tree) {
  Person out;
  for (std::string_view high : {"is_owner", "is_admin", "is_primary_owner"})
    out.manages = out.manages || true_at(tree, {"user", high});
  for (std::string_view low : {"is_restricted", "is_ultra_restricted", "is_stranger", "deleted"})
    out.outside = out.outside || true_at(tree, {"user", low});
  for (auto path : {Path{"user", "profile", "display_name"}, Path{"user", "real_name"}, Path{"user", "name"}})
    if (out.name.empty()) out.name = text_at(tree, path);
  return out;
}

Channel channel_from(const json& tree, std::string_view scopes) {
  Channel out;
  out.creator = text_at(tree, {"channel", "creator"});
  for (std::string_view shut : {"is_private", "is_im", "is_mpim"})
    out.closed = out.closed || true_at(tree, {"channel", shut});
  out.archived = true_at(tree, {"channel", "is_archived"});
  bool anywhere = scopes.empty() || scopes.find("chat:write.public") != std::string_view::npos;
  out.writable = true_at(tree, {"channel", "is_member"}) || (!out.closed && anywhere);
  return out;
}

}  // namespace

// Waits where Slack says so, and no longer than whoever asks can.
awaitable<Answer> Roles::ask(std::string method, std::string token, Form form) {
  auto until = clock_.steady_now() + kPatience;
  while (true) {
    auto answer = co_await api_.read(method, token, form);
    bool again = answer.kind == AnswerClass::rate_limited && answer.retry_after &&
                 clock_.steady_now() + *answer.retry_after <= until;
    if (!again) co_return answer;
    co_await async::sleep_for(clock_, *answer.retry_after);
  }
}

// One question for all who want to know the same.
template <class T>
awaitable<Result<T>> Roles::look_up(std::map<std::string, Known<T>>& known, std::string key, Ask<T> ask) {
  auto now = clock_.now();
  if (known.size() >= kMost)
    std::erase_if(known, [now](const auto& one) {
      return now - one.second.asked > kFresh && (!one.second.asking || one.second.asking.use_count() == 1);
    });
  auto asking = known[key].asking;
  if (!asking)
    known[key].asking = asking = std::make_shared<async::AsyncMutex>(co_await boost::asio::this_coro::executor);
  auto guard = co_await asking->lock();
  if (const auto& found = known[key]; found.value && clock_.now() - found.asked < kFresh) co_return *found.value;
  auto answer = co_await ask();
  if (!answer) co_return answer;
  known[key].value = *answer;
  known[key].asked = clock_.now();
  co_return answer;
}

awaitable<Result<Person>> Roles::ask_person(std::string user, std::string token) {
  auto answer = co_await ask("users.info", std::move(token), {{"user", std::move(user)}});
  if (!answer.ok() && answer.code != "missing_scope") co_return answer.error("users.info");
  auto tree = parse_json(answer.ok() ? answer.body : "{}");
  co_return tree ? person_from(*tree) : Person{};
}

awaitable<Result<Channel>> Roles::ask_channel(std::string channel, std::string token) {
  auto answer = co_await ask("conversations.info", std::move(token), {{"channel", std::move(channel)}});
  Channel out;
  // Slash words work where the app is no member; who made that channel is not ours to know.
  out.hidden = answer.kind == AnswerClass::destination;
  out.unknown = answer.code == "missing_scope";
  if (out.hidden || out.unknown) co_return out;
  if (!answer.ok()) co_return answer.error("conversations.info");
  auto tree = parse_json(answer.body);
  co_return tree ? channel_from(*tree, answer.scopes) : out;
}

awaitable<Result<Person>> Roles::person(std::string team, std::string user, std::string token) {
  Ask<Person> ask = [this, user, token] { return ask_person(user, token); };
  co_return co_await look_up<Person>(persons_, team + "/" + user, std::move(ask));
}

awaitable<Result<Channel>> Roles::channel(std::string team, std::string channel, std::string token) {
  Ask<Channel> ask = [this, channel, token] { return ask_channel(channel, token); };
  co_return co_await look_up<Channel>(channels_, team + "/" + channel, std::move(ask));
}

awaitable<Result<bool>> Roles::inside(std::string channel, std::string user, std::string token) {
  std::string cursor;
  for (int page = 0; page < kMemberPages; ++page) {
    Form form = {{"channel", channel}, {"limit", "999"}};
    if (!cursor.empty()) form.emplace_back("cursor", cursor);
    auto answer = co_await ask("conversations.members", token, std::move(form));
    if (!answer.ok() && answer.kind != AnswerClass::destination && answer.code != "missing_scope")
      co_return answer.error("conversations.members");
    auto tree = answer.ok() ? parse_json(answer.body) : Result<json>(json::object());
    const auto* members = tree ? member(*tree, {"members"}) : nullptr;
    if (members == nullptr || !members->is_array()) co_return false;
    if (std::find(members->begin(), members->end(), json(user)) != members->end()) co_return true;
    cursor = text_at(*tree, {"response_metadata", "next_cursor"});
    if (cursor.empty()) co_return false;
  }
  co_return false;
}

awaitable<Result<Role>> Roles::of(model::Actor who, model::Target where, std::string token) {
  auto about = co_await person(where.workspace, who.id, token);
  if (!about) co_return about.error();
  auto place = co_await channel(where.workspace, where.place, token);
  if (!place) co_return place.error();
  bool proven = who.role >= Role::member;  // it was typed there
  if (!proven && (place->closed || place->hidden || place->unknown)) {
    auto in = co_await inside(where.place, who.id, token);
    if (!in) co_return in.error();
    if (!*in) co_return Role::guest;
  }
  if (about->outside) co_return Role::guest;
  if (is_own_conversation(who, where)) co_return Role::manager;
  co_return about->manages || (!place->creator.empty() && place->creator == who.id) ? Role::manager : Role::member;
}

awaitable<std::string> Roles::name_of(std::string team, std::string user, std::string token) {
  auto about = co_await person(std::move(team), std::move(user), std::move(token));
  co_return about ? about->name : std::string();
}

Role Roles::reader(const model::Actor& who, const model::Target& where) const {
  if (who.role != Role::unknown) return who.role;
  if (is_own_conversation(who, where)) return Role::manager;
  auto found = persons_.find(where.workspace + "/" + who.id);
  bool remembered = found != persons_.end() && found->second.value && clock_.now() - found->second.asked < kRemembered;
  return remembered && found->second.value->outside ? Role::guest : Role::member;
}

}  // namespace broadsheet::slack
