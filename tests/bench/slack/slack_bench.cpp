// Signed `/arxiv paper ID` over loopback, answered from the store, beside a bare Beast server that checks the same
// signature, splits the same form and has the same answers ready, in one run (goals: rate at least 0.7 of it, CPU at
// most 1.4 times; p99 10 ms at 64 connections). Papers in turn: the hot ones of a day (1, 1,000), or more than are
// remembered as rendered (5,000: each is read, written and rendered anew).
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <map>

#include "tests/bench/slack/bare.hpp"
#include "tests/bench/slack/ours.hpp"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using broadsheet::async::nothrow;
using broadsheet::bench::Bare;
using broadsheet::bench::Ours;

constexpr int kTimes = 50;
constexpr std::size_t kLongest = 4096;  // of an answer

// What all threads of the process, or this one of it, used so far, in seconds.
double cpu_of(clockid_t id) {
  timespec t{};
  if (clock_gettime(id, &t) != 0) return 0;
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// Both sides have a processor of their own, the first and the last: what they cost would depend on their neighbour.
void pin(pthread_t thread, unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  pthread_setaffinity_np(thread, sizeof set, &set);
}

double megabytes_resident() {
  std::ifstream in("/proc/self/status");
  for (std::string word; in >> word;)
    if (double kb = 0; word == "VmRSS:" && in >> kb) return kb / 1024;
  return 0;
}

// ---- The caller, the same for both

struct Caller {
  explicit Caller(std::uint16_t port, std::int64_t connections, std::vector<std::string> questions)
      : commands(std::move(questions)) {
    for (std::int64_t i = 0; i < connections; ++i) {
      auto& socket = sockets.emplace_back(context);
      socket.connect({asio::ip::address_v4::loopback(), port});
      socket.set_option(tcp::no_delay(true));
    }
  }
  asio::awaitable<void> ask(tcp::socket& socket) {
    std::string got(kLongest, ' ');
    for (int i = 0; i < kTimes; ++i) {
      auto begun = std::chrono::steady_clock::now();
      co_await asio::async_write(socket, asio::buffer(commands[next++ % commands.size()]), nothrow);
      co_await read(socket, got);
      took.push_back(std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - begun).count());
    }
  }
  // One answer; its length is told in its head.
  static asio::awaitable<void> read(tcp::socket& socket, std::string& got) {
    std::size_t size = 0, whole = got.size();
    while (size < whole) {
      auto [ec, n] = co_await socket.async_read_some(asio::buffer(got.data() + size, got.size() - size), nothrow);
      if (ec) std::abort();
      size += n;
      if (whole != got.size()) continue;
      std::string_view seen(got.data(), size);
      auto end = seen.find("\r\n\r\n"), length = seen.find("Content-Length: ");
      if (end != std::string_view::npos && length != std::string_view::npos)
        whole = end + 4 + static_cast<std::size_t>(std::atoi(seen.data() + length + 16));
    }
  }
  std::string answer_to(std::size_t command) {
    std::string got(kLongest, ' ');
    asio::write(sockets[0], asio::buffer(commands[command]));
    auto size = sockets[0].read_some(asio::buffer(got));
    return got.substr(0, size);
  }
  void once() {
    for (auto& socket : sockets) asio::co_spawn(context, ask(socket), asio::detached);
    context.restart();
    context.run();
  }

  asio::io_context context{1};
  std::vector<tcp::socket> sockets;
  std::vector<std::string> commands;
  std::size_t next = 0;
  std::vector<float> took;  // milliseconds
};

// What we answer.
Bare::Answers our_answers(int papers) {
  Ours server(papers);
  Caller caller(server.port(), 1, broadsheet::bench::paper_commands(papers));
  Bare::Answers out;
  for (int n = 1; n <= papers; ++n) {
    auto answer = caller.answer_to(static_cast<std::size_t>(n) - 1);
    out["paper " + broadsheet::bench::paper_id(n)] = answer.substr(answer.find("\r\n\r\n") + 4);
  }
  return out;
}

template <class ServerUnderTest>
ServerUnderTest make(int papers);
template <>
Ours make(int papers) {
  return Ours(papers);
}
template <>
Bare make(int papers) {
  static std::map<int, Bare::Answers> known;  // of the runs before
  auto& answers = known[papers];
  if (answers.empty()) answers = our_answers(papers);
  return Bare(answers);
}

template <class ServerUnderTest>
void PaperCommand(benchmark::State& state) {
  auto papers = static_cast<int>(state.range(1));
  malloc_trim(0);  // of earlier runs
  auto before = megabytes_resident();
  auto server = make<ServerUnderTest>(papers);
  pin(server.thread().native_handle(), 0);
  pin(pthread_self(), std::thread::hardware_concurrency() - 1);
  Caller caller(server.port(), state.range(0), broadsheet::bench::paper_commands(papers));
  auto first = caller.answer_to(0);
  if (!first.starts_with("HTTP/1.1 200") || first.find("2601.00001") == std::string::npos)
    state.SkipWithError("the command was not answered");
  if (papers <= 1000) caller.once();  // what is asked again and again was asked before
  caller.took.clear();
  clockid_t caller_clock{}, all = CLOCK_PROCESS_CPUTIME_ID;
  pthread_getcpuclockid(pthread_self(), &caller_clock);
  auto cpu = cpu_of(all) - cpu_of(caller_clock);
  for (auto _ : state) caller.once();
  cpu = cpu_of(all) - cpu_of(caller_clock) - cpu;  // of the server's threads together
  auto& took = caller.took;
  auto p99 = took.begin() + static_cast<std::ptrdiff_t>(took.size() * 99 / 100);
  std::nth_element(took.begin(), p99, took.end());
  auto answers = took.size();
  state.counters["p99_ms"] = *p99;
  state.counters["server_us"] = cpu * 1e6 / static_cast<double>(answers);
  std::vector<float>().swap(took);
  state.counters["grown_mb"] = megabytes_resident() - before;  // of both sides
  state.counters["answer_bytes"] = static_cast<double>(first.size());
  state.SetItemsProcessed(static_cast<std::int64_t>(answers));
}
BENCHMARK(PaperCommand<Bare>)
    ->Args({64, 1})
    ->Args({64, 1000})
    ->Args({1000, 1})
    ->Args({1000, 1000})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(PaperCommand<Ours>)
    ->Args({64, 1})
    ->Args({64, 1000})
    ->Args({64, 5000})
    ->Args({1000, 1})
    ->Args({1000, 1000})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
