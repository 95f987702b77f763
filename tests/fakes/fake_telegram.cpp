#include "tests/fakes/fake_telegram.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_admin.hpp"
#include "tests/fakes/telegram_faults.hpp"
#include "tests/fakes/telegram_limits.hpp"
#include "tests/fakes/telegram_methods.hpp"
#include "tests/fakes/telegram_pusher.hpp"

namespace broadsheet::fakes {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLargestRequest = 1U << 20U;  // contracts: Telegram 1
constexpr std::size_t kShownText = 200;

Reply reply_of(TelegramAnswer answer) {
  Reply reply;
  reply.status = answer.code;
  reply.headers = {{"Content-Type", "application/json"}};
  Json body = {{"ok", answer.ok()}};
  if (answer.ok()) {
    body["result"] = std::move(answer.result);
  } else {
    body["error_code"] = answer.code;
    body["description"] = answer.description;
    if (!answer.parameters.is_null()) body["parameters"] = answer.parameters;
    if (answer.code == 429) reply.headers.emplace_back("Retry-After", answer.parameters.at("retry_after").dump());
  }
  reply.body = body.dump();
  return reply;
}

TelegramAnswer too_many(int seconds) {
  TelegramFault fault;
  fault.name = "429";
  fault.retry_after = seconds;
  return *TelegramFaults::row(fault);
}

// The good reply, broken.
Reply broken(const std::string& how, Reply good) {
  if (how.ends_with("_after") && std::isdigit(static_cast<unsigned char>(how[0])) != 0) {
    TelegramFault fault;
    fault.name = how.substr(0, 3) + "_before";
    return reply_of(*TelegramFaults::row(fault));
  }
  if (how.starts_with("silence")) good.fault = Fault::silence;
  if (how.starts_with("reset")) good.fault = Fault::reset_before_answer;
  if (how == "cut_body") good.fault = Fault::cut_in_body;
  if (how == "trickle") good.fault = Fault::trickle;
  if (how == "wrong_json") good.body.resize(good.body.size() / 2);
  if (how == "trailing_junk") good.body += "<!-- cached -->";
  if (how == "empty") good.body.clear();
  if (how == "html") {
    good.headers = {{"Content-Type", "text/html"}};
    good.body = "<html><body><h1>Sign in to the network</h1></body></html>";
  }
  if (how == "no_result") good.body = R"({"ok":true})";
  if (how == "wrong_chat") {
    auto body = Json::parse(good.body, nullptr, false);
    if (body.contains("result") && body["result"].is_object())
      body["result"]["chat"] = {{"id", 1}, {"type", "private"}};
    good.body = body.dump();
  }
  return good;
}

struct Path {
  std::string token, method, query;
};
// "/bot<token>/<method>", "/bot<token>/test/<method>"
std::optional<Path> path_of(const std::string& target) {
  auto question = std::min(target.find('?'), target.size());
  auto path = target.substr(0, question);
  auto last = path.rfind('/');
  if (!path.starts_with("/bot") || last < 4) return std::nullopt;
  Path out;
  out.token = path.substr(4, last - 4);
  if (out.token.ends_with("/test")) out.token.resize(out.token.size() - 5);
  out.method = text::lower_ascii(path.substr(last + 1));
  out.query = question < target.size() ? target.substr(question + 1) : std::string();
  return out;
}

}  // namespace

class FakeTelegram::Impl {
 public:
  Impl(Clock& clock, Options options)
      : options(std::move(options)),
        world(clock, this->options.username, this->options.privacy, this->options.keep_messages_per_chat),
        methods(world),
        limits(clock, this->options.limits_scale),
        clock_(clock) {}

  void start(FakeTelegram& self) {
    http.emplace(
        [this, &self](const Seen& seen) {
          auto question = std::min(seen.target.find('?'), seen.target.size());
          if (seen.target.starts_with("/_fake/"))
            return administer(self, seen.target.substr(7, question - 7),
                              std::string_view(seen.target).substr(std::min(question + 1, seen.target.size())), seen);
          return answer(seen);
        },
        options.port);
    http->keep(0);
    pusher.emplace([this] { return next_push(); },
                   [this](const TelegramPusher::Push& push, const TelegramPusher::Outcome& how) { pushed(push, how); });
  }

