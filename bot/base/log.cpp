#include "bot/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>

namespace broadsheet::log {
namespace {

std::atomic<Format> g_format{Format::text};  // NOLINT: set once by configure(), read by every thread

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("broadsheet", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_level(spdlog::level::warn);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

// A JSON string body: quotes, backslashes and control characters escaped, so that no value can forge a line or a field.
std::string escaped(std::string_view s) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (char c : s) {
    auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (u < 0x20 || u == 0x7F) {
      out += "\\u00";
      out += kHex[u >> 4];
      out += kHex[u & 15];
    } else {
      out += c;
    }
  }
  return out;
}

bool is_plain(std::string_view s) {
  if (s.empty()) return false;
  for (char c : s) {
    auto u = static_cast<unsigned char>(c);
    if (u <= 0x20 || c == '"' || c == '=' || c == '\\' || u == 0x7F) return false;
  }
  return true;
}

}  // namespace

void configure(Level level, Format format) {
  g_format = format;
  logger().set_level(level_of(level));
  if (format == Format::json) logger().set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  auto& out = logger();
  if (!out.should_log(level_of(level))) return;
  std::string line;
  if (g_format == Format::json) {
    line = "\"event\":\"" + escaped(event) + "\"";
    for (const auto& f : fields) line += ",\"" + escaped(f.key) + "\":\"" + escaped(f.value) + "\"";
  } else {
    line = std::string(event);
    for (const auto& f : fields) {
      line += " " + std::string(f.key) + "=";
      line += is_plain(f.value) ? f.value : "\"" + escaped(f.value) + "\"";
    }
  }
  out.log(level_of(level), line);
}

}  // namespace broadsheet::log
