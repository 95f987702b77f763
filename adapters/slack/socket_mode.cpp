#include "adapters/slack/socket_mode.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "bot/async/async.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::slack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kHello{10};      // not connected until `hello`
constexpr seconds kNotice{10};     // how long Slack leaves a connection open after its warning
constexpr seconds kShortLife{30};  // a connection that lasts less counts as a failure
constexpr seconds kFirstPause{1}, kLongestPause{60};
constexpr int kMostInFlight = 64;  // envelopes of one connection being handled at once

// Doubling, with a part that depends on the moment, so that instances do not come back together.
milliseconds pause_after(int failures, Moment now) {
  auto base = std::min<milliseconds>(kFirstPause * (1 << std::min(failures, 6)), kLongestPause);
  return base / 2 + milliseconds(now.time_since_epoch().count() % (base.count() / 2 + 1));
}

std::string acknowledgement(const Frame& frame, const std::string& payload) {
  nlohmann::json out = {{"envelope_id", frame.id}};
  auto text = dump(out);
  if (!frame.takes_payload || payload.empty()) return text;
  text.pop_back();
  return text + ",\"payload\":" + payload + "}";
}

}  // namespace

struct SocketMode::Line {
  Line(const boost::asio::any_io_executor& executor, std::unique_ptr<http::WebSocket> s, SteadyMoment now)
      : socket(std::move(s)), replace(executor), since(now) {}
  std::unique_ptr<http::WebSocket> socket;
  async::Event replace;  // set when another connection is needed
  SteadyMoment since;
  int in_flight = 0;
  bool open = true, crowded = false;
};

struct SocketMode::State {
  using LinePtr = std::shared_ptr<Line>;

  Api& api;
  http::WebSocketDoor& door;
  Clock& clock;
  config::Secret token;
  Handler handler;
  async::TaskGroup* tasks = nullptr;  // of the run in progress
  int connected = 0;
  bool stopped = false;
  std::string trouble;

  awaitable<Result<LinePtr>> open();
  awaitable<Result<Frame>> first_frame(LinePtr line);
  awaitable<void> drive();
  awaitable<void> serve(LinePtr line);
  awaitable<void> handle(LinePtr line, Frame frame);
  awaitable<void> retire(LinePtr line);
  bool disconnected(Line& line, const std::string& reason);
  void stop(std::string why);
};

void SocketMode::State::stop(std::string why) {
  log::error("slack.socket_mode_stopped", {{"why", why}});
  trouble = std::move(why);
  stopped = true;
}

awaitable<Result<Frame>> SocketMode::State::first_frame(LinePtr line) {
  auto text = co_await line->socket->read();
  if (!text) co_return text.error();
  co_return read_frame(*text, clock.now());
}

awaitable<Result<SocketMode::State::LinePtr>> SocketMode::State::open() {
  auto answer = co_await api.read("apps.connections.open", token.reveal(), {});
  if (!answer.ok()) {
    bool for_good = answer.kind == AnswerClass::installation || answer.kind == AnswerClass::token;
    if (for_good) stop("Slack refuses the app token (" + answer.code + "): correct slack.app_token");
    co_return answer.error("apps.connections.open");
  }
  auto tree = parse_json(answer.body);
  auto socket = co_await door.connect(tree ? text_at(*tree, {"url"}) : std::string(), {});
  if (!socket) co_return socket.error();
  auto line = std::make_shared<Line>(co_await boost::asio::this_coro::executor, std::move(*socket), clock.steady_now());
  auto hello = co_await async::with_timeout(clock, kHello, first_frame(line));
  if (!hello) co_return hello.error();
  if (hello->kind == Frame::Kind::disconnect) disconnected(*line, hello->reason);
  if (hello->kind != Frame::Kind::hello) co_return Error(ErrorKind::unavailable, "no hello on the WebSocket");
  co_return line;
}