  Options options;
  mutable std::mutex mutex;
  TelegramWorld world;
  TelegramMethods methods;
  TelegramLimits limits;
  TelegramFaults faults;
  std::deque<TelegramCall> calls;
  std::deque<std::string> violations;
  std::optional<FakeHttp> http;  // these two use everything above from their threads
  std::optional<TelegramPusher> pusher;

  Reply answer(const Seen& seen) {
    auto path = path_of(seen.target);
    if (!path) return reply_of(refuse(404, "Not Found"));
    if (seen.body.size() + path->query.size() > kLargestRequest)
      return reply_of(refuse(413, "Request Entity Too Large"));
    if (path->token.find(':') == std::string::npos) return reply_of(refuse(404, "Not Found"));
    if (path->token != options.token) return reply_of(refuse(401, "Unauthorized"));
    auto type = seen.headers.find("content-type");
    auto parameters =
        TelegramParameters::read(path->query, type == seen.headers.end() ? std::string() : type->second, seen.body);
    std::lock_guard lock(mutex);
    if (parameters.malformed()) return reply_of(refuse(400, "Bad Request: can't parse the request body"));
    if (path->method != "getupdates" && !methods.knows(path->method))
      return reply_of(refuse(404, "Not Found: method not found"));
    return judged(path->method, parameters);
  }

 private:
  Reply judged(const std::string& method, const TelegramParameters& p) {
    auto* place = methods.target(p);
    auto chat = place == nullptr ? p.number("chat_id") : place->chat.id;
    if (place != nullptr && TelegramMethods::is_paced(method)) {
      auto verdict = limits.take(place->chat);
      if (!verdict.violation.empty()) complain(method + ": " + verdict.violation);
      if (verdict.retry_after > 0) return reply_of(noted(method, chat, p, too_many(verdict.retry_after)));
    }
    auto fault = faults.take(method, chat);
    if (!fault) return carried_out(method, chat, p);
    if (auto row = TelegramFaults::row(*fault)) {
      if (fault->name == "429") limits.hold(chat, fault->retry_after);
      note(method, chat, p, "fault " + fault->name);
      return reply_of(*row);
    }
    Reply reply;
    if (!fault->name.ends_with("_before")) reply = carried_out(method, chat, p);
    note(method, chat, p, "fault " + fault->name);
    return broken(fault->name, std::move(reply));
  }

  Reply carried_out(const std::string& method, std::int64_t chat, const TelegramParameters& p) {
    if (method == "getupdates") return poll(p);
    if (method == "setwebhook") ++poller_;
    auto answered = noted(method, chat, p, methods.call(method, p));
    for (auto& violation : methods.take_violations()) complain(method + ": " + violation);
    return reply_of(std::move(answered));
  }

