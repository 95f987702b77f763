#include "bot/cli/session.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "bot/app/soundness.hpp"
#include "bot/app/store_options.hpp"
#include "bot/base/text.hpp"
#include "bot/cli/output.hpp"
#include "config/load.hpp"

namespace broadsheet::cli {
namespace {

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
    case ErrorKind::refused:
      return kRefused;
    case ErrorKind::rate_limited:
    case ErrorKind::transient:
    case ErrorKind::unavailable:
      return kUnreachable;
    default:
      return kFailed;
  }
}

}  // namespace

// What is wrong, and the missing secrets of that section; true if anything was printed.
bool Session::print_problems(std::string_view section) {
  bool any = false;
  for (const auto& problem : loaded_->problems) {
    bool counts =
        problem.weight == config::Weight::wrong || (problem.weight == config::Weight::secret && !section.empty() &&
                                                    problem.key.starts_with(std::string(section) + "."));
    if (counts) std::cerr << config::to_string(problem) << "\n";
    any = any || counts;
  }
  if (any) exit_code = kUsage;
  return any;
}

const config::Settings* Session::settings(std::string_view section) {
  if (!loaded_) loaded_ = config::load_found(config_file);
  return print_problems(section) ? nullptr : &*loaded_->settings;
}

const config::Settings* Session::service_settings() {
  loaded_ = app::load_examined(config_file);
  for (const auto& problem : loaded_->problems) std::cerr << config::to_string(problem) << "\n";
  if (loaded_->settings && !loaded_->has(config::Weight::secret)) return &*loaded_->settings;
  exit_code = kUsage;
  return nullptr;
}

const std::vector<config::Problem>& Session::problems() {
  return loaded_->problems;
}

std::unique_ptr<store::Store> Session::open_store(bool read_only, bool repair_later) {
  const auto* s = settings();
  if (s == nullptr) return nullptr;
  auto options = app::store_options(*s);
  options.read_only = read_only;
  options.repair_later = repair_later;
  auto opened = store::open_store(options);
  if (!opened) {
    fail(opened.error());
    return nullptr;
  }
  return std::move(*opened);
}

void Session::fail(const Error& error) {
  fail(status_of(error.kind()), error.what());
}

void Session::fail_to_start(const Error& error) {
  fail(error.kind() == ErrorKind::bad_input ? kUsage : status_of(error.kind()), error.what());
}

void Session::fail(int status, const std::string& sentence) {
  std::cerr << "broadsheet: " << sentence << "\n";
  exit_code = status;
}

Result<std::vector<Category>> parse_categories(const std::vector<std::string>& words) {
  std::vector<Category> out;
  for (const auto& word : words)
    for (auto part : text::split(word, ',')) {
      if (text::trim(part).empty()) continue;
      auto found = parse_category_words(text::trim(part));
      if (found.empty()) {
        auto near = text::join(suggest_categories(part), ", ");
        return Error(ErrorKind::bad_input, "there is no category \"" + text::ellipsize(part, 40) + "\"" +
                                               (near.empty() ? "" : "; near: " + near));
      }
      for (const auto& category : found)
        if (std::find(out.begin(), out.end(), category) == out.end()) out.push_back(category);
    }
  return out;
}

Result<std::optional<Day>> parse_date(const std::string& word, Moment now, const Zone& zone) {
  if (word.empty() || word == "latest") return std::optional<Day>();
  if (word == "today") return std::optional<Day>(zone.local_day(now));
  if (word == "yesterday") return std::optional<Day>(zone.local_day(now) - std::chrono::days(1));
  if (auto day = parse_day(word)) return day;
  return Error(ErrorKind::bad_input,
               "\"" + text::ellipsize(word, 40) + "\" is not a date; write 2025-12-19, today, yesterday or latest");
}

bool write_output(Session& session, const std::string& file, const std::string& content, unsigned rights) {
  if (file.empty() || file == "-") {
    std::cout << content << std::flush;
    return true;  // run() says whether it arrived
  }
  auto done = write_file(file, content, rights);
  if (!done) session.fail(kFailed, done.error().what());
  return done.has_value();
}

}  // namespace broadsheet::cli
