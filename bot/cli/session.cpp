#include "bot/cli/session.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "bot/app/store_options.hpp"
#include "bot/base/text.hpp"
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

const config::Settings* Session::settings() {
  if (settings_) return &*settings_;
  auto outcome = config::load_found(config_file);
  for (const auto& problem : outcome.problems) std::cerr << config::to_string(problem) << "\n";
  if (!outcome.settings) {
    exit_code = kUsage;
    return nullptr;
  }
  settings_ = std::move(outcome.settings);
  return &*settings_;
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

bool write_output(Session& session, const std::string& file, const std::string& content) {
  if (file.empty() || file == "-") {
    std::cout << content << std::flush;
    if (std::cout) return true;
    session.fail(kFailed, "standard output was closed before everything was written");
    return false;
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << content << std::flush;
  if (out) return true;
  session.fail(kFailed, "cannot write " + file + "; check the folder, its rights and the free space");
  return false;
}

}  // namespace broadsheet::cli