  // contracts: Telegram 2.2
  Reply poll(const TelegramParameters& p) {
    if (!methods.hook().url.empty())
      return reply_of(refuse(409,
                             "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                             "delete the webhook first"));
    auto own = ++poller_;
    if (p.has("offset")) world.confirm(p.number("offset"));
    world.allow(p.object("allowed_updates"));
    auto limit = p.number("limit", 100);
    TelegramAnswer now;
    now.result = methods.updates(limit);
    auto reply = reply_of(now);
    auto timeout = std::chrono::seconds(std::clamp<std::int64_t>(p.number("timeout"), 0, 50));
    if (!now.result.empty() || timeout.count() == 0) return reply;
    reply.delay = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.real(timeout));
    reply.poll = [this, own, limit] { return polled(own, limit); };
    return reply;
  }

  std::optional<Reply> polled(std::uint64_t own, std::int64_t limit) {
    std::lock_guard lock(mutex);
    if (own != poller_)
      return reply_of(refuse(409, methods.hook().url.empty()
                                      ? "Conflict: terminated by other getUpdates request; make sure that only one bot "
                                        "instance is running"
                                      : "Conflict: terminated by setWebhook request"));
    TelegramAnswer now;
    now.result = methods.updates(limit);
    if (now.result.empty()) return std::nullopt;
    return reply_of(now);
  }

  // The first update of a queue that has none on its way (contracts: Telegram 2.3).
  std::optional<TelegramPusher::Push> next_push() {
    std::lock_guard lock(mutex);
    const auto& hook = methods.hook();
    if (hook.url.empty() || static_cast<int>(on_their_way_.size()) >= hook.max_connections) return std::nullopt;
    std::set<std::string> passed;
    for (const auto& update : world.pending()) {
      if (!passed.insert(update.queue).second || on_their_way_.contains(update.queue)) continue;
      auto tried = tries_.find(update.id);
      if (tried != tries_.end() && tried->second.not_before > clock_.steady_now()) continue;
      on_their_way_.insert(update.queue);
      return TelegramPusher::Push{update.id, update.queue, hook.url, hook.secret, update.payload.dump()};
    }
    return std::nullopt;
  }

  void pushed(const TelegramPusher::Push& push, const TelegramPusher::Outcome& how) {
    std::lock_guard lock(mutex);
    on_their_way_.erase(push.queue);
    if (how.status >= 200 && how.status < 300) {
      tries_.erase(push.update);
      std::erase_if(world.pending(), [&push](const QueuedUpdate& u) { return u.id == push.update; });
      return run_answer(how.body);
    }
    auto& hook = methods.hook();
    hook.last_error_date = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
    hook.last_error = how.status == 0 ? how.error : "Wrong response from the webhook: " + std::to_string(how.status);
    auto& tried = tries_[push.update];
    auto pause = tried.failures == 0 ? 0s : std::chrono::seconds(std::min(60, 1 << std::min(tried.failures, 6)));
    if (how.retry_after > 0) pause = std::chrono::seconds(std::min(how.retry_after, 3600));
    ++tried.failures;
    tried.not_before = clock_.steady_now() + pause;
  }

  // A method in the answer to the webhook; its result is told to nobody.
  void run_answer(const std::string& body) {
    auto json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("method") || !json["method"].is_string()) return;
    auto method = text::lower_ascii(json["method"].get<std::string>());
    if (method.starts_with("get") || method.ends_with("webhook") || !methods.knows(method)) return;
    TelegramParameters p(json);
    auto* place = methods.target(p);
    noted(method, place == nullptr ? 0 : place->chat.id, p, methods.call(method, p));
  }

  TelegramAnswer noted(const std::string& method, std::int64_t chat, const TelegramParameters& p,
                       TelegramAnswer answer) {
    std::string outcome = "ok";
    if (!answer.ok())
      outcome = std::to_string(answer.code) + " " + answer.description;
    else if (answer.result.is_object() && answer.result.contains("message_id"))
      outcome += " " + answer.result.at("message_id").dump();
    note(method, chat, p, std::move(outcome));
    return answer;
  }
  void note(const std::string& method, std::int64_t chat, const TelegramParameters& p, std::string outcome) {
    TelegramCall call;
    call.at = clock_.steady_now();
    call.method = method;
    call.chat = chat;
    auto markup = p.object("reply_markup");
    auto keyboard = keyboard_from(markup);
    if (keyboard) call.key = first_key(*keyboard);
    call.outcome = std::move(outcome);
    call.text = text::make_valid_utf8(p.text("text").substr(0, kShownText));
    calls.push_back(std::move(call));
    if (calls.size() > options.keep_calls) calls.pop_front();
  }
  void complain(std::string what) {
    violations.push_back(std::move(what));
    if (violations.size() > 1000) violations.pop_front();
  }

  struct Tries {
    int failures = 0;
    SteadyMoment not_before{};
  };
  Clock& clock_;
  std::uint64_t poller_ = 0;
  std::set<std::string> on_their_way_;  // queues
  std::map<int, Tries> tries_;
};

FakeTelegram::FakeTelegram(Clock& clock, Options options) : impl_(std::make_unique<Impl>(clock, std::move(options))) {
  impl_->start(*this);
}
FakeTelegram::~FakeTelegram() {
  impl_->pusher.reset();
  impl_->http.reset();
}

Reply FakeTelegram::answer(const Seen& seen) {
  return impl_->answer(seen);
}
std::string FakeTelegram::base() const {
  return impl_->http->base();
}
const std::string& FakeTelegram::token() const {
  return impl_->options.token;
}
std::uint64_t FakeTelegram::requests() const {
  return impl_->http->count();
}
void FakeTelegram::down(bool yes) {
  impl_->http->refuse(yes);
}

