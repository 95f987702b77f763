// fanout_bench [CHATS [MESSAGES [faults]]]: one digest to many chats against the fake Bot API, a process of its own
// whose limits are a hundred times Telegram's: the time it takes beside the shortest that the limits allow (design:
// performance G10), 429s, order, memory (G12) and CPU for each message (G14). With `faults` every hundredth chat is
// dead, the next one limited and the next one silent, and the healthy ones are measured (G11).
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <set>

#include "bot/schedule/estimate.hpp"
#include "tests/fakes/fake_telegram.hpp"
#include "tests/unit/fanout/fanout.hpp"
#include "tests/unit/store/folder.hpp"

using namespace broadsheet;
using namespace std::chrono_literals;

namespace {

constexpr double kScale = 100;
constexpr std::chrono::milliseconds kChatSpacing{10};
const char* const kToken = "1000:INVENTED";

struct Plan {
  std::int64_t chats = 10'000;
  int messages = 1;
  bool faults = false;

  std::size_t all() const { return static_cast<std::size_t>(chats) * static_cast<std::size_t>(messages); }
  bool dead(std::int64_t chat) const { return faults && chat % 100 == 1; }
  bool limited(std::int64_t chat) const { return faults && chat % 100 == 2; }
  bool silent(std::int64_t chat) const { return faults && chat % 100 == 3; }
  bool healthy(std::int64_t chat) const { return !dead(chat) && !limited(chat) && !silent(chat); }
};

// What the fake saw.
struct Report {
  double makespan = 0;     // of the healthy chats: first to last message that was accepted
  double first_round = 0;  // until the last chat had its first message
  std::size_t sends = 0, accepted = 0, limited = 0, violations = 0;
  std::size_t lost = 0, doubled = 0, disordered = 0;  // chats
};

void judge(const fakes::FakeTelegram& fake, const Plan& plan, Report& out) {
  for (std::int64_t chat = 1; chat <= plan.chats; ++chat) {
    if (!plan.healthy(chat)) continue;
    std::vector<int> parts;
    auto messages = fake.visible(chat);
    for (int part = 0; part < plan.messages; ++part) {
      auto key = fanout::key_of(chat, part);
      for (std::size_t i = 0; i < messages.size(); ++i)
        if (messages[i].key.starts_with(key)) parts.push_back(static_cast<int>(i));
    }
    auto wanted = static_cast<std::size_t>(plan.messages);
    if (parts.size() < wanted) ++out.lost;
    if (parts.size() > wanted) ++out.doubled;
    if (!std::is_sorted(parts.begin(), parts.end())) ++out.disordered;
  }
}

Report report_of(const fakes::FakeTelegram& fake, const Plan& plan) {
  Report out;
  SteadyMoment first{}, last{}, round{};
  std::set<std::int64_t> reached;
  for (const auto& call : fake.timeline()) {
    if (call.method != "sendmessage") continue;
    ++out.sends;
    if (call.outcome.starts_with("429")) ++out.limited;
    if (!call.outcome.starts_with("ok") || !plan.healthy(call.chat)) continue;
    if (out.accepted++ == 0) first = call.at;
    last = call.at;
    if (reached.insert(call.chat).second) round = call.at;
  }
  out.makespan = std::chrono::duration<double>(last - first).count();
  out.first_round = std::chrono::duration<double>(round - first).count();
  out.violations = fake.violations().size();
  judge(fake, plan, out);
  return out;
}

// The other process: plays Telegram until it is asked what it saw.
[[noreturn]] void play(const Plan& plan, int in, int out) {
  SystemClock clock;
  fakes::FakeTelegram::Options options;
  options.token = kToken;
  options.limits_scale = kScale;
  options.keep_calls = plan.all() * 2 + 1000;
  fakes::FakeTelegram fake(clock, options);
  for (std::int64_t chat = 1; chat <= plan.chats; ++chat) {
    fakes::TelegramChat person;
    person.id = chat;
    fake.add_chat(person);
    if (plan.dead(chat)) fake.stand(chat, chat, fakes::Standing::kicked);
    if (plan.limited(chat)) fake.fault({.name = "429", .method = "sendmessage", .chat = chat, .retry_after = 2});
    if (plan.silent(chat)) fake.fault({.name = "silence_before", .method = "sendmessage", .chat = chat});
  }
  auto base = fake.base() + "\n";
  if (::write(out, base.data(), base.size()) < 0) std::_Exit(1);
  char byte = 0;
  if (::read(in, &byte, 1) != 1) std::_Exit(1);
  auto report = report_of(fake, plan);
  if (::write(out, &report, sizeof report) != sizeof report) std::_Exit(1);
  std::_Exit(0);
}

double memory(const char* line) {
  std::ifstream in("/proc/self/status");
  for (std::string word; in >> word;)
    if (double kb = 0; word == line && in >> kb) return kb / 1024;
  return 0;
}

double cpu() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double shortest(const Plan& plan, int messages) {
  auto all = static_cast<std::size_t>(plan.chats) * static_cast<std::size_t>(messages);
  std::array bot{schedule::SharedPace{30 * kScale, 30, all}};
  std::array chat{schedule::ChatPace{static_cast<std::size_t>(messages), kChatSpacing, 0}};
  return std::chrono::duration<double>(schedule::delivery_estimate(bot, chat)).count();
}

void print(const Plan& plan, const Report& seen, double cpu_used, double idle_memory) {
  auto least = shortest(plan, plan.messages), round = shortest(plan, 1);
  auto ratio = [](double is, double bound) { return bound > 0 ? is / bound : 0; };
  std::printf("%6lld chats x %2d%s: %.2f s, shortest %.2f s, ratio %.3f; every chat reached after %.2f s, ratio %.3f\n",
              static_cast<long long>(plan.chats), plan.messages, plan.faults ? ", faults" : "", seen.makespan, least,
              ratio(seen.makespan, least), seen.first_round, ratio(seen.first_round, round));
  std::printf(
      "  %zu requests, %.3f a message; 429 %zu, broken rules %zu; chats with loss %zu, doubles %zu, disorder %zu\n",
      seen.sends, static_cast<double>(seen.sends) / static_cast<double>(plan.all()), seen.limited, seen.violations,
      seen.lost, seen.doubled, seen.disordered);
  std::printf("  memory %.1f MB at start, %.1f MB at most; %.2f ms CPU a message\n", idle_memory, memory("VmHWM:"),
              cpu_used * 1000 / static_cast<double>(seen.sends));
}

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  if (argc > 1) plan.chats = std::atoll(argv[1]);
  if (argc > 2) plan.messages = std::atoi(argv[2]);
  plan.faults = argc > 3;
  int to_fake[2], from_fake[2];
  if (::pipe(to_fake) != 0 || ::pipe(from_fake) != 0) return 1;
  auto child = ::fork();
  if (child == 0) play(plan, to_fake[0], from_fake[1]);
  std::string base;
  for (char c = 0; ::read(from_fake[0], &c, 1) == 1 && c != '\n';) base += c;

  store::TemporaryFolder folder;
  SystemClock clock;
  std::vector<std::int64_t> chats(static_cast<std::size_t>(plan.chats));
  std::iota(chats.begin(), chats.end(), 1);
  fanout::Sender sender(clock,
                        {.data_dir = folder.path, .base = base, .token = kToken, .limits_scale = kScale, .quiet = 1s});
  auto idle_memory = memory("VmRSS:");
  auto put = fanout::enqueue(sender.store().outbox(), chats, fanout::invented_messages(plan.messages), clock.now());
  if (!put) return std::fprintf(stderr, "%s\n", put.error().what().c_str()), 1;
  auto before = cpu();
  auto dead = std::count_if(chats.begin(), chats.end(), [&](auto chat) { return plan.dead(chat); });
  sender.run(static_cast<std::size_t>(dead * plan.messages));
  auto used = cpu() - before;
  Report seen;
  if (::write(to_fake[1], "r", 1) != 1 || ::read(from_fake[0], &seen, sizeof seen) != sizeof seen) return 1;
  ::waitpid(child, nullptr, 0);
  print(plan, seen, used, idle_memory);
  return 0;
}
