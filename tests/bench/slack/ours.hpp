// The service's own way: server, routes, signature, form, command desk, router, store. What is beside it is left out:
// Slack (a transport that says yes to everything) and the parts that a look-up never asks.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "adapters/slack/slack.hpp"
#include "bot/app/command_desk.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/net/router.hpp"
#include "bot/net/websocket.hpp"
#include "digest/write/card.hpp"
#include "tests/bench/slack/request.hpp"
#include "tests/unit/commands/fake_services.hpp"
#include "tests/unit/store/folder.hpp"

namespace broadsheet::bench {

inline Paper invented_paper(int number) {
  Paper out;
  out.id = *PaperId::parse(paper_id(number));
  out.version = 1;
  out.title = out.title_raw = "Patient Maps of Tides, Part " + std::to_string(number);
  out.abstract = out.abstract_raw =
      "Maps of tides are drawn slowly, since samples are few and calm days are rare. We present a patient method that "
      "draws them from few samples: it waits for the tide, and draws only what stays. On three invented data sets it "
      "lowers the error by 12 % at half the cost of the best known method. It needs one calm day in a week. We also "
      "show where it fails: on rocky coasts, half of the maps were wrong by more than a metre. Code and data are "
      "given.";
  out.authors = {{"Ada Brook", {}, false}, {"Tomas Fenn", {}, false}};
  out.categories = {"cs.CV", "cs.RO"};
  out.published = out.updated = *parse_iso("2026-01-12T10:00:00Z");
  out.source = "invented";
  return out;
}

// The real store behind the one question that a look-up asks.
struct StoredPapers final : commands::FakeServices {
  StoredPapers(store::Store& s, async::Offload& w) : papers(s), workers(w) {}
  commands::awaitable<Result<std::vector<Card>>> stored_cards(std::vector<VersionedId> ids) override {
    auto read = [this, ids = std::move(ids)]() -> Result<std::vector<Card>> {
      std::vector<Card> out;
      for (const auto& id : ids)
        if (auto known = papers.papers().get(id.id); known && *known)
          out.push_back(write::write_card(**known, AnnounceType::new_paper, {}));
      return out;
    };
    co_return co_await workers.run(std::move(read));
  }
  store::Store& papers;
  async::Offload& workers;
};

class SlackSaysYes final : public http::Transport {
 public:
  boost::asio::awaitable<http::Outcome> send(http::Request) override {
    co_return http::Response{
        200, {}, R"({"ok":true,"team_id":"T0TEAM","user_id":"U0BOT","bot_id":"B0BOT","user":{},"channel":{}})"};
  }
};

class Ours {
 public:
  explicit Ours(int papers) {
    std::vector<Paper> all;
    for (int n = 1; n <= papers; ++n) all.push_back(invented_paper(n));
    if (!store_->papers().put(all)) std::abort();
    for (auto& route : slack_->routes(sink_)) router_.add(route.method, route.pattern, route.handler);
    server_ = std::make_unique<http::Server>(context_.get_executor(), clock_, http::ServerOptions{}, router_.handler());
    if (!server_->listen("127.0.0.1", 0)) std::abort();
    boost::asio::co_spawn(context_, server_->run(), boost::asio::detached);
    // Somebody who was here before: Slack told who that is.
    auto known = boost::asio::co_spawn(
        context_, slack_->role_of({"U0READER", {}, {}, {}}, *model::Target::parse("slack:T0TEAM/C0PAPERS")),
        boost::asio::use_future);
    thread_ = std::thread([this] { context_.run(); });
    if (!known.get()) std::abort();
  }
  ~Ours() {
    boost::asio::post(context_, [this] { server_->stop(); });
    thread_.join();
    workers_.finish();
  }
  Ours(const Ours&) = delete;
  Ours& operator=(const Ours&) = delete;
  std::uint16_t port() const { return server_->port(); }
  std::thread& thread() { return thread_; }

 private:
  static config::Slack settings() {
    config::Slack out;
    out.mode = "http";
    out.bot_token = config::Secret("xoxb-bench");
    out.signing_secrets = {config::Secret(kSecret)};
    return out;
  }

  SystemClock clock_;
  boost::asio::io_context context_{1};
  async::Offload workers_{2};
  store::TemporaryFolder folder_;
  std::unique_ptr<store::Store> store_ = *store::open_store({.data_dir = folder_.path});
  SlackSaysYes transport_;
  http::WebSocketClient sockets_{context_.get_executor(), workers_, clock_, {}};
  delivery::StoredState state_{*store_, workers_};
  std::unique_ptr<slack::Slack> slack_ =
      std::move(*slack::Slack::make(settings(), "https://bot.example.org", {transport_, sockets_, clock_, state_}));
  StoredPapers services_{*store_, workers_};
  commands::Router commands_{services_, clock_, [] { return 7; }, {.builds = {0, 0}, .look_ups = {0, 0}}};
  app::CommandDesk desk_{
      context_.get_executor(),
      {*store_, workers_, clock_, commands_, [this](const model::PlatformName&) { return slack_.get(); }}};
  delivery::StoredEvents sink_{slack::traits(),
                               *store_,
                               workers_,
                               clock_,
                               [](const model::Event&) { std::abort(); },  // a look-up is not stored
                               [this](const model::CommandEvent& event) { return desk_.at_once(event); }};
  http::Router router_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

}  // namespace broadsheet::bench
