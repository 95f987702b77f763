// A `serve` with both fakes around it, for conversations: a person's private chat, a group, a channel.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_arxiv.hpp"
#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::e2e {

inline constexpr std::int64_t kAda = 1001, kBen = 1002, kNew = 1003;  // kNew never pressed Start
inline constexpr std::int64_t kTeam = -1001000000001, kNews = -1001000000002;

class TelegramStage {
 public:
  // The fakes and the program share a clock that starts at `start` and runs at `rate`.
  TelegramStage(const std::string& start, int rate);

  // Lines of the configuration: below [service] and [telegram].
  void configure(const std::string& service_lines = {}, const std::string& telegram_lines = {}) const;
  std::vector<std::string> serve() const;
  // The texts, with tags for their entities and buttons in brackets, that the bot has said there by now.
  std::vector<std::string> said(std::int64_t chat) const;
  // Somebody writes; the answer is what appears in `answered_in` and is no progress message. Empty when nothing came.
  std::string ask(std::int64_t chat, std::int64_t user, const std::string& text, std::int64_t answered_in = 0,
                  int topic = 0);
  // Presses the button with that label under the newest message that has one; the same kind of answer.
  std::string press(std::int64_t chat, std::int64_t user, const std::string& label, std::int64_t answered_in = 0);
  // A call of the Bot API past the program, as an operator would make it; the answer's JSON.
  std::string bot_api(const std::string& method, const std::string& json) const;
  static bool becomes(const std::function<bool()>& so, std::chrono::seconds guard = std::chrono::seconds(120));

  ScaledClock clock;
  fakes::FakeArxiv arxiv;
  fakes::FakeTelegram telegram;
  std::uint16_t port;
  Folder folder;

 private:
  std::string answer(std::int64_t chat, std::size_t before);
  void write_down(const std::string& who, const std::string& what);

  int rate_;
};

}  // namespace broadsheet::e2e
