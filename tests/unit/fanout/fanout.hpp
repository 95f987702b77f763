// One digest to many chats, sent by the real dispatcher, store, adapter and HTTP client.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/telegram/telegram.hpp"
#include "bot/base/metrics.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/net/client.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::fanout {

// An overview and `parts - 1` cards, a message each; 1: everything in one message of usual length.
std::vector<model::OutgoingMessage> invented_messages(int parts);
model::Target target_of(std::int64_t chat);
std::string key_of(std::int64_t chat, int part);
std::vector<model::NewRow> rows_of(const std::vector<std::int64_t>& chats,
                                   const std::vector<model::OutgoingMessage>& messages, Moment now);
// Rows for these chats, in portions of one commit each.
Status enqueue(store::Outbox& outbox, const std::vector<std::int64_t>& chats,
               const std::vector<model::OutgoingMessage>& messages, Moment now);

struct SenderOptions {
  std::string data_dir, base, token;
  // Around the client; nothing: the client itself.
  std::function<std::unique_ptr<http::Transport>(http::Transport&)> wrap;
  double limits_scale = 1;
  std::chrono::seconds quiet{60};
};

// The sending half of a service, over a store that exists.
class Sender {
 public:
  Sender(Clock& clock, const SenderOptions& options);
  // Until no more than that many messages are still to be sent; `look` is called every few milliseconds.
  void run(std::size_t left = 0, const std::function<void()>& look = {});
  store::Store& store() { return *store_; }
  delivery::Dispatcher& dispatcher() { return *dispatcher_; }

 private:
  boost::asio::io_context io_{1};
  std::unique_ptr<store::Store> store_;
  async::Offload workers_{2};
  Metrics metrics_;
  delivery::StoredState state_;
  http::Client client_;
  std::unique_ptr<http::Transport> wrapped_;
  telegram::Telegram telegram_;
  std::unique_ptr<delivery::Dispatcher> dispatcher_;
};

}  // namespace broadsheet::fanout
