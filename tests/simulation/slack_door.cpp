#include "tests/simulation/slack_door.hpp"

#include "bot/async/async.hpp"

namespace broadsheet::simulation {

using boost::asio::awaitable;

struct SlackDoor::Inbox {
  explicit Inbox(const boost::asio::any_io_executor& executor) : changed(executor) {}
  void put(std::string text) {
    waiting.push_back(std::move(text));
    changed.set();
  }
  std::deque<std::string> waiting;
  bool closed = false;
  async::Event changed;
};

namespace {

class Line final : public http::WebSocket {
 public:
  Line(std::shared_ptr<SlackDoor::Inbox> inbox, std::shared_ptr<std::vector<std::string>> acknowledged)
      : inbox_(std::move(inbox)), acknowledged_(std::move(acknowledged)) {}

  awaitable<Result<std::string>> read() override {
    while (inbox_->waiting.empty() && !inbox_->closed) {
      inbox_->changed.clear();
      co_await inbox_->changed.wait();
    }
    if (inbox_->closed) co_return Error(ErrorKind::unavailable, "the line was closed");
    auto text = std::move(inbox_->waiting.front());
    inbox_->waiting.pop_front();
    co_return text;
  }
  awaitable<Status> write(std::string text) override {
    acknowledged_->push_back(std::move(text));
    co_return Status();
  }
  awaitable<void> close() override {
    inbox_->closed = true;
    inbox_->changed.set();
    co_return;
  }

 private:
  std::shared_ptr<SlackDoor::Inbox> inbox_;
  std::shared_ptr<std::vector<std::string>> acknowledged_;
};

}  // namespace

awaitable<Result<std::unique_ptr<http::WebSocket>>> SlackDoor::connect(std::string /*url*/,
                                                                       http::WebSocketOptions /*options*/) {
  ++opened_;
  inbox_ = std::make_shared<Inbox>(co_await boost::asio::this_coro::executor);
  inbox_->put(R"({"type":"hello","num_connections":1,"connection_info":{"app_id":"A0APP"}})");
  co_return std::unique_ptr<http::WebSocket>(std::make_unique<Line>(inbox_, acknowledged_));
}

void SlackDoor::deliver(const std::string& type, nlohmann::json payload, bool accepts_payload) {
  nlohmann::json envelope = {{"envelope_id", "env-" + std::to_string(++envelopes_)},
                             {"type", type},
                             {"payload", std::move(payload)},
                             {"accepts_response_payload", accepts_payload}};
  if (inbox_) inbox_->put(envelope.dump());
}

}  // namespace broadsheet::simulation
