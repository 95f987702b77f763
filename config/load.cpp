#include "config/load.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bot/base/text.hpp"
#include "config/schema.hpp"

namespace broadsheet::config {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;

std::string_view type_name(Type type) {
  switch (type) {
    case Type::text:
      return "a string";
    case Type::secret:
      return "a string: \"env:NAME\" or \"file:PATH\"";
    case Type::integer:
      return "a whole number";
    case Type::boolean:
      return "true or false";
    case Type::duration:
      return "a duration such as \"3s\"";
    case Type::list:
    case Type::secret_list:
      return "a list of strings";
  }
  return "something else";
}

class Loader {
 public:
  Loader(std::string file, const Environment& environment) : file_(std::move(file)), environment_(environment) {}

  LoadOutcome run(const toml::table& root) {
    for (const auto& [name, node] : root) {
      std::string section(name.str());
      if (section == "subscription")
        subscriptions(node);
      else if (const auto* table = node.as_table(); table != nullptr && known_section(section))
        read_section(section, *table);
      else
        unknown(node, section, section_names());
    }
    cross_checks();
    LoadOutcome out;
    out.problems = std::move(problems_);
    if (out.problems.empty()) out.settings = std::move(settings_);
    return out;
  }

 private:
  static std::vector<std::string> section_names() {
    std::vector<std::string> out{"subscription"};
    for (const auto& field : fields())
      if (std::find(out.begin(), out.end(), field.section) == out.end()) out.emplace_back(field.section);
    return out;
  }

