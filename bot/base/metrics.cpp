#include "bot/base/metrics.hpp"

#include <array>
#include <charconv>

namespace broadsheet {
namespace {

std::string escaped(std::string_view value) {
  std::string out;
  for (char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string rendered(const Metrics::Labels& labels) {
  std::string out;
  for (const auto& [key, value] : labels) out += (out.empty() ? "{" : ",") + key + "=\"" + escaped(value) + "\"";
  return out.empty() ? out : out + "}";
}

std::string number(double value) {
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

}  // namespace

Metrics::Family& Metrics::family(std::string_view name, std::string_view help, std::string_view type) {
  auto found = families_.find(name);
  if (found == families_.end())
    found = families_.emplace(std::string(name), Family{std::string(help), std::string(type), {}}).first;
  return found->second;
}

void Metrics::count(std::string_view name, std::string_view help, const Labels& labels, double by) {
  std::lock_guard lock(mutex_);
  family(name, help, "counter").values[rendered(labels)] += by;
}

void Metrics::gauge(std::string_view name, std::string_view help, double value, const Labels& labels) {
  std::lock_guard lock(mutex_);
  family(name, help, "gauge").values[rendered(labels)] = value;
}

std::string Metrics::text() const {
  std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += "# HELP " + name + " " + family.help + "\n# TYPE " + name + " " + family.type + "\n";
    for (const auto& [labels, value] : family.values) {
      out += name;
      out += labels;
      out += " " + number(value) + "\n";
    }
  }
  return out;
}

}  // namespace broadsheet
