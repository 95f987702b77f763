// Looks for subscriptions that can never be served as things stand: a platform that is off, a filter that cannot be
// searched for. Each is said once in the log and to the operators, and stands in /readyz and the metrics for as long
// as it lasts. Used on the I/O thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bot/app/ways.hpp"
#include "bot/pages/pages.hpp"

namespace broadsheet::app {

class SubscriptionCare {
 public:
  // `operators`: as the configuration names them; asked at each look.
  SubscriptionCare(const Outside& outside, store::Store& store, const Ways& ways, Metrics& metrics,
                   std::function<std::vector<std::string>()> operators)
      : outside_(outside),
        store_(store),
        ways_(ways),
        metrics_(metrics),
        operators_(std::move(operators)),
        wake_(outside.executor) {}

  // Until cancelled: looks at once, when woken, and every few minutes.
  boost::asio::awaitable<void> run();
  void wake() { wake_.set(); }
  // For /readyz. Not ready takes nothing away from everybody else.
  pages::PartState state() const;

 private:
  using Found = std::map<std::string, std::string>;  // subscription's id, what is wrong
  boost::asio::awaitable<void> look();
  std::vector<model::Target> whom_to_tell() const;
  boost::asio::awaitable<void> tell_operators(std::string text);

  Outside outside_;
  store::Store& store_;
  const Ways& ways_;
  Metrics& metrics_;
  std::function<std::vector<std::string>()> operators_;
  async::Event wake_;
  Found found_;
};

}  // namespace broadsheet::app
