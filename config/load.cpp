#include "config/load.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bot/base/text.hpp"
#include "bot/model/option_table.hpp"
#include "config/password.hpp"
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
    case Type::words:
      return "a list of strings, or one";
  }
  return "something else";
}

// As problems name it: counted from one.
std::string subscription_key(std::size_t index) {
  return "subscription[" + std::to_string(index + 1) + "]";
}

class Loader {
 public:
  Loader(std::string file, const Environment& environment) : environment_(environment) { out_.file = std::move(file); }

  LoadOutcome run(const toml::table& root) {
    for (const auto& [name, node] : root) {
      std::string section(name.str());
      found_at(node, section);
      if (section == "subscription")
        subscriptions(node);
      else if (const auto* table = node.as_table(); table != nullptr && known_section(section))
        read_section(section, *table);
      else
        unknown(node, section, section_names());
    }
    cross_checks();
    if (!out_.has(Weight::wrong)) out_.settings = std::move(settings_);
    return std::move(out_);
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

  void found_at(const toml::node& node, const std::string& key) {
    auto at = node.source().begin;
    out_.where[key] = {at.line, at.column};
  }

  void problem(const toml::node& node, const std::string& key, const std::string& what, Weight weight = Weight::wrong) {
    auto at = node.source().begin;
    out_.problems.push_back({out_.file, at.line, at.column, key, what, weight});
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
      found_at(node, key);
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
      auto prefix = subscription_key(n++);
      const auto* table = item.as_table();
      if (table == nullptr) {
        problem(item, prefix, "write [[subscription]] once for each target");
        continue;
      }
      read_subscription(prefix, *table);
    }
  }