void FakeTelegram::add_chat(TelegramChat chat) {
  std::lock_guard lock(impl_->mutex);
  impl_->world.add(std::move(chat));
}
TelegramChat FakeTelegram::chat(std::int64_t id) const {
  std::lock_guard lock(impl_->mutex);
  auto* place = impl_->world.place(id);
  return place == nullptr ? TelegramChat{} : place->chat;
}
void FakeTelegram::set_member(std::int64_t chat, std::int64_t user, Standing standing) {
  std::lock_guard lock(impl_->mutex);
  if (auto* place = impl_->world.place(chat)) place->chat.members[user] = standing;
}
int FakeTelegram::say(std::int64_t chat, std::int64_t user, std::string text, int topic, int reply_to) {
  std::lock_guard lock(impl_->mutex);
  return impl_->world.say(chat, user, text, topic, reply_to);
}
void FakeTelegram::edit(std::int64_t chat, int message, std::string text) {
  std::lock_guard lock(impl_->mutex);
  impl_->world.edit(chat, message, text);
}
std::string FakeTelegram::press(std::int64_t chat, int message, std::int64_t user, const std::string& data) {
  std::lock_guard lock(impl_->mutex);
  return impl_->world.press(chat, message, user, data);
}
void FakeTelegram::stand(std::int64_t chat, std::int64_t user, Standing standing) {
  std::lock_guard lock(impl_->mutex);
  impl_->world.stand(chat, user, standing);
}
void FakeTelegram::migrate(std::int64_t group, std::int64_t to) {
  std::lock_guard lock(impl_->mutex);
  impl_->world.migrate(group, to);
}
void FakeTelegram::topic(std::int64_t chat, int topic, TopicState state) {
  std::lock_guard lock(impl_->mutex);
  if (auto* place = impl_->world.place(chat)) place->chat.topics[topic] = state;
}
void FakeTelegram::push_update(const std::string& kind, const std::string& json) {
  std::lock_guard lock(impl_->mutex);
  impl_->world.push(kind, "other", Json::parse(json));
}

void FakeTelegram::fault(TelegramFault fault) {
  if (!TelegramFaults::exists(fault.name)) throw std::invalid_argument("there is no fault " + fault.name);
  std::lock_guard lock(impl_->mutex);
  impl_->faults.add(std::move(fault));
}
void FakeTelegram::heal() {
  std::lock_guard lock(impl_->mutex);
  impl_->faults.clear();
}

std::vector<TelegramCall> FakeTelegram::timeline() const {
  std::lock_guard lock(impl_->mutex);
  return {impl_->calls.begin(), impl_->calls.end()};
}
std::vector<TelegramMessage> FakeTelegram::visible(std::int64_t chat) const {
  std::lock_guard lock(impl_->mutex);
  std::vector<TelegramMessage> out;
  auto* place = impl_->world.place(chat);
  if (place == nullptr) return out;
  for (const auto& [id, message] : place->messages)
    if (message.from_bot) out.push_back(message);
  return out;
}
std::vector<std::string> FakeTelegram::violations() const {
  std::lock_guard lock(impl_->mutex);
  return {impl_->violations.begin(), impl_->violations.end()};
}
std::vector<AutoLink> FakeTelegram::auto_links() const {
  std::lock_guard lock(impl_->mutex);
  return {impl_->methods.auto_links().begin(), impl_->methods.auto_links().end()};
}
std::optional<std::string> FakeTelegram::callback_answer(const std::string& id) const {
  std::lock_guard lock(impl_->mutex);
  auto at = impl_->world.callbacks().find(id);
  return at == impl_->world.callbacks().end() ? std::nullopt : at->second.answer;
}
std::vector<std::string> FakeTelegram::commands(const std::string& scope, const std::string& language) const {
  std::lock_guard lock(impl_->mutex);
  std::vector<std::string> out;
  auto at = impl_->methods.commands().find(scope + "/" + language);
  if (at == impl_->methods.commands().end()) return out;
  for (const auto& command : at->second) out.push_back(command.value("command", ""));
  return out;
}
std::size_t FakeTelegram::pending_updates() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->world.pending().size();
}

}  // namespace broadsheet::fakes