  static bool known_section(const std::string& name) {
    auto names = section_names();
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  void problem(const toml::node& node, const std::string& key, const std::string& what) {
    auto at = node.source().begin;
    problems_.push_back({file_, at.line, at.column, key, what});
  }

  void unknown(const toml::node& node, const std::string& key, const std::vector<std::string>& known) {
    auto dot = key.rfind('.');
    auto near = text::nearest(dot == std::string::npos ? key : key.substr(dot + 1), known, 3);
    problem(node, key, near.empty() ? "unknown key" : "unknown key; did you mean \"" + near + "\"?");
  }

  void read_section(const std::string& section, const toml::table& table) {
    for (const auto& [name, node] : table) {
      std::vector<std::string> known;
      const Field* found = nullptr;
      for (const auto& field : fields()) {
        if (field.section != section) continue;
        known.emplace_back(field.key);
        if (field.key == name.str()) found = &field;
      }
      auto key = section + "." + std::string(name.str());
      if (found == nullptr) {
        unknown(node, key, known);
        continue;
      }
      auto value = read_value(node, key, found->type);
      if (!value) continue;
      if (auto wrong = found->set(settings_, *value)) problem(node, key, *wrong);
    }
  }

  void subscriptions(const toml::node& node) {
    const auto* list = node.as_array();
    if (list == nullptr) return problem(node, "subscription", "write [[subscription]] once for each target");
    std::size_t n = 0;
    for (const auto& item : *list) {
      auto prefix = "subscription[" + std::to_string(++n) + "]";
      const auto* table = item.as_table();
      if (table == nullptr) {
        problem(item, prefix, "write [[subscription]] once for each target");
        continue;
      }
      read_subscription(prefix, *table);
    }
  }

  void read_subscription(const std::string& prefix, const toml::table& table) {
    Subscription subscription;
    subscription.time_zone = settings_.service.time_zone;
    for (const auto& [name, node] : table) {
      std::vector<std::string> known;
      const SubscriptionField* found = nullptr;
      for (const auto& field : subscription_fields()) {
        known.emplace_back(field.key);
        if (field.key == name.str()) found = &field;
      }
      auto key = prefix + "." + std::string(name.str());
      if (found == nullptr) {
        unknown(node, key, known);
        continue;
      }
      auto value = read_value(node, key, found->type);
      if (!value) continue;
      if (auto wrong = found->set(subscription, *value)) problem(node, key, *wrong);
    }
    if (!table.contains("target")) problem(table, prefix, "needs a target");
    if (!table.contains("categories")) problem(table, prefix, "needs categories");
    settings_.subscriptions.push_back(std::move(subscription));
  }

  std::optional<Value> read_value(const toml::node& node, const std::string& key, Type type) {
    bool fits = false;
    std::optional<Value> value;
    switch (type) {
      case Type::integer:
        if (auto n = node.value_exact<std::int64_t>()) fits = true, value = Value(*n);
        break;
      case Type::boolean:
        if (auto b = node.value_exact<bool>()) fits = true, value = Value(*b);
        break;
      case Type::list:
      case Type::secret_list:
        if (const auto* list = node.as_array()) return read_list(*list, key, type);
        break;
      default:
        if (auto s = node.value_exact<std::string>()) {
          fits = true;
          if (auto resolved = resolve(node, key, *s, type == Type::secret)) value = Value(*resolved);
        }
        break;
    }
    if (!fits) problem(node, key, "must be " + std::string(type_name(type)));
    return value;
  }

  std::optional<Value> read_list(const toml::array& list, const std::string& key, Type type) {
    std::vector<std::string> out;
    for (const auto& item : list) {
      auto s = item.value_exact<std::string>();
      if (!s) {
        problem(item, key, "must be a list of strings");
        return std::nullopt;
      }
      auto resolved = resolve(item, key, *s, type == Type::secret_list);
      if (!resolved) return std::nullopt;
      out.push_back(*resolved);
    }
    return Value(out);
  }

  // "env:NAME", "file:PATH" or the text itself; a secret must not stand in the file.
  std::optional<std::string> resolve(const toml::node& node, const std::string& key, const std::string& s,
                                     bool secret) {
    if (s.starts_with("env:")) {
      if (auto value = environment_.variable(s.substr(4))) return value;
      problem(node, key, "the environment variable " + s.substr(4) + " is not set");
      return std::nullopt;
    }
    if (s.starts_with("file:")) {
      auto value = environment_.secret_file(s.substr(5));
      if (value) return *value;
      problem(node, key, value.error().what());
      return std::nullopt;
    }
    if (secret && !s.empty()) {
      problem(node, key, "a secret must not stand in the file; write \"env:NAME\" or \"file:PATH\"");
      return std::nullopt;
    }
    return s;
  }

  void whole(const std::string& key, const std::string& what) { problems_.push_back({file_, 0, 0, key, what}); }

  void cross_checks() {
    polite_interval();
    if (settings_.telegram.mode == "webhook" && settings_.service.public_url.empty() &&
        !settings_.telegram.token.empty())
      whole("telegram.mode", "webhook needs service.public_url");
    if (settings_.slack.mode == "http" && !settings_.slack.bot_token.empty() && settings_.slack.signing_secrets.empty())
      whole("slack.signing_secrets", "http mode needs at least one");
    if (settings_.writer.kind == "openai")
      whole("writer.kind", "no model can be asked yet; write kind = \"extractive\"");
    for (std::size_t i = 0; i < settings_.subscriptions.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (settings_.subscriptions[i].target == settings_.subscriptions[j].target &&
            settings_.subscriptions[i].categories == settings_.subscriptions[j].categories)
          whole("subscription[" + std::to_string(i + 1) + "]",
                "the same target and categories as subscription[" + std::to_string(j + 1) + "]");
  }

  // contracts: arXiv 4: one request every three seconds.
  void polite_interval() {
    if (settings_.arxiv.min_interval >= std::chrono::seconds(3)) return;
    for (const auto& url :
         {settings_.arxiv.feed_url, settings_.arxiv.api_url, settings_.arxiv.oai_url, settings_.arxiv.site_url})
      if (!is_loopback_url(url))
        return whole("arxiv.min_interval", "below 3s is allowed only when every arXiv address is a loopback address");
  }

  std::string file_;
  const Environment& environment_;
  Settings settings_;
  std::vector<Problem> problems_;
};

Result<std::string> read_secret_file(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return Error(ErrorKind::not_found, "the file " + path + " cannot be read");
  if ((status.st_mode & 077) != 0)
    return Error(ErrorKind::not_allowed, "the file " + path + " may be read by others; run: chmod 600 " + path);
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  auto value = out.str();
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  return value;
}

LoadOutcome one_problem(const std::string& file, unsigned line, unsigned column, std::string what) {
  LoadOutcome out;
  out.problems.push_back({file, line, column, "", std::move(what)});
  return out;
}

}  // namespace

std::string to_string(const Problem& p) {
  std::string out = p.file;
  if (p.line != 0) out += ":" + std::to_string(p.line) + ":" + std::to_string(p.column);
  return out + ": " + (p.key.empty() ? "" : p.key + ": ") + p.what;
}

Environment Environment::system() {
  return {[](const std::string& name) -> std::optional<std::string> {
            const char* value =
                std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): read at start and on reload only
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
          },
          read_secret_file};
}

LoadOutcome load_text(std::string_view text, const std::string& file, const Environment& environment) {
  if (text.size() > kLargest) return one_problem(file, 0, 0, "larger than 1 MiB");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  try {
    auto root = toml::parse(text, file);
    return Loader(file, environment).run(root);
  } catch (const toml::parse_error& e) {
    return one_problem(file, e.source().begin.line, e.source().begin.column, std::string(e.description()));
  }
}

LoadOutcome load_file(const std::string& file, const Environment& environment) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return one_problem(file, 0, 0, "cannot be read; check the name and its rights");
  std::ostringstream out;
  out << in.rdbuf();
  return load_text(out.str(), file, environment);
}

LoadOutcome load_found(const std::string& named) {
  auto environment = Environment::system();
  if (!named.empty()) return load_file(named, environment);
  std::error_code ignored;
  for (const char* candidate : {"broadsheet.toml", "/etc/broadsheet/broadsheet.toml"})
    if (std::filesystem::exists(candidate, ignored)) return load_file(candidate, environment);
  LoadOutcome out;
  out.settings = Settings{};
  return out;
}

}  // namespace broadsheet::config