  void read_subscription(const std::string& prefix, const toml::table& table) {
    model::Subscription subscription;
    found_at(table, prefix);
    for (const auto& [name, node] : table) {
      std::vector<std::string> known;
      const SubscriptionField* found = nullptr;
      for (const auto& field : subscription_fields()) {
        known.emplace_back(field.key);
        if (field.key == name.str()) found = &field;
      }
      auto key = prefix + "." + std::string(name.str());
      found_at(node, key);
      if (found == nullptr) {
        const auto* row = model::find_option_row(name.str());
        if (row != nullptr)
          problem(node, key, "unknown key; here it is \"" + std::string(row->configured) + "\"");
        else
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
      case Type::words:
        if (auto s = node.value_exact<std::string>()) {
          fits = true, value = Value(std::vector{*s});
          break;
        }
        [[fallthrough]];
      case Type::list:
      case Type::secret_list:
        if (const auto* list = node.as_array()) return read_list(*list, key, type);
        break;
      default:
        if (auto s = node.value_exact<std::string>()) {
          fits = true;
          if (auto resolved = resolve(node, key, *s, type == Type::secret || without_passwords(*s) != *s))
            value = Value(*resolved);
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

  // Of "env:NAME" or "file:PATH". A secret that is empty, or that no header could carry, is none.
  Result<std::string> from_outside(const std::string& s, bool secret) const {
    bool variable = s.starts_with("env:");
    auto name = s.substr(variable ? 4 : 5);
    auto what = (variable ? "the environment variable " : "the file ") + name;
    std::string value;
    if (variable) {
      auto found = environment_.variable(name);
      if (!found) return Error(ErrorKind::not_found, what + " is not set; set it, or take this line out");
      value = std::move(*found);
    } else {
      auto found = environment_.secret_file(name);
      if (!found) return found;
      value = std::move(*found);
    }
    if (!secret) return value;
    if (text::trim(value).empty())
      return Error(ErrorKind::not_found, what + " is empty; fill it, or take this line out");
    bool broken = std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (broken) return Error(ErrorKind::bad_input, what + " holds a line break or another control character");
    return value;
  }

  // "env:NAME", "file:PATH" or the text itself; a secret must not stand in the file.
  std::optional<std::string> resolve(const toml::node& node, const std::string& key, const std::string& s,
                                     bool secret) {
    if (s.starts_with("env:") || s.starts_with("file:")) {
      auto value = from_outside(s, secret);
      if (!value) problem(node, key, value.error().what(), secret ? Weight::secret : Weight::wrong);
      return value ? std::optional(std::move(*value)) : std::nullopt;
    }
    if (secret && !s.empty()) {
      problem(node, key, "a secret must not stand in the file; write \"env:NAME\" or \"file:PATH\"");
      return std::nullopt;
    }
    return s;
  }

  void whole(const std::string& key, const std::string& what) { out_.add(key, what, Weight::wrong); }

  void cross_checks() {
    polite_interval();
    if (settings_.telegram.mode == "webhook" && settings_.service.public_url.empty() &&
        !settings_.telegram.token.empty())
      whole("telegram.mode", "webhook needs service.public_url");
    if (settings_.slack.mode == "http" && !settings_.slack.bot_token.empty() && settings_.slack.signing_secrets.empty())
      whole("slack.signing_secrets", "http mode needs at least one");
    if (settings_.writer.kind == "openai" && settings_.writer.base_url.empty())
      whole("writer.base_url", "kind = \"openai\" needs the endpoint's address, for example http://127.0.0.1:11434/v1");
    if (settings_.writer.kind == "openai" && settings_.writer.model.empty())
      whole("writer.model", "kind = \"openai\" needs the name of a model");
    languages();
    repeated_subscriptions();
  }

  void languages() {
    if (settings_.writer.kind != "extractive") return;
    constexpr std::string_view kOnly = "the extractive writer writes English; write language = \"en\"";
    if (settings_.digest.language != "en") whole("digest.language", std::string(kOnly));
    for (std::size_t i = 0; i < settings_.subscriptions.size(); ++i)
      if (settings_.subscriptions[i].options.language.value_or("en") != "en")
        whole(subscription_key(i) + ".language", std::string(kOnly));
  }

  void repeated_subscriptions() {
    const auto& all = settings_.subscriptions;
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (!all[i].target.platform.empty() && all[i].target == all[j].target && all[i].categories == all[j].categories)
          whole(subscription_key(i), "the same target and categories as " + subscription_key(j));
  }

  // contracts: arXiv 4: one request every three seconds.
  void polite_interval() {
    if (settings_.arxiv.min_interval >= std::chrono::seconds(3)) return;
    for (const auto& url :
         {settings_.arxiv.feed_url, settings_.arxiv.api_url, settings_.arxiv.oai_url, settings_.arxiv.site_url})
      if (!is_loopback_url(url))
        return whole("arxiv.min_interval", "below 3s is allowed only when every arXiv address is a loopback address");
  }

  const Environment& environment_;
  Settings settings_;
  LoadOutcome out_;
};

// An error says why nothing can be read.
Result<std::string> content_of(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) return Error(ErrorKind::bad_input, "is a folder; name a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(ErrorKind::not_found, "cannot be read; check the name and its rights");
  std::string out(kLargest + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad()) return Error(ErrorKind::unavailable, "cannot be read; check the disk");
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

Result<std::string> read_secret_file(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return Error(ErrorKind::not_found, "the file " + path + " cannot be read; check the name and its rights");
  if (!S_ISDIR(status.st_mode) && (status.st_mode & 077) != 0)
    return Error(ErrorKind::not_allowed, "the file " + path + " may be read by others; run: chmod 600 " + path);
  auto value = content_of(path);
  if (!value) return Error(value.error().kind(), "the file " + path + " " + value.error().what());
  while (value->ends_with('\n') || value->ends_with('\r')) value->pop_back();
  return value;
}

LoadOutcome one_problem(const std::string& file, unsigned line, unsigned column, std::string what) {
  LoadOutcome out;
  out.file = file;
  out.problems.push_back({file, line, column, "", std::move(what)});
  return out;
}

}  // namespace

std::string to_string(const Problem& p) {
  std::string out = p.file.empty() ? "configuration" : p.file;
  if (p.line != 0) out += ":" + std::to_string(p.line) + ":" + std::to_string(p.column);
  return out + ": " + (p.key.empty() ? "" : p.key + ": ") + p.what;
}

void LoadOutcome::add(const std::string& key, std::string what, Weight weight) {
  auto at = where.find(key);
  for (auto name = key; at == where.end() && name.find('.') != std::string::npos;) {
    name.erase(name.rfind('.'));
    at = where.find(name);
  }
  auto place = at == where.end() ? Place() : at->second;
  problems.push_back({file, place.line, place.column, key, std::move(what), weight});
  if (weight == Weight::wrong) settings.reset();
}

bool LoadOutcome::has(Weight weight) const {
  return std::any_of(problems.begin(), problems.end(), [weight](const Problem& p) { return p.weight == weight; });
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
  auto text = content_of(file);
  if (!text) return one_problem(file, 0, 0, text.error().what());
  return load_text(*text, file, environment);
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
