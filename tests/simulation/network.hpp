// A network without sockets: requests go to the fakes in this process and take the clock's time.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/http/http.hpp"
#include "tests/fakes/fake_http.hpp"

namespace broadsheet::simulation {

struct Exchange {
  Moment at{};       // of the answer
  std::string host;  // "slack"
  http::Request request;
  http::Response response;
  bool polled = false;  // an answer that was waited for
};

class Network final : public http::Transport {
 public:
  using Answers = std::function<fakes::Reply(const fakes::Seen&)>;
  Network(boost::asio::any_io_executor executor, Clock& clock) : executor_(std::move(executor)), clock_(clock) {}

  // "https://slack.example" is the host "slack".
  void add(const std::string& host, Answers answers) { hosts_[host].answers = std::move(answers); }
  static std::string base(const std::string& host) { return "https://" + host + ".example"; }
  // Nobody can be reached there in between.
  void cut(const std::string& host, Moment from, Moment to) { hosts_[host].cuts.emplace_back(from, to); }
  // Something happened: whose answer is waited for looks again.
  void stir();
  void watch(std::function<void(const Exchange&)> told) { told_ = std::move(told); }

  boost::asio::awaitable<http::Outcome> send(http::Request request) override;

 private:
  struct Host {
    Answers answers;
    std::vector<std::pair<Moment, Moment>> cuts;
  };
  boost::asio::awaitable<fakes::Reply> settle(fakes::Reply reply);

  boost::asio::any_io_executor executor_;
  Clock& clock_;
  std::map<std::string, Host> hosts_;
  std::list<async::Timer*> waiting_;  // of those whose answer is still to come
  std::function<void(const Exchange&)> told_;
};

}  // namespace broadsheet::simulation