// Opens connections, the next one before the last one ends.
awaitable<void> SocketMode::State::drive() {
  LinePtr current;
  int failures = 0;
  while (!stopped) {
    auto line = co_await open();
    if (stopped) break;
    if (!line) {
      auto pause = std::max(pause_after(++failures, clock.now()), line.error().retry_after().value_or(milliseconds(0)));
      trouble = "no connection to Slack: " + line.error().what();
      log::warning("slack.socket_mode_failed", {{"why", line.error().what()}, {"pause_ms", pause.count()}});
      co_await async::sleep_for(clock, pause);
      continue;
    }
    trouble.clear();
    ++connected;
    if (current) tasks->spawn("slack.socket_retire", retire(current));
    current = *line;
    tasks->spawn("slack.socket", serve(current));
    co_await current->replace.wait();
    bool healthy = !current->crowded && clock.steady_now() - current->since >= kShortLife;
    failures = healthy || current->open ? 0 : failures + 1;
    if (failures > 0 && !stopped) co_await async::sleep_for(clock, pause_after(failures, clock.now()));
  }
}

// Two warnings announce one end; only the first asks for a new connection. True: this one is of no more use.
bool SocketMode::State::disconnected(Line& line, const std::string& reason) {
  log::info("slack.socket_disconnect", {{"reason", reason}});
  if (reason == "link_disabled") {
    stop("Socket Mode is switched off in the app's settings");
    return true;
  }
  line.crowded = reason == "too_many_websockets";
  if (!line.crowded) line.replace.set();
  return line.crowded;
}

awaitable<void> SocketMode::State::serve(LinePtr line) {
  while (true) {
    auto text = co_await line->socket->read();
    if (!text) {
      log::info("slack.socket_ended", {{"why", text.error().what()}});
      break;
    }
    auto frame = read_frame(*text, clock.now());
    if (!frame) {
      log::warning("slack.socket_bad_frame", {{"why", frame.error().what()}});
      continue;
    }
    if (frame->kind == Frame::Kind::disconnect && disconnected(*line, frame->reason)) break;
    if (frame->kind != Frame::Kind::envelope) continue;
    ++line->in_flight;
    if (line->in_flight < kMostInFlight)
      tasks->spawn("slack.envelope", handle(line, std::move(*frame)));
    else
      co_await handle(line, std::move(*frame));  // the other side waits too
  }
  line->open = false;
  --connected;
  line->replace.set();
  co_await line->socket->close();
}

awaitable<void> SocketMode::State::handle(LinePtr line, Frame frame) {
  // What nobody can read is acknowledged too: it would only come again.
  Result<std::string> answer = std::string();
  if (frame.inbound)
    answer = co_await handler(std::move(*frame.inbound));
  else
    log::warning("slack.envelope_unreadable", {{"why", frame.inbound.error().what()}});
  --line->in_flight;
  if (!answer) {
    log::warning("slack.envelope_not_stored", {{"why", answer.error().what()}});
    co_return;
  }
  auto written = co_await line->socket->write(acknowledgement(frame, *answer));
  if (!written) log::info("slack.acknowledgement_lost", {{"why", written.error().what()}});
}

awaitable<void> SocketMode::State::retire(LinePtr line) {
  co_await async::sleep_for(clock, kNotice);
  if (line->open) co_await line->socket->close();
}

SocketMode::SocketMode(Api& api, http::WebSocketDoor& door, Clock& clock, config::Secret app_token, Handler handler)
    : state_(std::make_shared<State>(State{api, door, clock, std::move(app_token), std::move(handler)})) {}
SocketMode::~SocketMode() = default;

awaitable<void> SocketMode::run() {
  async::TaskGroup tasks(co_await boost::asio::this_coro::executor);
  state_->tasks = &tasks;
  tasks.spawn("slack.socket_mode", state_->drive());
  co_await tasks.join();
}

bool SocketMode::connected() const {
  return state_->connected > 0;
}

std::string SocketMode::trouble() const {
  return state_->trouble;
}

}  // namespace broadsheet::slack
