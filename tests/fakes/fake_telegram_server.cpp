// The fake Bot API as a program, for rehearsals by hand: prints its base address, plays until SIGTERM, then says what
// was sent and which rules were broken (exit status 1 if any).
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "bot/base/text.hpp"
#include "bot/cli/clock_option.hpp"
#include "tests/fakes/fake_telegram.hpp"

using namespace broadsheet;

namespace {

[[noreturn]] void refuse(const std::string& what) {
  std::cerr << "fake_telegram_server: " << what << "\n";
  std::exit(2);
}

std::int64_t number(std::string_view text) {
  try {
    return std::stoll(std::string(text));
  } catch (const std::exception&) {
    refuse("\"" + std::string(text) + "\" is not a number");
  }
}

// ID:KIND[:forum]; kinds private, group, supergroup, channel. The bot is administrator of channels.
fakes::TelegramChat chat_of(const std::string& text) {
  auto parts = text::split(std::string_view(text), ':');
  if (parts.size() < 2) refuse("\"" + text + "\" is not ID:KIND[:forum]");
  fakes::TelegramChat chat;
  chat.id = number(parts[0]);
  if (parts[1] == "group")
    chat.kind = fakes::ChatKind::group;
  else if (parts[1] == "supergroup")
    chat.kind = fakes::ChatKind::supergroup;
  else if (parts[1] == "channel")
    chat.kind = fakes::ChatKind::channel;
  else if (parts[1] != "private")
    refuse("there is no kind of chat " + std::string(parts[1]));
  if (chat.kind == fakes::ChatKind::channel) chat.bot = fakes::Standing::administrator;
  chat.forum = parts.size() > 2 && parts[2] == "forum";
  return chat;
}

// NAME[@METHOD[@CHAT[@TIMES]]]
fakes::TelegramFault fault_of(const std::string& text) {
  auto parts = text::split(std::string_view(text), '@');
  fakes::TelegramFault fault;
  fault.name = parts[0];
  if (parts.size() > 1) fault.method = parts[1];
  if (parts.size() > 2) fault.chat = number(parts[2]);
  if (parts.size() > 3) fault.times = static_cast<int>(number(parts[3]));
  return fault;
}

}  // namespace

int main(int argc, char** argv) {
  fakes::FakeTelegram::Options options;
  std::string clock_text;
  std::vector<std::string> chats, faults;
  CLI::App app("A Bot API on loopback");
  app.add_option("--port", options.port, "0: a free one");
  app.add_option("--token", options.token);
  app.add_option("--limits-scale", options.limits_scale, "Multiplies every allowed rate; 0: no limits");
  app.add_option("--clock", clock_text, "As `broadsheet serve --clock`");
  app.add_option("--chat", chats, "ID:KIND[:forum]; kinds private, group, supergroup, channel");
  app.add_option("--fault", faults, "NAME[@METHOD[@CHAT[@TIMES]]]");
  CLI11_PARSE(app, argc, argv);
  auto clock = cli::make_clock(clock_text);
  if (!clock) refuse(clock.error().what());
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  fakes::FakeTelegram fake(**clock, options);
  for (const auto& text : chats) fake.add_chat(chat_of(text));
  try {
    for (const auto& text : faults) fake.fault(fault_of(text));
  } catch (const std::invalid_argument& wrong) {
    refuse(wrong.what());
  }
  std::cout << fake.base() << std::endl;
  int signal = 0;
  sigwait(&stop, &signal);
  std::cout << fake.requests() << " requests\n";
  auto violations = fake.violations();
  for (const auto& violation : violations) std::cout << "VIOLATION " << violation << "\n";
  std::cout << violations.size() << " violations" << std::endl;
  return violations.empty() ? 0 : 1;
}
