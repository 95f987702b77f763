// slack_fanout_bench [CHANNELS [WORKSPACES [MESSAGES [RATE]]]]: one digest to many channels of many workspaces against
// the fake Slack with its limits on: the time it takes beside the shortest that the limits allow (design: performance
// 4, G10), 429s, losses, doubles, CPU for each message. RATE: how fast the clock of both sides runs.
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "adapters/slack/slack.hpp"
#include "bot/base/hash.hpp"
#include "bot/base/metrics.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/net/client.hpp"
#include "bot/net/websocket.hpp"
#include "bot/schedule/estimate.hpp"
#include "tests/fakes/fake_slack.hpp"
#include "tests/unit/store/folder.hpp"

using namespace broadsheet;
using namespace std::chrono_literals;

namespace {

struct Plan {
  int channels = 10'000, workspaces = 50, messages = 1;
  double rate = 1;
  std::string team(int channel) const { return "T0N" + std::to_string(channel % workspaces); }
  std::size_t all() const { return static_cast<std::size_t>(channels) * static_cast<std::size_t>(messages); }
};

class Ignored final : public adapters::EventSink {
 public:
  adapters::awaitable<Result<bool>> accept(model::Event) override { co_return true; }
};

config::Slack settings_for(const fakes::FakeSlack& fake) {
  config::Slack out;
  out.api_url = fake.api();
  out.hooks_url = fake.hooks();
  out.app_token = config::Secret("xapp-fake");
  out.client_id = "1.2";
  out.client_secret = config::Secret("client secret");
  return out;
}

struct Sender {
  Sender(Clock& c, const fakes::FakeSlack& fake, const std::string& folder)
      : clock(c), store(std::move(*store::open_store({.data_dir = folder}))) {
    slack =
        std::move(*slack::Slack::make(settings_for(fake), "https://bot.example.org", {client, sockets, clock, state}));
    routes = slack->routes(sink);
  }
  http::ServerResponse visit(const std::string& path, http::Parameters query, const std::string& cookie) {
    http::ServerRequest request;
    request.path = path;
    request.query = std::move(query);
    request.headers = {{"Cookie", cookie}};
    http::ServerResponse out;
    for (const auto& route : routes)
      if (route.pattern == path)
        boost::asio::co_spawn(io, route.handler(request),
                              [&out](const std::exception_ptr&, http::ServerResponse r) { out = std::move(r); });
    io.restart();
    while (out.body.empty()) io.run_one();
    return out;
  }
  void install(const std::string& team) {
    auto away = visit("/slack/install", {}, {});
    std::string cookie(http::header(away.headers, "set-cookie"));
    cookie = cookie.substr(0, cookie.find(';'));
    visit("/slack/oauth", {{"state", cookie.substr(cookie.find('=') + 1)}, {"code", "code-" + team}}, cookie);
  }
  void enqueue(const Plan& plan) {
    std::vector<model::NewRow> rows;
    for (int part = 0; part < plan.messages; ++part)
      for (int n = 0; n < plan.channels; ++n) {
        model::NewRow row;
        row.target = *model::Target::parse("slack:" + plan.team(n) + "/C0N" + std::to_string(n));
        row.group = "digest";
        row.part = part;
        row.key = model::DeliveryKey(short_sha256(row.target.str() + "/" + std::to_string(part)));
        row.message = {part == 0 ? model::PartKind::summary : model::PartKind::card, part > 0,
                       R"({"text":"a digest of an invented day"})", "a digest"};
        row.due = clock.now();
        row.expires = row.due + 24h;
        rows.push_back(std::move(row));
      }
    if (!store->outbox().enqueue("slot", rows, clock.now())) std::abort();
  }
  void run(std::size_t messages, const fakes::FakeSlack& fake) {
    delivery::Dispatcher dispatcher(
        io.get_executor(), store->outbox(), *slack, workers, clock, metrics, [] { return 0.5; },
        [](const delivery::Incident&) {}, {});
    bool ended = false;
    boost::asio::co_spawn(io, dispatcher.run(), [&ended](const std::exception_ptr&) { ended = true; });
    io.restart();
    while (!ended) {
      io.run_for(20ms);
      if (fake.calls("chat.postMessage") >= messages && dispatcher.open() == 0) dispatcher.stop();
    }
  }

  Clock& clock;
  boost::asio::io_context io{1};
  std::unique_ptr<store::Store> store;
  async::Offload workers{2};
  Metrics metrics;
  http::Client client{io.get_executor(), workers, clock, {}};
  http::WebSocketClient sockets{io.get_executor(), workers, clock, {}};
  delivery::StoredState state{*store, workers};
  Ignored sink;
  std::unique_ptr<slack::Slack> slack;
  std::vector<adapters::Route> routes;
};

double cpu_of_this_thread() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

void report(const Plan& plan, const fakes::FakeSlack& fake, const std::vector<adapters::Pace>& paces, double cpu) {
  std::set<std::string> keys;
  Moment first = Moment::max(), last{};
  auto posted = fake.posted();
  for (const auto& message : posted) {
    keys.insert(message.key);
    first = std::min(first, message.at);
    last = std::max(last, message.at);
  }
  // Each workspace has its own bucket; a channel's is of its own messages.
  auto messages = static_cast<std::size_t>(plan.messages);
  auto in_one = static_cast<std::size_t>(plan.channels / plan.workspaces) * messages;
  std::vector<schedule::SharedPace> shared = {{paces[0].per_second, paces[0].burst, messages},
                                              {paces[1].per_second, paces[1].burst, in_one}};
  auto least = std::chrono::duration<double>(schedule::delivery_estimate(shared, {})).count();
  auto makespan = std::chrono::duration<double>(last - first).count();
  std::printf("%d channels of %d workspaces x %d, clock x %.0f: %.2f s, shortest %.2f s, ratio %.3f\n", plan.channels,
              plan.workspaces, plan.messages, plan.rate, makespan, least, makespan / least);
  std::printf("  %zu requests, 429 %zu, lost %zu, doubled %zu, broken rules %zu; %.2f ms CPU a message\n",
              fake.calls("chat.postMessage"), fake.limited(), plan.all() - keys.size(), posted.size() - keys.size(),
              fake.faults().size(), cpu * 1000 / static_cast<double>(plan.all()));
}

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  if (argc > 1) plan.channels = std::atoi(argv[1]);
  if (argc > 2) plan.workspaces = std::atoi(argv[2]);
  if (argc > 3) plan.messages = std::atoi(argv[3]);
  if (argc > 4) plan.rate = std::atof(argv[4]);
  ScaledClock clock(*parse_iso("2026-01-13T01:00:00Z"), plan.rate);
  fakes::FakeSlack fake(&clock);
  fake.http().keep(0);
  fake.keep_limits();
  store::TemporaryFolder folder;
  Sender sender(clock, fake, folder.path);
  for (int i = 0; i < plan.workspaces; ++i) {
    fake.add_workspace(plan.team(i), "Invented " + std::to_string(i));
    sender.install(plan.team(i));
  }
  sender.enqueue(plan);
  auto before = cpu_of_this_thread();
  sender.run(plan.all(), fake);
  auto paces = sender.slack->paces(*model::Target::parse("slack:T0N0/C0N0"), false);
  report(plan, fake, paces, cpu_of_this_thread() - before);
  sender.client.close_idle();
  return 0;
}
