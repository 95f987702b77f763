#include "tests/simulation/rehearsal.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bot/base/hash.hpp"

namespace broadsheet::simulation {
namespace {

using boost::asio::awaitable;
using Json = nlohmann::json;

constexpr std::chrono::days kAround{4};  // papers before the first day and after the last

fakes::FakeMatrixOptions homeserver(Clock& clock) {
  fakes::FakeMatrixOptions out;
  out.clock = &clock;
  out.burst = 10;  // Synapse's default limit
  out.per_second = 0.2;
  out.retry_after = "5";
  return out;
}

std::vector<fakes::Batch> papers(Moment start, Moment end, const arxiv::Calendar& calendar) {
  return fakes::invented_batches(std::chrono::floor<std::chrono::days>(start) - kAround,
                                 std::chrono::floor<std::chrono::days>(end) + kAround,
                                 {*Category::parse("cs.CV"), *Category::parse("cs.RO")}, calendar);
}

// Of this process alone.
std::string folder() {
  return testing::TempDir() + "broadsheet-rehearsal-" + std::to_string(::getpid());
}

// The fake's own sockets, which nobody uses here, have another port each time.
fakes::Reply slack_answer(fakes::FakeSlack& slack, const fakes::Seen& seen) {
  auto out = slack.answer(seen);
  auto url = slack.socket().url();
  if (auto at = out.body.find(url); at != std::string::npos)
    out.body.replace(at, url.size(), "wss://slack.example/link");
  return out;
}

std::optional<Post> slack_post(const Json& body) {
  if (!body.contains("channel") || !body.contains("text")) return std::nullopt;
  return Post{.target = body["channel"], .reply = body.contains("thread_ts"), .text = body["text"]};
}

std::optional<Post> telegram_post(const Json& body) {
  if (!body.contains("chat_id") || !body.contains("text")) return std::nullopt;
  return Post{.target = body["chat_id"].dump(), .reply = body.contains("reply_parameters"), .text = body["text"]};
}

std::optional<Post> matrix_post(const Json& body, const std::string& url) {
  constexpr std::string_view kRooms = "/rooms/", kSend = "/send/m.room.message/";
  auto from = url.find(kRooms), to = url.find(kSend);
  if (from == std::string::npos || to == std::string::npos) return std::nullopt;
  from += kRooms.size();
  return Post{.target = url.substr(from, to - from), .reply = body.contains("m.relates_to"), .text = body["body"]};
}

std::optional<Post> post_of(const Exchange& exchange) {
  if (exchange.polled || exchange.response.status != 200) return std::nullopt;
  auto body = Json::parse(exchange.request.body, nullptr, false);
  auto answer = Json::parse(exchange.response.body, nullptr, false);
  if (!body.is_object() || !answer.is_object() || !answer.value("ok", true)) return std::nullopt;
  const auto& url = exchange.request.url;
  if (url.ends_with("/chat.postMessage")) return slack_post(body);
  if (url.ends_with("/sendMessage")) return telegram_post(body);
  return exchange.host == "matrix" ? matrix_post(body, url) : std::nullopt;
}

}  // namespace

Rehearsal::Rehearsal(Moment start, Moment end, const std::string& holidays)
    : calendar_(*arxiv::Calendar::parse(holidays)),
      batches_(papers(start, end, calendar_)),
      clock(start),
      network(io.get_executor(), clock),
      arxiv(clock, batches_, {.calendar = calendar_}),
      slack(&clock),
      matrix(homeserver(clock)),
      telegram(clock, {}),
      end_(end),
      holidays_(holidays),
      people_(io.get_executor()) {
  network.add("arxiv", [this](const fakes::Seen& seen) { return arxiv.answer(seen); });
  network.add("slack", [this](const fakes::Seen& seen) { return slack_answer(slack, seen); });
  network.add("matrix", [this](const fakes::Seen& seen) { return matrix.answer(seen); });
  network.add("telegram", [this](const fakes::Seen& seen) { return telegram.answer(seen); });
  network.watch([this](const Exchange& exchange) { note(exchange); });
  slack.page(15);
  matrix.add_room(kRoom, {"@ada:example.org", "@ben:example.org"});
  telegram.add_chat({.id = kGroup, .kind = fakes::ChatKind::supergroup});
  telegram.add_chat({.id = kPerson});
}

Rehearsal::~Rehearsal() {
  people_.cancel();
  idle();
  std::error_code ignored;
  std::filesystem::remove_all(folder(), ignored);
}

void Rehearsal::at(Moment when, std::function<void()> does) {
  auto wait = when - clock.now();
  people_.spawn("people", [](Rehearsal& r, std::chrono::milliseconds d, std::function<void()> act) -> awaitable<void> {
    co_await async::sleep_for(r.clock, d);
    act();
    r.network.stir();
  }(*this, wait, std::move(does)));
}

std::string Rehearsal::slack_response_url() {
  return Network::base("slack") + slack.response_url().substr(slack.hooks().size());
}

void Rehearsal::address(config::Settings& settings) const {
  auto base = Network::base("arxiv");
  settings.service.listen = "127.0.0.1:0";
  settings.service.data_dir = folder();
  std::filesystem::create_directories(folder());
  settings.arxiv.holidays_file = folder() + "/holidays.txt";
  std::ofstream(settings.arxiv.holidays_file) << holidays_;
  settings.arxiv.contact = "ops@example.org";
  settings.arxiv.feed_url = settings.arxiv.site_url = base;
  settings.arxiv.oai_url = base + "/oai";
  settings.arxiv.api_url = base + "/api/query";
  settings.slack.api_url = Network::base("slack") + "/api";
  settings.slack.hooks_url = Network::base("slack");
  settings.slack.bot_token = config::Secret("xoxb-fake");
  settings.slack.app_token = config::Secret("xapp-fake");
  settings.matrix.homeserver_url = Network::base("matrix");
  settings.matrix.user_id = "@bot:example.org";
  settings.matrix.access_token = config::Secret("tok-1");
  settings.telegram.api_url = Network::base("telegram");
  settings.telegram.token = config::Secret(telegram.token());
}

void Rehearsal::note(const Exchange& exchange) {
  auto when = to_iso(exchange.at) + " " + exchange.host + " ";
  if (auto post = post_of(exchange)) {
    post->at = exchange.at;
    post->platform = exchange.host;
    transcript_ += when + post->target + (post->reply ? " in a thread: " : ": ") + post->first_line() + "\n";
    posts_.push_back(std::move(*post));
  }
  if (exchange.polled && exchange.response.body.size() < 40) return;  // nothing new
  transcript_ += when + exchange.request.method + " " + exchange.request.url + " " +
                 short_sha256(exchange.request.body) + " " + std::to_string(exchange.response.status) + " " +
                 short_sha256(exchange.response.body) + "\n";
}

// Everything that can be done now is done.
void Rehearsal::idle() {
  io.restart();
  while (io.poll() > 0) {
  }
}

void Rehearsal::drive(const std::function<bool()>& done) {
  idle();
  while (!done() && clock.advance_to_next()) idle();
}

void Rehearsal::run(config::Settings settings) {
  address(settings);
  auto store = store::open_memory();
  ASSERT_TRUE(store) << store.error().what();
  app::Service service(settings, **store, {io.get_executor(), no_threads_, clock, network, network, slack_door, [this] {
                                             return random_();
                                           }});
  auto bound = service.start();
  ASSERT_TRUE(bound) << bound.error().what();
  bool ended = false;
  boost::asio::co_spawn(io, service.run(), [&ended](const std::exception_ptr& thrown) {
    ended = true;
    if (thrown) std::rethrow_exception(thrown);
  });
  at(end_, [&service] { service.stop(); });
  drive([&ended] { return ended; });
  EXPECT_TRUE(ended) << "the service does not stop";
}

std::vector<std::string> Rehearsal::complaints() const {
  std::vector<std::string> out;
  for (auto some : {arxiv.violations(), slack.faults(), matrix.content_faults(), telegram.violations()})
    out.insert(out.end(), some.begin(), some.end());
  return out;
}

}  // namespace broadsheet::simulation
