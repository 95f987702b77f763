// Pushes updates to the bot's webhook from a thread of its own (contracts: Telegram 2.3). Internal to the fake.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace broadsheet::fakes {

class TelegramPusher {
 public:
  struct Push {
    int update = 0;
    std::string queue, url, secret, body;
  };
  struct Outcome {
    int status = 0;  // 0: no answer
    int retry_after = 0;
    std::string body, error;
  };
  // `next` is asked every few milliseconds for an update that may go now; `done` hears how it went. Both are called on
  // the pusher's thread.
  TelegramPusher(std::function<std::optional<Push>()> next, std::function<void(const Push&, const Outcome&)> done);
  ~TelegramPusher();
  TelegramPusher(const TelegramPusher&) = delete;
  TelegramPusher& operator=(const TelegramPusher&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::fakes
