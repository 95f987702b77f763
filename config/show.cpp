#include "config/show.hpp"

#include <nlohmann/json.hpp>

#include "bot/model/option_table.hpp"
#include "config/schema.hpp"

namespace broadsheet::config {
namespace {

nlohmann::ordered_json type_schema(Type type) {
  switch (type) {
    case Type::integer:
      return {{"type", "integer"}};
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::list:
    case Type::secret_list:
      return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case Type::secret:
      return {{"type", "string"}, {"pattern", "^(env:|file:|$)"}};
    case Type::duration:
      return {{"type", "string"}, {"pattern", "^[0-9.]+(ms|s|m|h)$"}};
    case Type::words:
      return {{"anyOf", {type_schema(Type::text), type_schema(Type::list)}}};
    case Type::text:
      return {{"type", "string"}};
  }
  return {};
}

std::string kind(Type type) {
  switch (type) {
    case Type::integer:
      return "number";
    case Type::boolean:
      return "true or false";
    case Type::list:
    case Type::words:
      return "list";
    case Type::secret:
      return "secret";
    case Type::secret_list:
      return "list of secrets";
    case Type::duration:
      return "duration";
    case Type::text:
      return "text";
  }
  return {};
}

std::string table_row(std::string_view key, Type type, const std::string& value, std::string_view help) {
  std::string cell;
  for (char c : help)
    if (c != '\\') cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return "| `" + std::string(key) + "` | " + kind(type) + " | `" + value + "` | " + cell + " |\n";
}

// One that says what would hold anyway.
model::Subscription usual_subscription() {
  model::Subscription out;
  out.options = model::options_of({});
  return out;
}

constexpr std::string_view kTableHead = "| key | kind | default | meaning |\n|---|---|---|---|\n";

}  // namespace

std::string reference() {
  Settings defaults;
  std::string out =
      "# Configuration\n\nMade by `broadsheet config reference`; do not edit.\n\nOne TOML file. `broadsheet config "
      "example` writes it with every default, `broadsheet config check` names\nwhat is wrong with it, `broadsheet "
      "config "
      "schema` is its JSON Schema. Any text may be `\"env:NAME\"` or\n`\"file:PATH\"`; secrets must be. A duration is "
      "a "
      "number with `ms`, `s`, `m` or `h`.\n";
  std::string_view section;
  for (const auto& field : fields()) {
    if (field.section != section) {
      section = field.section;
      out += "\n## [" + std::string(section) + "]\n\n" + std::string(kTableHead);
    }
    out += table_row(field.key, field.type, field.show(defaults), field.help);
  }
  out +=
      "\n## [[subscription]]\n\nOnce for each place that gets a digest; `target` and `categories` must be given.\n\n" +
      std::string(kTableHead);
  for (const auto& field : subscription_fields())
    out += table_row(field.key, field.type, field.show(usual_subscription()), field.help);
  return out;
}

std::string example() {
  Settings defaults;
  std::string out =
      "# Broadsheet. Every key with its default; delete what you do not change.\n# Any string may be \"env:NAME\" or "
      "\"file:PATH\"; secrets must be.\n";
  std::string_view section;
  for (const auto& field : fields()) {
    if (field.section != section) {
      section = field.section;
      out += "\n[" + std::string(section) + "]\n";
    }
    auto line = std::string(field.key) + " = " + field.show(defaults);
    if (line.size() < 40) line.append(40 - line.size(), ' ');
    std::string help(field.help);
    std::erase(help, '\\');
    out += line + " # " + help + "\n";
  }
  out += "\n# Once for each place that gets a digest:\n# [[subscription]]\n";
  auto subscription = usual_subscription();
  subscription.target = model::Target{"preview", {}, "team", {}};
  subscription.categories = {*Category::parse("cs.CV")};
  subscription.options.time_zone = "Europe/Berlin";
  for (const auto& field : subscription_fields()) {
    auto line = "# " + std::string(field.key) + " = " + field.show(subscription);
    if (line.size() < 40) line.append(40 - line.size(), ' ');
    out += line + " # " + std::string(field.help) + "\n";
  }
  return out;
}

std::string json_schema() {
  nlohmann::ordered_json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                             {"title", "Broadsheet configuration"},
                             {"type", "object"},
                             {"additionalProperties", false}};
  for (const auto& field : fields()) {
    auto& section = out["properties"][std::string(field.section)];
    section["type"] = "object";
    section["additionalProperties"] = false;
    auto schema = type_schema(field.type);
    schema["description"] = std::string(field.help);
    section["properties"][std::string(field.key)] = schema;
  }
  auto& items = out["properties"]["subscription"];
  items["type"] = "array";
  items["items"] = {{"type", "object"}, {"additionalProperties", false}, {"required", {"target", "categories"}}};
  for (const auto& field : subscription_fields()) {
    auto schema = type_schema(field.type);
    schema["description"] = std::string(field.help);
    items["items"]["properties"][std::string(field.key)] = schema;
  }
  return out.dump(2);
}

std::string show(const model::Subscription& subscription) {
  std::string out = "\n[[subscription]]\n";
  for (const auto& field : subscription_fields())
    if (auto value = field.show(subscription); !value.empty()) out += std::string(field.key) + " = " + value + "\n";
  return out;
}

std::string show(const Settings& settings, bool effective) {
  Settings defaults;
  std::string out;
  std::string_view section;
  for (const auto& field : fields()) {
    auto value = field.show(settings);
    if (!effective && value == field.show(defaults)) continue;
    if (field.section != section) {
      section = field.section;
      out += (out.empty() ? "[" : "\n[") + std::string(section) + "]\n";
    }
    out += std::string(field.key) + " = " + value + "\n";
  }
  for (const auto& subscription : settings.subscriptions) out += show(subscription);
  if (out.empty()) out = "# Nothing differs from the defaults; --effective shows them.\n";
  return out;
}

}  // namespace broadsheet::config
