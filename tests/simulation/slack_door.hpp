// Slack's end of Socket Mode without sockets.
#pragma once

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bot/net/websocket.hpp"

namespace broadsheet::simulation {

class SlackDoor final : public http::WebSocketDoor {
 public:
  boost::asio::awaitable<Result<std::unique_ptr<http::WebSocket>>> connect(std::string url,
                                                                           http::WebSocketOptions options) override;
  // To the newest connection.
  void deliver(const std::string& type, nlohmann::json payload, bool accepts_payload);
  std::size_t opened() const { return opened_; }
  // What came back, in order.
  const std::vector<std::string>& acknowledged() const { return *acknowledged_; }

  struct Inbox;

 private:
  std::shared_ptr<Inbox> inbox_;  // of the newest connection
  std::shared_ptr<std::vector<std::string>> acknowledged_ = std::make_shared<std::vector<std::string>>();
  std::size_t opened_ = 0, envelopes_ = 0;
};

}  // namespace broadsheet::simulation
