#include "bot/app/command_desk.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <utility>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/commands/waiting.hpp"
#include "bot/delivery/sink.hpp"
#include "digest/doc/builder.hpp"

namespace broadsheet::app {
namespace {

using boost::asio::awaitable;
using model::CommandEvent;
using model::Visibility;

constexpr std::chrono::minutes kTooOld{25};  // an answer that late helps nobody (design: reliability P3)
// Platforms wait three seconds for an acknowledgement (contracts: Slack 3); the long way wants its share of them.
constexpr std::chrono::seconds kAtOnce{1};
constexpr std::size_t kLongestQuestion = 200;
constexpr std::chrono::minutes kAnswerTime{5};  // then an answer is given up
constexpr std::chrono::seconds kSlow{2};        // then a progress message shows (spec: commands 1.3)
constexpr std::chrono::seconds kShown{4};       // a chat action lasts five seconds

// Before the attempt of that number is repeated: two seconds doubling to half a minute.
std::chrono::milliseconds pause_after(int attempt) {
  return std::min(std::chrono::seconds(1LL << std::min(attempt, 5)), std::chrono::seconds(30));
}

}  // namespace

CommandDesk::CommandDesk(const boost::asio::any_io_executor& executor, Parts parts)
    : parts_(std::move(parts)), tasks_(executor), never_(executor) {}

void CommandDesk::take(const CommandEvent& event) {
  tasks_.spawn("command", perform({event}));
}

awaitable<void> CommandDesk::run() {
  auto waiting = co_await parts_.workers.run([this] { return parts_.store.inbox().waiting(); });
  if (waiting)
    for (const auto& one : *waiting)
      if (auto event = delivery::event_from(one.payload))
        if (const auto* command = std::get_if<CommandEvent>(&*event))
          tasks_.spawn("command", perform({*command, delivery::begun_in(one.payload)}));
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

// Sent again for some minutes where it surely did not arrive; never repeated where nobody knows: a lost answer can be
// asked for again, a doubled one annoys.
awaitable<adapters::SendOutcome> CommandDesk::deliver(adapters::Platform& platform, adapters::ReplyRequest request,
                                                      const Task* task) {
  auto until = parts_.clock.steady_now() + kAnswerTime;
  for (int attempt = 1;; ++attempt) {
    if (task != nullptr) co_await note_begun(*task, task->begun);
    auto outcome = co_await platform.reply(request);
    const auto* not_sent = std::get_if<adapters::NotSent>(&outcome);
    if (not_sent == nullptr) {
      if (std::holds_alternative<adapters::Unknown>(outcome))
        log::warning("reply.unknown", {{"target", request.to.target.str()}});
      co_return outcome;
    }
    if (task != nullptr) co_await note_begun(*task, task->begun - 1);
    auto pause = not_sent->retry_after.value_or(pause_after(attempt));
    if (parts_.clock.steady_now() + pause >= until) {
      log::warning("reply.given_up", {{"target", request.to.target.str()}, {"why", not_sent->error.what()}});
      co_return outcome;
    }
    co_await async::sleep_for(parts_.clock, pause);
  }
}

awaitable<void> CommandDesk::note_begun(const Task& task, std::size_t messages) {
  auto note = [this, name = task.event.from.target.platform.str(), id = task.event.id,
               text = delivery::to_text(task.event, messages)] { return parts_.store.inbox().keep(name, id, text); };
  if (auto noted = co_await parts_.workers.run(std::move(note)); !noted)
    log::error("event.not_marked", {{"why", noted.error().what()}});
}

awaitable<model::RemoteId> CommandDesk::say(adapters::Platform& platform, Task& task, Saying saying) {
  const auto& event = task.event;
  auto render = [&platform, parts = std::move(saying.parts), digest = std::move(saying.digest),
                 announced = saying.announced] {
    adapters::RenderOptions options;
    options.digest = digest;
    options.announced = announced;
    return platform.render(parts, options);
  };
  auto messages = co_await parts_.workers.run(std::move(render));
  model::RemoteId first;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (saying.answer && task.begun++ < task.earlier) continue;
    adapters::ReplyRequest request;
    request.to = event.from;
    request.message = std::move(messages[i]);
    request.visibility = saying.visibility;
    request.key = model::DeliveryKey(short_sha256(saying.key + std::to_string(i)));
    if (i == 0) request.replaces = saying.replaces;
    auto outcome = co_await deliver(platform, std::move(request), saying.answer ? &task : nullptr);
    if (const auto* sent = std::get_if<adapters::Sent>(&outcome); sent != nullptr && first.empty())
      first = sent->remote_id;
    const auto* refused = std::get_if<adapters::Refused>(&outcome);
    if (refused == nullptr) continue;
    log::warning("reply.given_up", {{"target", event.from.target.str()}, {"why", refused->why}});
    if (refused->refusal == adapters::RefusalClass::private_undeliverable && !saying.quiet)
      co_await hint(platform, event, *refused);
    break;
  }
  co_return first;
}

// A short public line without content (spec: commands 6, private_undeliverable).
awaitable<void> CommandDesk::hint(adapters::Platform& platform, const CommandEvent& event,
                                  const adapters::Refused& refused) {
  auto who = co_await platform.name_of(event.from.who, event.from.target);
  auto name = who.empty() ? std::string("The") : who + ", the";
  doc::Document document;
  document.blocks.emplace_back(
      doc::Paragraph{{doc::plain(name + " answer is only for you, and I cannot write to you yet: " +
                                 (refused.fix.empty() ? "open a chat with me" : refused.fix) + ", then ask again.")}});
  if (!refused.link.empty())
    document.blocks.emplace_back(doc::Buttons{{{doc::Action::open, "Open the chat", {}, refused.link}}});
  adapters::ReplyRequest request;
  request.to = event.from;
  request.visibility = Visibility::channel;
  request.key = model::DeliveryKey(short_sha256(event.id + "/hint"));
  for (auto& message : platform.render({{model::PartKind::reply, std::move(document), {}}}, {})) {
    request.message = std::move(message);
    co_await deliver(platform, request, nullptr);
  }
}

// The one message that shows that work goes on: what is said anew takes its place.
awaitable<void> CommandDesk::say_progress(adapters::Platform& platform, Task& task, Progress& progress,
                                          std::vector<adapters::Part> parts) {
  Saying saying;
  saying.parts = std::move(parts);
  saying.key = task.event.id + "/progress" + std::to_string(progress.said++);
  saying.quiet = true;
  saying.replaces = progress.message;
  auto shown = co_await say(platform, task, std::move(saying));
  if (!shown.empty()) progress.message = std::move(shown);
}

// What takes longer shows one message, which the answer replaces (spec: commands 1.3).
awaitable<void> CommandDesk::show_progress(adapters::Platform& platform, Task& task, Progress& progress) {
  if (co_await commands::happens_within(parts_.clock, kSlow, progress.news) && progress.finished) co_return;
  const auto& event = task.event;
  auto what = event.text.empty() ? std::string() : ": " + commands::quoted_part(event.text, 80);
  co_await say_progress(
      platform, task, progress,
      {{model::PartKind::reply, {{doc::Paragraph{{doc::plain("Working on it" + what + " …")}}}}, {}}});
  while (!progress.finished) {
    progress.news.clear();
    if (auto word = std::exchange(progress.word, std::nullopt))
      co_await say_progress(platform, task, progress, std::move(word->parts));
    else if (!co_await commands::happens_within(parts_.clock, kShown, progress.news))
      co_await platform.acknowledge(event.from);
  }
}

awaitable<commands::Answer> CommandDesk::work_out(adapters::Platform& platform, Task& task,
                                                  const commands::Context& context, model::RemoteId& progress_message) {
  using boost::asio::experimental::awaitable_operators::operator&&;
  Progress progress(co_await boost::asio::this_coro::executor);
  commands::Answer out;
  auto work = [](commands::Router& router, const CommandEvent& asked, const commands::Context& where,
                 commands::Answer& answer, Progress& shown) -> awaitable<void> {
    auto late = [&shown](commands::Answer word) {
      shown.word = std::move(word);
      shown.news.set();
    };
    answer = co_await router.run(asked, where, late);
    shown.finished = true;
    shown.news.set();
  };
  try {
    co_await (work(parts_.router, task.event, context, out, progress) && show_progress(platform, task, progress));
  } catch (const boost::asio::multiple_exceptions& both) {  // cancelled: each side says so
    std::rethrow_exception(both.first_exception());
  }
  progress_message = progress.message;
  co_return out;
}

awaitable<void> CommandDesk::answer(adapters::Platform& platform, Task& task) {
  const auto& event = task.event;
  co_await platform.acknowledge(event.from);
  auto context = context_of(platform, event);
  model::RemoteId progress;
  auto said = co_await work_out(platform, task, context, progress);
  bool same_place = event.from.direct || said.visibility == Visibility::asker;
  if (!same_place && !progress.empty()) {
    doc::Document done{{doc::Paragraph{{doc::plain("Done: the answer is in the " + context.place + ".")}}}};
    co_await say(platform, task,
                 {.parts = {{model::PartKind::reply, std::move(done), {}}}, .replaces = progress, .quiet = true});
    progress = {};
  }
  if (!said.parts.empty())
    co_await say(platform, task,
                 {.parts = std::move(said.parts),
                  .visibility = said.visibility,
                  .key = event.id,
                  .digest = said.digest,
                  .announced = said.announced,
                  .replaces = progress,
                  .answer = true});
  if (said.public_line && !event.from.direct)
    co_await say(
        platform, task,
        {.parts = {*said.public_line}, .visibility = Visibility::channel, .key = event.id + "/line", .answer = true});
}

commands::Context CommandDesk::context_of(const adapters::Platform& platform, const CommandEvent& event) const {
  commands::Context out;
  out.prefix = platform.prefix(event.from);
  auto shared = event.from;
  shared.direct = false;
  out.shared_prefix = platform.prefix(shared);
  out.zone = parts_.zone;
  out.place = platform.traits().place_word;
  out.private_elsewhere = platform.traits().private_elsewhere;
  return out;
}

awaitable<AnswerMemo::Message> CommandDesk::at_once(const CommandEvent& event) {
  auto* platform = parts_.platform(event.from.target.platform);
  auto allowed = event.from.who.role >= commands::spec_of(commands::Command::paper).role;
  if (platform == nullptr || !allowed || event.text.size() > kLongestQuestion) co_return nullptr;
  auto question = event.from.target.platform.str() + " " + event.text;
  auto revision = parts_.store.papers().revision();
  auto message = memo_.find(question, revision);
  if (!message) {
    auto found = co_await async::with_timeout(parts_.clock, kAtOnce, look_up(*platform, event));
    if (!found || !*found) co_return nullptr;
    message = std::move(*found);
    memo_.keep(std::move(question), revision, message);
  }
  auto refused = parts_.router.refused_for_now(event.from, context_of(*platform, event));
  if (!refused) co_return message;
  if (refused->parts.empty()) co_return std::make_shared<const model::OutgoingMessage>();
  co_return std::make_shared<const model::OutgoingMessage>(platform->render(refused->parts, {}).front());
}

awaitable<Result<AnswerMemo::Message>> CommandDesk::look_up(adapters::Platform& platform, const CommandEvent& event) {
  auto found = co_await parts_.router.at_once(event, context_of(platform, event));
  if (!found) co_return AnswerMemo::Message();
  auto render = [&platform, parts = std::move(found->parts)] { return platform.render(parts, {}); };
  auto messages = co_await parts_.workers.run(std::move(render));
  if (messages.size() != 1) co_return AnswerMemo::Message();
  co_return std::make_shared<const model::OutgoingMessage>(std::move(messages.front()));
}

awaitable<void> CommandDesk::perform(Task task) {
  const auto& event = task.event;
  if (task.earlier > 0)
    log::warning("reply.unknown", {{"target", event.from.target.str()}, {"why", "stopped while it was sent"}});
  auto* platform = parts_.platform(event.from.target.platform);
  bool fresh = parts_.clock.now() - event.from.received < kTooOld || event.from.received == Moment{};
  if (platform != nullptr && fresh) co_await answer(*platform, task);
  auto finish = [this, name = event.from.target.platform.str(), id = event.id] {
    return parts_.store.inbox().done(name, id);
  };
  if (auto done = co_await parts_.workers.run(std::move(finish)); !done)
    log::error("event.not_marked", {{"why", done.error().what()}});
}

}  // namespace broadsheet::app
