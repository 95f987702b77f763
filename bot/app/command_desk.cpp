#include "bot/app/command_desk.hpp"

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/delivery/sink.hpp"

namespace broadsheet::app {
namespace {

using adapters::CommandEvent;
using adapters::Visibility;
using boost::asio::awaitable;

constexpr std::chrono::minutes kTooOld{25};  // an answer that late helps nobody (design: reliability P3)
constexpr int kReplyTries = 4;

std::string prefix_of(const CommandEvent& event) {
  if (event.from.target.platform == adapters::PlatformKind::telegram) return "/";
  if (event.from.direct) return {};
  return event.from.target.platform == adapters::PlatformKind::slack ? "/arxiv " : "!arxiv ";
}

}  // namespace

CommandDesk::CommandDesk(const boost::asio::any_io_executor& executor, Parts parts)
    : parts_(std::move(parts)), tasks_(executor), never_(executor) {}

void CommandDesk::take(const CommandEvent& event) {
  tasks_.spawn("command", perform(event));
}

awaitable<void> CommandDesk::run() {
  auto waiting = co_await parts_.workers.run([this] { return parts_.store.inbox().waiting(); });
  if (waiting)
    for (const auto& one : *waiting)
      if (auto event = delivery::event_from(one.payload))
        if (const auto* command = std::get_if<CommandEvent>(&*event)) take(*command);
  std::exception_ptr cancelled;
  try {
    co_await never_.wait();
    co_await async::check_cancelled();
  } catch (...) {
    cancelled = std::current_exception();
  }
  tasks_.cancel();
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await tasks_.join();
  if (cancelled) std::rethrow_exception(cancelled);
}

// Sent with a few tries where it surely did not arrive; never repeated where nobody knows: a lost answer can be asked
// for again, a doubled one annoys.
awaitable<std::string> CommandDesk::say(adapters::Platform& platform, const CommandEvent& event,
                                        const std::vector<adapters::Part>& parts, Visibility visibility,
                                        std::string key) {
  auto render = [&platform, parts] { return platform.render(parts, {}); };
  auto messages = co_await parts_.workers.run(std::move(render));
  std::string first;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    adapters::ReplyRequest request;
    request.to = event.from;
    request.message = messages[i];
    request.visibility = visibility;
    request.key = short_sha256(key + std::to_string(i));
    for (int attempt = 1; attempt <= kReplyTries; ++attempt) {
      auto outcome = co_await platform.reply(request);
      if (const auto* sent = std::get_if<adapters::Sent>(&outcome)) {
        if (first.empty()) first = sent->remote_id;
        break;
      }
      if (const auto* refused = std::get_if<adapters::Refused>(&outcome)) {
        log::warning("reply.refused", {{"target", event.from.target.str()}, {"why", refused->why}});
        if (refused->refusal != adapters::RefusalClass::private_undeliverable) co_return first;
        // A short public hint without content (spec: commands 6, private_undeliverable).
        adapters::Part hint{adapters::PartKind::reply,
                            {{doc::Paragraph{{doc::Text{"I cannot write to you yet. Open a chat with me and start it, "
                                                        "then ask again."}}}}},
                            {}};
        auto hints = platform.render({hint}, {});
        request.visibility = Visibility::channel;
        request.message = hints.front();
        co_await platform.reply(request);
        co_return first;
      }
      const auto* not_sent = std::get_if<adapters::NotSent>(&outcome);
      if (not_sent == nullptr) {
        log::warning("reply.unknown", {{"target", event.from.target.str()}});
        break;
      }
      if (attempt == kReplyTries) break;
      co_await async::sleep_for(parts_.clock, not_sent->retry_after.value_or(std::chrono::seconds(1 << attempt)));
    }
  }
  co_return first;
}

awaitable<void> CommandDesk::answer(adapters::Platform& platform, const CommandEvent& event) {
  co_await platform.acknowledge(event.from);
  commands::Context context;
  context.prefix = prefix_of(event);
  context.zone = parts_.zone;
  auto role = co_await parts_.services.role_of(event.from.who, event.from.target);
  if (role) context.role = *role;
  auto said = co_await parts_.router.run(event, context);
  if (!said.parts.empty()) co_await say(platform, event, said.parts, said.visibility, event.id);
  if (said.public_line && !event.from.direct)
    co_await say(platform, event, {*said.public_line}, Visibility::channel, event.id + "/line");
}

awaitable<void> CommandDesk::perform(CommandEvent event) {
  auto* platform = parts_.platform(event.from.target.platform);
  bool fresh = parts_.clock.now() - event.from.received < kTooOld || event.from.received == Moment{};
  if (platform != nullptr && fresh) co_await answer(*platform, event);
  auto finish = [this, name = std::string(to_string(event.from.target.platform)), id = event.id] {
    return parts_.store.inbox().done(name, id);
  };
  if (auto done = co_await parts_.workers.run(std::move(finish)); !done)
    log::error("event.not_marked", {{"why", done.error().what()}});
}

}  // namespace broadsheet::app
