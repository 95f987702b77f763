// The fake arXiv as a program, for rehearsals by hand: prints its base address, plays until SIGTERM, then says what was
// asked of it and which rules were broken (exit status 1 if any).
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <memory>

#include "bot/base/text.hpp"
#include "bot/cli/clock_option.hpp"
#include "tests/fakes/fake_arxiv.hpp"

using namespace broadsheet;

namespace {

struct Arguments {
  std::string clock, invent;
  std::vector<std::string> files, late, stale, faults;
  std::string categories = "cs.CV,cs.RO";
  std::uint16_t port = 0;
  bool anonymous = false;
};

[[noreturn]] void refuse(const std::string& what) {
  std::cerr << "fake_arxiv_server: " << what << "\n";
  std::exit(2);
}

std::pair<std::string, std::string> split_at(const std::string& text, const std::string& separator) {
  auto at = text.find(separator);
  if (at == std::string::npos) refuse("\"" + text + "\" lacks " + separator);
  return {text.substr(0, at), text.substr(at + separator.size())};
}

Day day_of(const std::string& text) {
  auto day = parse_day(text);
  if (!day) refuse("\"" + text + "\" is not a day");
  return *day;
}

std::vector<Category> categories_of(const std::string& text) {
  std::vector<Category> out;
  for (auto code : text::split(text, ','))
    if (auto category = Category::parse(code)) out.push_back(*category);
  return out;
}

std::vector<fakes::Batch> batches(const Arguments& a) {
  if (!a.invent.empty()) {
    auto [first, last] = split_at(a.invent, "..");
    return fakes::invented_batches(day_of(first), day_of(last), categories_of(a.categories),
                                   arxiv::Calendar::built_in());
  }
  std::vector<fakes::Batch> out;
  for (const auto& file : a.files) {
    auto read = fakes::batches_from(file);
    if (!read) refuse(read.error().what());
    out.insert(out.end(), read->begin(), read->end());
  }
  return out;
}

void script(fakes::FakeArxiv& fake, const Arguments& a) {
  for (const auto& text : a.late) {  // HOURS@DAY
    auto [hours, day] = split_at(text, "@");
    fake.late(day_of(day), std::chrono::minutes(static_cast<int>(std::stod(hours) * 60)));
  }
  for (const auto& text : a.stale) {  // CATEGORY@DAY
    auto [category, day] = split_at(text, "@");
    auto known = Category::parse(category);
    if (!known) refuse("there is no category " + category);
    fake.stale(*known, day_of(day));
  }
  for (const auto& text : a.faults) {  // NAME@SOURCE@FROM..TO
    auto [name, rest] = split_at(text, "@");
    auto [source, span] = split_at(rest, "@");
    auto [from, to] = split_at(span, "..");
    auto fault = fakes::parse_arxiv_fault(name);
    auto where = fakes::parse_arxiv_source(source);
    auto begin = parse_iso(from), end = parse_iso(to);
    if (!fault || !where || !begin || !end) refuse("\"" + text + "\" is not NAME@SOURCE@FROM..TO");
    fake.fault(*where, *fault, *begin, *end);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app("An arXiv on loopback");
  app.add_option("--port", a.port, "0: a free one");
  app.add_option("--clock", a.clock, "As `broadsheet serve --clock`");
  app.add_option("--batch", a.files, "Papers with listing days, in any form that import reads");
  app.add_option("--invent", a.invent, "DAY..DAY: invented papers for every listing day");
  app.add_option("--categories", a.categories, "For --invent");
  app.add_option("--late", a.late, "HOURS@DAY");
  app.add_option("--stale", a.stale, "CATEGORY@DAY: its feed shows the batch before on that day");
  app.add_option("--fault", a.faults, "NAME@SOURCE@FROM..TO; sources feed, site, oai, api, all");
  app.add_flag("--anonymous", a.anonymous, "Accept a User-Agent without a contact");
  CLI11_PARSE(app, argc, argv);
  auto clock = cli::make_clock(a.clock);
  if (!clock) refuse(clock.error().what());
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  fakes::FakeArxiv::Options options;
  options.port = a.port;
  options.require_contact = !a.anonymous;
  fakes::FakeArxiv fake(**clock, batches(a), options);
  script(fake, a);
  std::cout << fake.base() << std::endl;
  int signal = 0;
  sigwait(&stop, &signal);
  for (const auto& [source, count] : fake.requests()) std::cout << source << ": " << count << " requests\n";
  auto violations = fake.violations();
  for (const auto& violation : violations) std::cout << "VIOLATION " << violation << "\n";
  std::cout << violations.size() << " violations" << std::endl;
  return violations.empty() ? 0 : 1;
}
